// The edits of one process since it was opened or saved, to be taken back and done again. Pure: it keeps documents, and an
// edit makes a new document that shares what it did not touch.

/** An edit keeps a node or two of its own, some kilobytes: a thousand are a few megabytes. */
const EDITS_MAX = 1000;

export class History {
  #edits = [];
  #at = 0;
  #forgot = false;

  /** Whether all edits are taken back: the document is the one that was opened. */
  get untouched() {
    return this.#at === 0 && !this.#forgot;
  }

  /** How many edits can be taken back. */
  get past() {
    return this.#at;
  }

  /** How many can be done again. */
  get future() {
    return this.#edits.length - this.#at;
  }

  /** An edit led from one state to the next; what had been taken back is gone. A state is {document, node}, the node that
   * was chosen. */
  edited(before, after) {
    this.#edits = [...this.#edits.slice(0, this.#at), { before, after }];
    if (this.#edits.length > EDITS_MAX) {
      this.#edits.shift();
      this.#forgot = true;
    }
    this.#at = this.#edits.length;
  }

  /** Takes the last edit back: the state before it, or null. */
  undo() {
    if (this.past === 0) return null;
    this.#at -= 1;
    return this.#edits[this.#at].before;
  }

  /** Does again what was taken back last: the state after it, or null. */
  redo() {
    if (this.future === 0) return null;
    this.#at += 1;
    return this.#edits[this.#at - 1].after;
  }
}

/** What a key asks for: "undo", "redo" or null. A letter of another alphabet counts by its place on the keyboard. */
export function wishOf({ key, code, ctrlKey, metaKey, altKey, shiftKey }) {
  if (altKey || !(ctrlKey || metaKey)) return null;
  const letter = /^[a-z]$/i.test(key) ? key.toLowerCase() : code.replace("Key", "").toLowerCase();
  if (letter === "z") return shiftKey ? "redo" : "undo";
  return letter === "y" && !shiftKey ? "redo" : null;
}
