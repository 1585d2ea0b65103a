// Ending a conversation, with the reason.

import { useState } from "preact/hooks";
import type { Place } from "../server/acts.ts";
import { Modal } from "../parts/Modal.tsx";
import { close } from "../state/acts.ts";
import { closeDialog } from "../state/dialogs.ts";
import { t } from "../state/words.ts";
import { ActVerdict, REASON_CHARS_MAX } from "./ActVerdict.tsx";

export function CloseDialog({ place }: { place: Place }) {
  const [reason, setReason] = useState("");
  const [busy, setBusy] = useState(false);
  const submit = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    if (await close(place, reason.trim())) closeDialog("close");
    setBusy(false);
  };
  return (
    <Modal title={t("close_title")} closed={() => closeDialog("close")}>
      <form class="fields" onSubmit={submit}>
        <p class="soft">{t("close_lead")}</p>
        <label>
          {t("close_reason_optional")}
          <textarea rows={2} autofocus maxLength={REASON_CHARS_MAX} value={reason} onInput={(event) => setReason(event.currentTarget.value)} />
        </label>
        <ActVerdict />
        <button type="submit" class="main-button" disabled={busy}>{t("close")}</button>
      </form>
    </Modal>
  );
}
