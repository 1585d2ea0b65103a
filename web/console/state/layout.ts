// How many panes stand side by side; the same widths as in the sheets, in sizes of the text.

const ONE_PANE_REM = 45;
const CARD_BESIDE_REM = 68.75;

function isWithin(rem: number): boolean {
  const root = document.documentElement;
  return root.clientWidth <= rem * Number.parseFloat(getComputedStyle(root).fontSize);
}

/** One pane at a time. */
export const isOnePane = () => isWithin(ONE_PANE_REM);

/** The card is a drawer over the conversation. */
export const isCardDrawer = () => isWithin(CARD_BESIDE_REM);
