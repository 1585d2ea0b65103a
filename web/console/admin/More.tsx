// The end of a list that is read page by page.

import { Verdict } from "../parts/Submit.tsx";
import { t } from "../state/words.ts";
import type { Pages } from "./usePages.ts";

export function More<T>({ pages, none }: { pages: Pages<T>; none: string }) {
  const { items, refused, more } = pages;
  return (
    <>
      <Verdict refused={refused} />
      {refused.busy && <p role="status">{t("reading")}</p>}
      {items?.length === 0 && <p class="empty">{none}</p>}
      {more && <p><button type="button" class="plain" disabled={refused.busy} onClick={more}>{t("show_more")}</button></p>}
    </>
  );
}
