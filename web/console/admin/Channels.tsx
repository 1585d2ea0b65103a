// Bots of the messengers: made known by their token, with the health of their webhooks.

import { useEffect, useState } from "preact/hooks";
import * as server from "../server/administration.ts";
import type { Bot } from "../server/administration.ts";
import { Icon } from "../parts/Icon.tsx";
import { useRefusal } from "../parts/refusal.ts";
import { Verdict } from "../parts/Submit.tsx";
import { moment, named, t } from "../state/words.ts";

export function Channels({ org }: { org: string }) {
  const [bots, setBots] = useState<readonly Bot[] | null>(null);
  const refused = useRefusal();
  const read = () => refused.during(async () => setBots(await server.bots(org)));
  useEffect(() => {
    void read();
  }, [org]);
  const put = (changed: Bot) => setBots((known) => known?.map((bot) => (bot.channel === changed.channel ? changed : bot)) ?? null);
  return (
    <>
      <Verdict refused={refused} />
      {!bots && refused.busy && <p role="status">{t("reading")}</p>}
      {bots?.map((bot) => <BotCard key={bot.channel} org={org} bot={bot} changed={put} forgotten={read} />)}
    </>
  );
}

interface Props {
  org: string;
  bot: Bot;
  changed: (bot: Bot) => void;
  forgotten: () => unknown;
}

function BotCard({ org, bot, changed, forgotten }: Props) {
  const [token, setToken] = useState("");
  const [leaving, setLeaving] = useState(false);
  const refused = useRefusal();
  const register = async (event: Event) => {
    event.preventDefault();
    const given = token;
    // The field does not keep a secret longer than it is needed.
    setToken("");
    await refused.during(async () => changed(await server.registerBot(org, bot.channel, given)));
  };
  const forget = () => refused.during(async () => {
    await server.forgetBot(org, bot.channel);
    setLeaving(false);
    await forgotten();
  });
  return (
    <section>
      <h2><Icon name={bot.channel} /> {named("channel", bot.channel)}</h2>
      <p><span class={bot.state === "closed" ? "mark late" : "mark"}>{t(`bot_${bot.state}`)}</span></p>
      {bot.bot && <p>{bot.bot.name}{bot.bot.username && <span class="soft"> @{bot.bot.username}</span>}</p>}
      {bot.changed_by && bot.changed_at && <p class="soft">{t("bot_changed", { name: bot.changed_by.name, at: moment(bot.changed_at) })}</p>}
      {bot.webhook && <Health webhook={bot.webhook} />}
      <Verdict refused={refused} />
      <form class="fields" onSubmit={register}>
        <label>
          {t("bot_token")} <span class="soft">{t("bot_token_hint")}</span>
          <input type="password" autocomplete="off" required value={token} onInput={(event) => setToken(event.currentTarget.value)} />
        </label>
        <p class="line">
          <button type="submit" class="main-button" disabled={refused.busy}>{t(bot.state === "managed" ? "bot_replace" : "bot_register")}</button>
          {bot.state !== "closed" && (
            <button type="button" class="plain" disabled={refused.busy} onClick={() => refused.during(async () => changed(await server.checkBot(org, bot.channel)))}>
              {t("bot_check")}
            </button>
          )}
          {bot.state === "managed" && !leaving && <button type="button" class="plain" onClick={() => setLeaving(true)}>{t("bot_forget")}</button>}
          {leaving && <button type="button" class="plain" disabled={refused.busy} onClick={forget}>{t("bot_forget_sure")}</button>}
        </p>
      </form>
    </section>
  );
}

function Health({ webhook }: { webhook: NonNullable<Bot["webhook"]> }) {
  return (
    <div class={webhook.healthy ? "health" : "health alarm"}>
      <p><Icon name={webhook.healthy ? "done" : "alarm"} size={16} /> {t(webhook.healthy ? "webhook_healthy" : "webhook_ill")}</p>
      {webhook.url && <p class="soft address">{webhook.url}</p>}
      {webhook.pending !== null && <p>{t("webhook_pending", { count: webhook.pending })}</p>}
      {webhook.last_error && (
        <p>{t("webhook_error", { error: webhook.last_error })}{webhook.last_error_at && ` · ${moment(webhook.last_error_at)}`}</p>
      )}
    </div>
  );
}
