// What this browser keeps. Storage may be forbidden or full: then nothing is kept and the page works on.

export function recall(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

export function keep(key: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, value);
  } catch {
    // The page works without it.
  }
}

/** A kept JSON value; the fallback when there is none or it cannot be read. */
export function recallJson<T>(key: string, fallback: T): T {
  try {
    return (JSON.parse(recall(key) ?? "null") as T | null) ?? fallback;
  } catch {
    return fallback;
  }
}

export function keptKeys(prefix: string): string[] {
  try {
    return Object.keys(localStorage).filter((key) => key.startsWith(prefix));
  } catch {
    return [];
  }
}
