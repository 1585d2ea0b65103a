// The end of a form: what became of the last try, and the button for the next.

import type { Refused } from "./refusal.ts";
import { span, t } from "../state/words.ts";

export function Submit({ refused, text }: { refused: Refused; text: string }) {
  return (
    <>
      <Verdict refused={refused} />
      <button type="submit" class="main-button" disabled={refused.busy || refused.waitS > 0}>{text}</button>
    </>
  );
}

/** The countdown is not read out every second. */
export function Verdict({ refused }: { refused: Refused }) {
  if (!refused.words) return null;
  return (
    <div class="alarm">
      <p role="alert">{refused.words}</p>
      {refused.waitS > 0 && <p role="timer">{t("refused_wait_time", { time: span(refused.waitS) })}</p>}
    </div>
  );
}
