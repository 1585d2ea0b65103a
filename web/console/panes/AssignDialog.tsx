// A head of the shift gives a conversation to an operator, also one that somebody else has.

import { useEffect, useState } from "preact/hooks";
import { Modal } from "../parts/Modal.tsx";
import type { Place } from "../server/acts.ts";
import type { ShiftOrganisation } from "../server/types.ts";
import { shift } from "../server/work.ts";
import { assign } from "../state/acts.ts";
import { closeDialog } from "../state/dialogs.ts";
import { thread } from "../state/thread.ts";
import { t } from "../state/words.ts";
import { ActVerdict } from "./ActVerdict.tsx";

type People = ShiftOrganisation["people"];

export function AssignDialog({ place }: { place: Place }) {
  const people = usePeople(place.org);
  const [chosen, setChosen] = useState("");
  const [busy, setBusy] = useState(false);
  const holder = thread.value?.conversation.operator?.id;
  const submit = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    if (await assign(place, chosen)) closeDialog("assign");
    setBusy(false);
  };
  return (
    <Modal title={t("assign_title")} closed={() => closeDialog("assign")}>
      <form class="fields" onSubmit={submit}>
        <label>
          {t("operator")}
          <select autofocus value={chosen} onChange={(event) => setChosen(event.currentTarget.value)}>
            <option value="">{people ? t("choose") : t("reading")}</option>
            {people?.filter(({ id }) => id !== holder).map(({ id, name, status, chats }) => (
              <option key={id} value={id}>{`${name} — ${t(`work_${status}`)}, ${t("chats_now")}: ${chats}`}</option>
            ))}
          </select>
        </label>
        <ActVerdict />
        <button type="submit" class="main-button" disabled={busy || chosen === ""}>{t("assign")}</button>
      </form>
    </Modal>
  );
}

/** Those who may have conversations of the organisation; null while they are read. */
function usePeople(org: string): People | null {
  const [people, setPeople] = useState<People | null>(null);
  useEffect(() => {
    const taken = (all: ShiftOrganisation[]) => setPeople(all.find((one) => one.org === org)?.people ?? []);
    shift().then(taken, () => setPeople([]));
  }, [org]);
  return people;
}
