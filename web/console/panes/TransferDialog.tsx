// Moving a conversation to another queue, or to another organisation.

import { useEffect, useState } from "preact/hooks";
import type { Place, Target } from "../server/acts.ts";
import { Modal } from "../parts/Modal.tsx";
import { transfer } from "../state/acts.ts";
import { closeDialog } from "../state/dialogs.ts";
import { destinations, learnQueues, organisationName, queues } from "../state/session.ts";
import { thread } from "../state/thread.ts";
import { local, t } from "../state/words.ts";
import { ActVerdict, REASON_CHARS_MAX } from "./ActVerdict.tsx";

type Kind = "queue" | "organisation";

export function TransferDialog({ place }: { place: Place }) {
  const [kind, setKind] = useState<Kind>("queue");
  const [queue, setQueue] = useState("");
  const [org, setOrg] = useState("");
  const [reason, setReason] = useState("");
  const [busy, setBusy] = useState(false);
  const why = reason.trim() ? { reason: reason.trim() } : {};
  const target: Target = kind === "queue" ? { queue, ...why } : { org, ...why };
  const complete = kind === "queue" ? queue !== "" : org !== "" && reason.trim() !== "";
  const submit = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    if (await transfer(place, target)) closeDialog("transfer");
    setBusy(false);
  };
  return (
    <Modal title={t("transfer_title")} closed={() => closeDialog("transfer")}>
      <form class="fields" onSubmit={submit}>
        <fieldset class="choices">
          <legend class="hidden">{t("transfer_kind")}</legend>
          {(["queue", "organisation"] as const).map((one) => (
            <label key={one}>
              <input type="radio" name="kind" checked={kind === one} autofocus={kind === one} onChange={() => setKind(one)} />
              {t(`transfer_${one}`)}
            </label>
          ))}
        </fieldset>
        {kind === "queue" && <QueueChoice org={place.org} value={queue} choose={setQueue} />}
        {kind === "organisation" && <OrganisationChoice from={place.org} value={org} choose={setOrg} />}
        <label>
          {t(kind === "queue" ? "transfer_reason_optional" : "transfer_reason")}
          <textarea rows={2} maxLength={REASON_CHARS_MAX} value={reason} onInput={(event) => setReason(event.currentTarget.value)} />
        </label>
        <ActVerdict />
        <button type="submit" class="main-button" disabled={busy || !complete}>{t("transfer")}</button>
      </form>
    </Modal>
  );
}

interface Choice {
  value: string;
  choose: (value: string) => void;
}

function QueueChoice({ org, value, choose }: Choice & { org: string }) {
  useEffect(() => {
    void learnQueues(org);
  }, [org]);
  const now = thread.value?.conversation.queue;
  return (
    <label>
      {t("queue")}
      <select value={value} onChange={(event) => choose(event.currentTarget.value)}>
        <option value="">{t("choose")}</option>
        {queues.value.get(org)?.filter(({ id }) => id !== now).map(({ id, name }) => (
          <option key={id} value={id}>{local(name, id)}</option>
        ))}
      </select>
    </label>
  );
}

/** What another organisation moved here goes only back to it. */
function OrganisationChoice({ from, value, choose }: Choice & { from: string }) {
  useEffect(() => {
    void learnQueues(from);
  }, [from]);
  const home = thread.value?.conversation.moved_from;
  const allowed = home ? [home] : destinations.value.get(from) ?? [];
  if (allowed.length === 0) return <p class="notice">{t("transfer_nowhere")}</p>;
  return (
    <label>
      {t("organisation")}
      <select value={value} onChange={(event) => choose(event.currentTarget.value)}>
        <option value="">{t("choose")}</option>
        {allowed.map((id) => (
          <option key={id} value={id}>{home ? t("transfer_back", { name: organisationName(id) }) : organisationName(id)}</option>
        ))}
      </select>
    </label>
  );
}
