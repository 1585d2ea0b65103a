// Prepared answers, kept by the heads of shifts for their organisations.

import { useEffect, useState } from "preact/hooks";
import type { CannedAnswer } from "../server/types.ts";
import { Page } from "../parts/Page.tsx";
import { useRefusal } from "../parts/refusal.ts";
import { Verdict } from "../parts/Submit.tsx";
import { cannedOf, readCanned } from "../state/canned.ts";
import { organisationName, whereMay } from "../state/session.ts";
import { t } from "../state/words.ts";
import { CannedDialog } from "./CannedDialog.tsx";

export function Canned() {
  const kept = whereMay("edit_canned_answers");
  const [org, setOrg] = useState(kept[0] ?? "");
  const [edited, setEdited] = useState<CannedAnswer | "new" | null>(null);
  const refused = useRefusal();
  useEffect(() => {
    void refused.during(() => readCanned(org));
  }, [org]);
  return (
    <Page title={t("page_canned")}>
      <p class="soft">{t("canned_lead")}</p>
      <div class="line canned-tools">
        {kept.length > 1 && (
          <select aria-label={t("organisation")} value={org} onChange={(event) => setOrg(event.currentTarget.value)}>
            {kept.map((id) => <option key={id} value={id}>{organisationName(id)}</option>)}
          </select>
        )}
        <button type="button" class="main-button" onClick={() => setEdited("new")}>{t("canned_new")}</button>
      </div>
      <Verdict refused={refused} />
      <Answers found={cannedOf(org)} edit={setEdited} />
      {edited && <CannedDialog org={org} given={edited === "new" ? null : edited} closed={() => setEdited(null)} />}
    </Page>
  );
}

function Answers({ found, edit }: { found: readonly CannedAnswer[] | undefined; edit: (one: CannedAnswer) => void }) {
  if (!found) return null;
  if (found.length === 0) return <p class="empty">{t("canned_none")}</p>;
  return (
    <ul class="canned-kept">
      {found.map((one) => (
        <li key={one.id}>
          <div>
            <p><kbd>/{one.shortcut}</kbd> <strong>{one.title}</strong> <span class="soft">{one.language.toUpperCase()}</span></p>
            <p class="words">{one.text}</p>
          </div>
          <button type="button" class="plain" aria-label={`${t("change")}: ${one.title}`} onClick={() => edit(one)}>{t("change")}</button>
        </li>
      ))}
    </ul>
  );
}
