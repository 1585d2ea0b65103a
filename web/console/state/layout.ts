// How many panes stand side by side; the same widths as in the sheets.

/** One pane at a time. */
export const ONE_PANE = matchMedia("(max-width: 45rem)");

/** The card is a drawer over the conversation. */
export const CARD_IS_DRAWER = matchMedia("(max-width: 68.75rem)");
