// The pages' own words in the reader's language. What the robot says comes from the server.

const LANGUAGES = [
  { id: "uk", label: "УКР", name: "Українська", locale: "uk-UA" },
  { id: "en", label: "ENG", name: "English", locale: "en-GB" },
];
const KEY = "vikno.language";

let words = {};
let current = "uk";

export const language = () => current;

/** A text by id, with {names} filled in. */
export function text(id, values = {}) {
  return (words[id] ?? id).replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

/** Chosen earlier, else the browser's, else Ukrainian. */
export function preferred() {
  const known = (id) => LANGUAGES.some((one) => one.id === id);
  const wished = [recall(KEY), ...(navigator.languages ?? [])].map((tag) => tag?.split("-")[0]);
  return wished.find(known) ?? "uk";
}

/** Loads a language and writes it into the page; `data-words` on the root names a page's own file beside the shared one. */
export async function speak(id) {
  const own = document.documentElement.dataset.words;
  const files = own ? [`/i18n/${id}.json`, `/i18n/${own}.${id}.json`] : [`/i18n/${id}.json`];
  const answers = await Promise.all(files.map((file) => fetch(file)));
  words = Object.assign({}, ...(await Promise.all(answers.map((answer) => answer.json()))));
  current = id;
  remember(KEY, id);
  document.documentElement.lang = id;
  for (const node of document.querySelectorAll("[data-text]")) node.textContent = text(node.dataset.text);
  for (const node of document.querySelectorAll("[data-label]")) node.setAttribute("aria-label", text(node.dataset.label));
  for (const node of document.querySelectorAll("[data-placeholder]")) node.placeholder = text(node.dataset.placeholder);
  for (const node of document.querySelectorAll(".languages button")) {
    node.setAttribute("aria-pressed", String(node.lang === id));
  }
}

/** Fills the language switch; `chosen` is called with the new language after the page speaks it. */
export function languageSwitch(chosen) {
  const place = document.querySelector(".languages");
  for (const { id, label, name } of LANGUAGES) {
    const button = document.createElement("button");
    button.type = "button";
    button.lang = id;
    button.textContent = label;
    button.title = name;
    button.addEventListener("click", async () => {
      if (id === current) return;
      await speak(id);
      chosen(id);
    });
    place.append(button);
  }
}

/** Storage may be forbidden (private windows, embedded pages): then nothing is kept. */
export function recall(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

export function remember(key, value) {
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, value);
  } catch {
    // The page works without it.
  }
}

const format = (at, parts) => new Intl.DateTimeFormat(LANGUAGES.find(({ id }) => id === current).locale, parts).format(at);
const CLOCK = { hour: "2-digit", minute: "2-digit" };

export const clockTime = (at) => format(at, CLOCK);

/** The time, with the day where it is not today. */
export function when(at) {
  const today = new Date().toDateString() === at.toDateString();
  return today ? clockTime(at) : format(at, { day: "numeric", month: "short", ...CLOCK });
}
