// Which dialog lies over the desk, and whether the card of the person is drawn out on narrow screens.

import { signal } from "@preact/signals";

export type DialogName = "search" | "transfer" | "assign" | "close";

export const dialog = signal<DialogName | null>(null);
export const cardShown = signal(false);

/** Closes this dialog, not another that has been opened meanwhile. */
export const closeDialog = (name: DialogName) => {
  if (dialog.peek() === name) dialog.value = null;
};
