// An answer that is not there yet, or was refused.

import type { Outgoing } from "../logic/outbox.ts";
import { Icon } from "../parts/Icon.tsx";
import { drop, retry } from "../state/outbox.ts";
import { named, t } from "../state/words.ts";

export function Pending({ item }: { item: Outgoing }) {
  const failed = item.state === "failed";
  return (
    <div class={failed ? "message operator failed" : "message operator pending"}>
      <div class="bubble">
        {item.file && <p class="file-line"><Icon name="file" /> {item.file.name}</p>}
        {item.text && <p class="words">{item.text}</p>}
      </div>
      <p class="message-head">
        {failed ? <span class="alarm">{t("not_sent")} {reason(item.reason)}</span> : <span>{state(item)}</span>}
        {failed && <button type="button" class="inline" onClick={() => retry(item.clientId)}>{t("retry")}</button>}
        {failed && <button type="button" class="inline" onClick={() => drop(item.clientId)}>{t("drop")}</button>}
      </p>
    </div>
  );
}

function state(item: Outgoing): string {
  if (item.attempts > 0) return t("sending_again", { count: item.attempts + 1 });
  return item.file && !item.mediaId ? t("uploading") : t("sending");
}

function reason(code: string | null): string {
  if (!code) return "";
  const told = named("refused", code);
  return told === code ? "" : told;
}
