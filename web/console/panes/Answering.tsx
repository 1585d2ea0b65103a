// Below the conversation: the answer field when it is mine, else what can be done to answer.

import type { Place } from "../server/acts.ts";
import { keyOf } from "../logic/rows.ts";
import { doing, reopen, said, take } from "../state/acts.ts";
import { organisationName } from "../state/session.ts";
import { isMine, mayReopen, thread } from "../state/thread.ts";
import { t } from "../state/words.ts";
import { Composer } from "./Composer.tsx";

export function Answering({ place, dropped }: { place: Place; dropped: readonly File[] }) {
  const conversation = thread.value?.conversation;
  if (!conversation) return null;
  const { status, operator, moved_to } = conversation;
  if (moved_to && status !== "closed") {
    return (
      <div class="answering">
        <Said />
        <p class="notice">{t("moved_away", { name: organisationName(moved_to) })}</p>
      </div>
    );
  }
  return (
    <div class="answering">
      <Said />
      {isMine.value && <Composer place={place} dropped={dropped} />}
      {!isMine.value && status === "with_operator" && <p class="notice">{t("with_other", { name: operator?.name ?? "" })}</p>}
      {(status === "waiting" || status === "open") && <Take place={place} />}
      {status === "voting" && <Ended place={place} />}
      {status === "closed" && <p class="notice">{t("closed_now")}</p>}
    </div>
  );
}

function Ended({ place }: { place: Place }) {
  return (
    <div class="notice ended">
      <p>{t("voting_now")}</p>
      {mayReopen.value && (
        <button type="button" class="plain" aria-keyshortcuts="U" aria-busy={doing.value.has(keyOf(place))} onClick={() => reopen(place)}>
          {t("reopen")} <kbd>u</kbd>
        </button>
      )}
    </div>
  );
}

function Take({ place }: { place: Place }) {
  return (
    <button
      type="button"
      id="answer"
      class="main-button take"
      aria-keyshortcuts="T"
      aria-busy={doing.value.has(keyOf(place))}
      onClick={() => take(place)}
    >
      {t("take")} <kbd>t</kbd>
    </button>
  );
}

function Said() {
  const words = said.value;
  return (
    <p class={words?.alarm ? "said alarm" : "said"} role={words?.alarm ? "alert" : "status"}>
      {words?.text}
      {words?.alarm && (
        <button type="button" class="inline" onClick={() => { said.value = null; }}>{t("understood")}</button>
      )}
    </p>
  );
}
