// A form's act and what became of it: busy, refused in words, or to be repeated after a countdown.

import { useEffect, useState } from "preact/hooks";
import { passes, Refusal } from "../server/http.ts";
import { named, t } from "../state/words.ts";

export interface Refused {
  busy: boolean;
  /** Seconds until it may be tried again. */
  waitS: number;
  words: string | null;
  during: (act: () => Promise<void>) => Promise<boolean>;
}

export function useRefusal(): Refused {
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const [untilMs, setUntilMs] = useState(0);
  const leftS = useCountdown(untilMs);
  const during = async (act: () => Promise<void>) => {
    setBusy(true);
    setFailure(null);
    try {
      await act();
      return true;
    } catch (caught) {
      setFailure(caught);
      const pause = caught instanceof Refusal ? caught.retryAfterS : null;
      setUntilMs(pause ? Date.now() + pause * 1000 : 0);
      return false;
    } finally {
      setBusy(false);
    }
  };
  const over = untilMs > 0 && leftS === 0;
  return { busy, waitS: leftS, words: failure && !over ? why(failure) : null, during };
}

function useCountdown(untilMs: number): number {
  const [, tick] = useState(0);
  const left = Math.max(0, Math.ceil((untilMs - Date.now()) / 1000));
  useEffect(() => {
    if (left === 0) return undefined;
    const timer = setTimeout(() => tick((count) => count + 1), 1000);
    return () => clearTimeout(timer);
  });
  return left;
}

function why(failure: unknown): string {
  if (failure instanceof Refusal && failure.retryAfterS) return t("refused_wait");
  if (!(failure instanceof Refusal) || passes(failure)) return t("act_unreachable");
  const told = named("refused", failure.code);
  return told === failure.code ? t("act_refused", { detail: failure.message }) : told;
}
