// The time as the page knows it, for spans that grow while one looks at them.

import { signal } from "@preact/signals";

const TICK_MS = 5000;

export const now = signal(Date.now());

setInterval(() => {
  if (!document.hidden) now.value = Date.now();
}, TICK_MS);

document.addEventListener("visibilitychange", () => {
  now.value = Date.now();
});
