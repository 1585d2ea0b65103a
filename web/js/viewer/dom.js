// Small helpers for building the page. What people wrote goes in as text, never as markup.

const SVG = "http://www.w3.org/2000/svg";

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

/** An HTML element; `onclick` and the like become listeners. */
export const h = (tag, attributes = {}, ...children) => fill(document.createElement(tag), attributes, children);

/** An SVG element. */
export const s = (tag, attributes = {}, ...children) => fill(document.createElementNS(SVG, tag), attributes, children);

export const byId = (id) => document.getElementById(id);

/** Whether keys write a text there: it has its own way of taking back what was written. */
export const isText = (element) => element instanceof HTMLTextAreaElement || (element instanceof HTMLInputElement && !["button", "checkbox", "radio", "range", "submit"].includes(element.type));

let pressed = false;
addEventListener("pointerdown", () => (pressed = true), { capture: true });
for (const end of ["pointerup", "pointercancel"]) addEventListener(end, () => (pressed = false), { capture: true });

/** Does it soon, but not while a pointer is pressed: what is drawn anew below it would never be clicked. */
export function afterPress(act) {
  if (!pressed) return setTimeout(act);
  const ends = new AbortController();
  for (const end of ["pointerup", "pointercancel"]) addEventListener(end, () => (ends.abort(), setTimeout(act)), { signal: ends.signal });
  return undefined;
}

let hiding = null;

/** Says something in passing. */
export function toast(words) {
  const place = byId("toast");
  place.textContent = words;
  place.hidden = false;
  clearTimeout(hiding);
  hiding = setTimeout(() => (place.hidden = true), 6000);
}
