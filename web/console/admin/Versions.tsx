// Published versions of the processes: who, when, why; and the way back to one.

import { useState } from "preact/hooks";
import * as server from "../server/administration.ts";
import type { Version } from "../server/administration.ts";
import { Modal } from "../parts/Modal.tsx";
import { useRefusal } from "../parts/refusal.ts";
import { Submit } from "../parts/Submit.tsx";
import { may } from "../logic/permissions.ts";
import { person } from "../state/session.ts";
import { moment, t } from "../state/words.ts";
import { More } from "./More.tsx";
import { usePages } from "./usePages.ts";

const REASON_CHARS_MIN = 3;

export function Versions({ org }: { org: string }) {
  const pages = usePages((cursor) => server.versions(org, cursor), org);
  const [restored, setRestored] = useState<Version | null>(null);
  const mayRestore = person.value !== null && may(person.value, org, "edit_processes");
  return (
    <>
      <p><a href={`/processes.html?org=${encodeURIComponent(org)}`}>{t("versions_page")}</a></p>
      <div class="scrolled">
        <table>
          <thead>
            <tr>
              <th scope="col" class="number">{t("version")}</th><th scope="col">{t("version_when")}</th>
              <th scope="col">{t("version_why")}</th><th scope="col" class="number">{t("version_live")}</th>
              <th scope="col"><span class="hidden">{t("version_restore")}</span></th>
            </tr>
          </thead>
          <tbody>
            {pages.items?.map((version, place) => (
              <tr key={version.id}>
                <th scope="row" class="number">{version.id}</th>
                <td>{moment(version.published_at)}<br /><span class="soft">{version.published_by?.name ?? t("version_files")}</span></td>
                <td class="words">{version.reason || t(`version_${version.origin}`)}{version.restored_from !== null && ` (${version.restored_from})`}</td>
                <td class="number">{version.live_conversations}</td>
                <td>
                  {place > 0 && mayRestore && (
                    <button type="button" class="plain" aria-label={`${t("version_restore")}: ${version.id}`} onClick={() => setRestored(version)}>{t("version_restore")}</button>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <More pages={pages} none={t("versions_none")} />
      {restored && <RestoreDialog org={org} version={restored} done={pages.again} closed={() => setRestored(null)} />}
    </>
  );
}

function RestoreDialog({ org, version, done, closed }: { org: string; version: Version; done: () => void; closed: () => void }) {
  const [reason, setReason] = useState("");
  const refused = useRefusal();
  const submit = async (event: Event) => {
    event.preventDefault();
    if (!(await refused.during(async () => void (await server.restoreVersion(org, version.id, reason))))) return;
    closed();
    done();
  };
  return (
    <Modal title={t("version_restore_title", { id: version.id })} closed={closed}>
      <form class="fields" onSubmit={submit}>
        <p>{t("version_restore_lead")}</p>
        <label>{t("transfer_reason")} <input autofocus required minLength={REASON_CHARS_MIN} maxLength={500} value={reason} onInput={(event) => setReason(event.currentTarget.value)} /></label>
        <Submit refused={refused} text={t("version_restore")} />
      </form>
    </Modal>
  );
}
