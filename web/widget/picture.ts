// The widget's pictures, made node by node: pages may forbid markup from strings.

const SPACE = "http://www.w3.org/2000/svg";

/** A line drawing in a square of 24. */
export function picture(path: string, className = ""): SVGSVGElement {
  const svg = document.createElementNS(SPACE, "svg");
  const line = document.createElementNS(SPACE, "path");
  const drawn = { d: path, fill: "none", stroke: "currentColor", "stroke-width": "2", "stroke-linecap": "round", "stroke-linejoin": "round" };
  for (const [name, value] of Object.entries(drawn)) line.setAttribute(name, value);
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", className);
  svg.append(line);
  return svg;
}

export const TALK = "M4 5h16a1 1 0 0 1 1 1v10a1 1 0 0 1-1 1h-8l-5 4v-4H4a1 1 0 0 1-1-1V6a1 1 0 0 1 1-1zM8 9.5h8M8 13h5";
export const DOWN = "M5 9l7 7 7-7";
export const CROSS = "M6 6l12 12M18 6L6 18";
