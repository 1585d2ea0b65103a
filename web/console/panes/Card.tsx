// The card of the person: who it is and how that was proven, the conversation's facts, acts, notes, earlier conversations.

import { useEffect, useState } from "preact/hooks";
import type { Place } from "../server/acts.ts";
import { ofCitizen } from "../server/reading.ts";
import type { Conversation, Listed } from "../server/types.ts";
import { Icon } from "../parts/Icon.tsx";
import { cardShown } from "../state/dialogs.ts";
import { linkTo } from "../state/route.ts";
import { learnQueues, organisationName, queueName, topicName } from "../state/session.ts";
import { thread } from "../state/thread.ts";
import { moment, named, shortDay, t } from "../state/words.ts";
import { Labels } from "./Labels.tsx";
import { Notes } from "./Notes.tsx";

export function Card() {
  const open = thread.value;
  if (!open) return <aside class="pane card" aria-label={t("card")} data-shown="false" />;
  const place = { org: open.org, id: open.conversation.id };
  return (
    <aside class="pane card" aria-label={t("card")} data-shown={cardShown.value}>
      <div class="card-head">
        <h2>{open.conversation.citizen.name ?? t("no_name")}</h2>
        <button type="button" class="icon-button card-closer" aria-label={t("close_card")} onClick={() => { cardShown.value = false; }}>
          <Icon name="close" />
        </button>
      </div>
      <Proofs conversation={open.conversation} />
      <Facts org={open.org} conversation={open.conversation} />
      <Labels key={`${place.id} labels`} place={place} />
      <Notes key={place.id} place={place} />
      <Earlier key={`${place.id} earlier`} place={place} citizen={open.conversation.citizen.id} />
      <button type="button" class="plain print" onClick={() => print()}><Icon name="print" size={16} /> {t("print")}</button>
    </aside>
  );
}

function Proofs({ conversation: { citizen, channel } }: { conversation: Conversation }) {
  return (
    <ul class="proofs">
      <li>{t("came_by", { channel: named("channel", channel) })}</li>
      {citizen.phone && <li>{citizen.phone} · {t(citizen.phone_verified ? "phone_verified" : "phone_unverified")}</li>}
      <li>{t(citizen.identified ? "identified" : "not_identified")}</li>
      {citizen.blocked && <li class="alarm">{t("blocked")}</li>}
    </ul>
  );
}

function Facts({ org, conversation }: { org: string; conversation: Conversation }) {
  useEffect(() => {
    void learnQueues(org);
  }, [org]);
  const { topic, queue, opened_at, queued_at, taken_at, closed_at, rating, close_reason, language } = conversation;
  const facts: [string, string | null | undefined][] = [
    [t("organisation"), organisationName(org)],
    [t("topic"), topic && topicName(org, topic)],
    [t("queue"), queue && queueName(org, queue)],
    [t("language_of_citizen"), named("language", language)],
    [t("opened_at"), moment(opened_at)],
    [t("queued_at"), queued_at && moment(queued_at)],
    [t("taken_at"), taken_at && moment(taken_at)],
    [t("closed_at"), closed_at && moment(closed_at)],
    [t("close_reason"), close_reason && named("reason", close_reason)],
    [t("rating"), rating ? t("rating_value", { rating }) : null],
  ];
  return (
    <dl class="facts">
      {facts.filter(([, value]) => value).map(([name, value]) => (
        <div key={name}><dt>{name}</dt><dd>{value}</dd></div>
      ))}
    </dl>
  );
}

function Earlier({ place, citizen }: { place: Place; citizen: string }) {
  const [found, setFound] = useState<readonly Listed[] | "failed" | null>(null);
  useEffect(() => {
    let shown = true;
    const set = (value: readonly Listed[] | "failed") => shown && setFound(value);
    ofCitizen(place.org, citizen).then(set, () => set("failed"));
    return () => {
      shown = false;
    };
  }, [place.org, citizen]);
  return (
    <section class="earlier-ones">
      <h3>{t("earlier_conversations")}</h3>
      {found === "failed" ? <p class="soft">{t("read_failed")}</p> : <Conversations found={found} except={place.id} />}
    </section>
  );
}

function Conversations({ found, except }: { found: readonly Listed[] | null; except: string }) {
  const others = found?.filter(({ id }) => id !== except) ?? [];
  if (others.length === 0) return <p class="soft">{found ? t("no_earlier") : t("reading")}</p>;
  return (
    <ul>
      {others.map((one) => (
        <li key={one.id}>
          <a href={linkTo(one)}>{shortDay(one.opened_at)} · {one.topic ? topicName(one.org, one.topic) : t("no_topic")}</a>
          <span class="soft"> {named("channel", one.channel)} · {named("status", one.status)}{one.rating ? ` · ${t("rating_value", { rating: one.rating })}` : ""}</span>
        </li>
      ))}
    </ul>
  );
}
