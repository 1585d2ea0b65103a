// The end of a section's form: what does not fit, that it was kept, and the way back to what the deployment delivers.

import type { PartName } from "../server/administration.ts";
import { Verdict } from "../parts/Submit.tsx";
import { t } from "../state/words.ts";
import type { Kept } from "./useSettings.ts";

export function Keep({ part, kept }: { part: PartName; kept: Kept }) {
  const { settings, refused, problems, saved } = kept;
  return (
    <>
      <Verdict refused={refused} />
      {problems.length > 1 && (
        <ul class="problems">
          {problems.map(({ place, message }) => <li key={place + message}><code>{place}</code> {message}</li>)}
        </ul>
      )}
      <p class="line">
        <button type="submit" class="main-button" disabled={refused.busy}>{t("save")}</button>
        {settings?.parts[part].own && (
          <button type="button" class="plain" disabled={refused.busy} onClick={() => kept.restore(part)}>{t("admin_as_delivered")}</button>
        )}
        <span role="status" class="saved">{saved === part && t("admin_saved")}</span>
      </p>
    </>
  );
}
