// That the operator is writing, told to the server while keys are touched.

import { type Place, typing } from "../server/acts.ts";
import { keyOf } from "../logic/rows.ts";

/** Half as long as the server believes it. */
const EVERY_MS = 4000;

let told = { key: "", at: 0 };

/** Nothing is lost when it is not heard. */
export function tellTyping(place: Place): void {
  const key = keyOf(place);
  const now = Date.now();
  if (told.key === key && now - told.at < EVERY_MS) return;
  told = { key, at: now };
  typing(place).catch(() => {});
}
