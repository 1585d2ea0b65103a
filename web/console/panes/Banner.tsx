// Tells that the server cannot be reached, and since when.

import { lostSince } from "../server/http.ts";
import { outbox } from "../state/outbox.ts";
import { clock, t } from "../state/words.ts";

export function Banner() {
  const since = lostSince.value;
  return (
    <div role="status">
      {since !== null && (
        <p class="banner">
          {t("unreachable_since", { time: clock(since) })} {outbox.value.length > 0 ? t("unreachable_outbox", { count: outbox.value.length }) : t("unreachable_kept")}
        </p>
      )}
    </div>
  );
}
