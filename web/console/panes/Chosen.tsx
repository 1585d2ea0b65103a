// Above the list: what is done to all conversations that are chosen.

import { useEffect, useState } from "preact/hooks";
import { Modal } from "../parts/Modal.tsx";
import {
  busy, chooseAll, choosing, chosen, closeAll, labelAll, outcome, stop, takeAll, toClose, toTake, transferAll,
} from "../state/choosing.ts";
import { learnQueues, queues } from "../state/session.ts";
import { local, t } from "../state/words.ts";
import { REASON_CHARS_MAX } from "./ActVerdict.tsx";
import { LABEL_CHARS_MAX } from "./Labels.tsx";

type Asked = "close" | "transfer" | "label";

export function Chosen() {
  const [asked, setAsked] = useState<Asked | null>(null);
  if (!choosing.value) return null;
  const count = chosen.value.length;
  return (
    <div class="chosen" role="group" aria-label={t("chosen")}>
      <p role="status">{outcome.value ? t("chosen_done", { count: outcome.value.done }) : t("chosen_count", { count })}</p>
      {outcome.value && outcome.value.refused.length > 0 && (
        <ul class="alarm" role="alert">{outcome.value.refused.map((why) => <li key={why}>{why}</li>)}</ul>
      )}
      <div class="line">
        <button type="button" class="plain" onClick={chooseAll}>{t("choose_all")}</button>
        <button type="button" class="plain" disabled={busy.value || toTake.value.length === 0} onClick={takeAll}>{t("take")}</button>
        <button type="button" class="plain" disabled={busy.value || toClose.value.length === 0} onClick={() => setAsked("transfer")}>{t("transfer")}</button>
        <button type="button" class="plain" disabled={busy.value || toClose.value.length === 0} onClick={() => setAsked("close")}>{t("close")}</button>
        <button type="button" class="plain" disabled={busy.value || count === 0} onClick={() => setAsked("label")}>{t("label_new")}</button>
        <button type="button" class="plain" onClick={stop}>{t("choose_stop")}</button>
      </div>
      {asked && <Ask asked={asked} closed={() => setAsked(null)} />}
    </div>
  );
}

function Ask({ asked, closed }: { asked: Asked; closed: () => void }) {
  const [words, setWords] = useState("");
  const [queue, setQueue] = useState("");
  const rows = asked === "label" ? chosen.value : toClose.value;
  const orgs = [...new Set(rows.map(({ org }) => org))];
  const org = orgs.length === 1 ? orgs[0] : undefined;
  useEffect(() => {
    if (org) void learnQueues(org);
  }, [org]);
  const complete = asked === "label" ? words.trim() !== "" : asked === "close" || queue !== "";
  const submit = async (event: Event) => {
    event.preventDefault();
    const said = words.trim();
    closed();
    if (asked === "label") await labelAll(said);
    else if (asked === "close") await closeAll(said);
    else await transferAll(queue, said);
  };
  return (
    <Modal title={t(`chosen_${asked}`, { count: rows.length })} closed={closed}>
      <form class="fields" onSubmit={submit}>
        {asked === "transfer" && (org
          ? (
            <label>
              {t("queue")}
              <select autofocus value={queue} onChange={(event) => setQueue(event.currentTarget.value)}>
                <option value="">{t("choose")}</option>
                {queues.value.get(org)?.map(({ id, name }) => <option key={id} value={id}>{local(name, id)}</option>)}
              </select>
            </label>
          )
          : <p class="notice">{t("chosen_one_organisation")}</p>)}
        <label>
          {t(asked === "label" ? "label_new" : asked === "close" ? "close_reason_optional" : "transfer_reason_optional")}
          <input autofocus={asked !== "transfer"} maxLength={asked === "label" ? LABEL_CHARS_MAX : REASON_CHARS_MAX} value={words} onInput={(event) => setWords(event.currentTarget.value)} />
        </label>
        <button type="submit" class="main-button" disabled={!complete}>{t(asked === "label" ? "label_add" : asked)}</button>
      </form>
    </Modal>
  );
}
