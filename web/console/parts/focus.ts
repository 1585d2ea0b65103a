// Where writing begins. The attribute `autofocus` counts only when the document loads and when a dialog opens.

/** As `ref` of a field: it takes the focus when it appears. */
export const takeFocus = (field: HTMLElement | null) => field?.focus();
