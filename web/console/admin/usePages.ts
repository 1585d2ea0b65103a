// A list that is read page by page.

import { useEffect, useState } from "preact/hooks";
import type { Paged } from "../server/administration.ts";
import { type Refused, useRefusal } from "../parts/refusal.ts";

export interface Pages<T> {
  items: readonly T[] | null;
  refused: Refused;
  /** Reads the next page; absent on the last one. */
  more: (() => void) | null;
  again: () => void;
}

/** `key` tells what is read: another one begins anew. */
export function usePages<T>(read: (cursor: string | null) => Promise<Paged<T>>, key: string): Pages<T> {
  const [items, setItems] = useState<readonly T[] | null>(null);
  const [cursor, setCursor] = useState<string | null>(null);
  const refused = useRefusal();
  const add = (known: readonly T[], from: string | null) =>
    refused.during(async () => {
      const page = await read(from);
      setItems([...known, ...page.items]);
      setCursor(page.cursor);
    });
  const again = () => void add([], null);
  useEffect(again, [key]);
  return { items, refused, more: cursor === null ? null : () => void add(items ?? [], cursor), again };
}
