// A dialog that keeps something: what became of the last try, and closing once it is kept and read anew.

import { type Refused, useRefusal } from "./refusal.ts";

export interface Keeping {
  refused: Refused;
  done: (act: () => Promise<unknown>) => Promise<void>;
}

/** `kept` reads what is shown behind the dialog. */
export function useKeeping(kept: () => unknown, closed: () => void): Keeping {
  const refused = useRefusal();
  const done = async (act: () => Promise<unknown>) => {
    const finished = await refused.during(async () => {
      await act();
      await kept();
    });
    if (finished) closed();
  };
  return { refused, done };
}
