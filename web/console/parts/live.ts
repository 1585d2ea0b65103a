// Something that is read again and again while it is looked at.

import { useEffect, useState } from "preact/hooks";

export function useLive<T>(read: () => Promise<T>, pauseMs: number): { value: T | null; failed: boolean } {
  const [value, setValue] = useState<T | null>(null);
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let shown = true;
    const round = async () => {
      if (!document.hidden) {
        const found = await read().catch(() => null);
        if (!shown) return;
        if (found) setValue(found);
        setFailed(found === null);
      }
      timer = setTimeout(round, pauseMs);
    };
    void round();
    return () => {
      shown = false;
      clearTimeout(timer);
    };
  }, [read, pauseMs]);
  return { value, failed };
}
