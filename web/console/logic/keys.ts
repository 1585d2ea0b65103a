// Which key asks for what. Pure.

export type Command =
  | "next" | "previous" | "next_waiting" | "take" | "assign" | "answer" | "transfer" | "close" | "reopen" | "note"
  | "choose" | "search" | "mine" | "waiting" | "all" | "help" | "back";

export interface Press {
  key: string;
  code: string;
  ctrl: boolean;
  alt: boolean;
  /** The focus is in something that is written into. */
  writing: boolean;
  /** The focus is on something that Enter acts upon by itself. */
  acting: boolean;
}

/** By the place of the key, so that they work whatever layout is switched on. */
const LETTERS: Readonly<Record<string, Command>> = {
  KeyJ: "next", KeyK: "previous", KeyN: "next_waiting", KeyT: "take", KeyA: "assign", KeyR: "answer", KeyX: "transfer", KeyE: "close", KeyU: "reopen", KeyV: "choose",
  KeyM: "note", KeyS: "search", Digit1: "mine", Digit2: "waiting", Digit3: "all",
};

/** The command of a key press; single signs only where `letters` is on and nothing is being written. */
export function commandOf(press: Press, letters: boolean): Command | null {
  if (press.ctrl && press.code === "KeyK") return "search";
  if (press.key === "Escape") return "back";
  if (press.ctrl || press.alt || press.writing) return null;
  if (press.key === "Enter" && !press.acting) return "answer";
  if (!letters) return null;
  if (press.key === "?") return "help";
  return LETTERS[press.code] ?? null;
}
