// What the browser keeps for the chat. Storage may be forbidden or partitioned (private windows, frames on other sites):
// then everything holds for the visit only.

export class Store {
  #area: Storage | null;
  #kept = new Map<string, string>();

  /** `area` is asked for carefully: where storage is forbidden, already the question throws. */
  constructor(area: () => Storage) {
    try {
      this.#area = area();
    } catch {
      this.#area = null;
    }
  }

  get(key: string): string | null {
    try {
      return this.#area?.getItem(key) ?? this.#kept.get(key) ?? null;
    } catch {
      return this.#kept.get(key) ?? null;
    }
  }

  set(key: string, value: string | null): void {
    if (value === null) this.#kept.delete(key);
    else this.#kept.set(key, value);
    try {
      if (value === null) this.#area?.removeItem(key);
      else this.#area?.setItem(key, value);
    } catch {
      // Full or forbidden: what is kept in memory serves this visit.
    }
  }
}

/** Stays in this browser. */
export const lasting = new Store(() => localStorage);

/** Ends with the tab: for somebody whom a portal vouches for, who is not to be met by the next person at this computer. */
export const passing = new Store(() => sessionStorage);
