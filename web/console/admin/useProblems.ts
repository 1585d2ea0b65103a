// A form's act whose mistakes are told each at its place.

import { useState } from "preact/hooks";
import { Refusal } from "../server/http.ts";
import { type Refused, useRefusal } from "../parts/refusal.ts";

export interface Tried {
  refused: Refused;
  /** What does not fit, in the server's words. */
  problems: Refusal["problems"];
  during: (act: () => Promise<void>) => Promise<boolean>;
}

export function useProblems(): Tried {
  const refused = useRefusal();
  const [problems, setProblems] = useState<Refusal["problems"]>([]);
  const during = (act: () => Promise<void>) => {
    setProblems([]);
    return refused.during(async () => {
      try {
        await act();
      } catch (failure) {
        if (failure instanceof Refusal) setProblems(failure.problems);
        throw failure;
      }
    });
  };
  return { refused, problems, during };
}
