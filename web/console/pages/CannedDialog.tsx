// The fields of a prepared answer.

import { useState } from "preact/hooks";
import { type CannedFields, keep, remove } from "../server/canned.ts";
import type { CannedAnswer } from "../server/types.ts";
import { Modal } from "../parts/Modal.tsx";
import { useKeeping } from "../parts/keeping.ts";
import { Verdict } from "../parts/Submit.tsx";
import { readCanned } from "../state/canned.ts";
import { language, LANGUAGES, t } from "../state/words.ts";

/** The server takes no longer ones. */
const SHORTCUT_CHARS_MAX = 30;
const TITLE_CHARS_MAX = 120;
const TEXT_CHARS_MAX = 4000;

interface Props {
  org: string;
  given: CannedAnswer | null;
  closed: () => void;
}

export function CannedDialog({ org, given, closed }: Props) {
  const [fields, setFields] = useState<CannedFields>(given ?? { shortcut: "", language: language.value, title: "", text: "" });
  const { refused, done } = useKeeping(() => readCanned(org), closed);
  const set = (name: keyof CannedFields) => (event: { currentTarget: { value: string } }) =>
    setFields((known) => ({ ...known, [name]: event.currentTarget.value }));
  const submit = (event: Event) => {
    event.preventDefault();
    const { shortcut, language: spoken, title, text } = fields;
    void done(() => keep(org, given?.id ?? null, { shortcut: shortcut.replace(/^\//, ""), language: spoken, title, text }));
  };
  return (
    <Modal title={t(given ? "canned_change" : "canned_new")} closed={closed}>
      <form class="fields" onSubmit={submit}>
        <label>
          {t("canned_shortcut")}
          <input autofocus required maxLength={SHORTCUT_CHARS_MAX} pattern="\S+" title={t("canned_shortcut_hint")} value={fields.shortcut} onInput={set("shortcut")} />
        </label>
        <label>
          {t("canned_language")}
          <select value={fields.language} onChange={set("language")}>
            {LANGUAGES.map(({ id, name }) => <option key={id} value={id}>{name}</option>)}
          </select>
        </label>
        <label>
          {t("canned_title")}
          <input required maxLength={TITLE_CHARS_MAX} value={fields.title} onInput={set("title")} />
        </label>
        <label>
          {t("canned_text")}
          <textarea rows={5} required maxLength={TEXT_CHARS_MAX} value={fields.text} onInput={set("text")} />
        </label>
        <Verdict refused={refused} />
        <p class="line">
          <button type="submit" class="main-button" disabled={refused.busy}>{t("save")}</button>
          {given && (
            <button type="button" class="plain" disabled={refused.busy} onClick={() => done(() => remove(org, given.id))}>{t("canned_remove")}</button>
          )}
        </p>
      </form>
    </Modal>
  );
}
