// Why an act in a dialog was refused.

import { said } from "../state/acts.ts";

/** The server takes no longer reasons. */
export const REASON_CHARS_MAX = 500;

export function ActVerdict() {
  return said.value?.alarm ? <p class="alarm" role="alert">{said.value.text}</p> : null;
}
