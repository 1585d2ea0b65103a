// What is said to citizens: every text with its languages side by side, what is missing marked.

import { useEffect, useState } from "preact/hooks";
import * as server from "../server/administration.ts";
import type { SaidText, Texts } from "../server/administration.ts";
import { chosenTexts, isMissing } from "../logic/texts.ts";
import { Modal } from "../parts/Modal.tsx";
import { useRefusal } from "../parts/refusal.ts";
import { Verdict } from "../parts/Submit.tsx";
import { useProblems } from "./useProblems.ts";
import { t } from "../state/words.ts";

/** What a messenger takes as one message. */
const MESSAGE_CHARS_MAX = 4096;

export function TextsSection({ org }: { org: string }) {
  const [texts, setTexts] = useState<Texts | null>(null);
  const [words, setWords] = useState("");
  const [only, setOnly] = useState<"all" | "missing" | "own">("all");
  const [edited, setEdited] = useState<string | null>(null);
  const refused = useRefusal();
  useEffect(() => {
    void refused.during(async () => setTexts(await server.texts(org)));
  }, [org]);
  if (!texts) return <Verdict refused={refused} />;
  const shown = chosenTexts(texts.texts, words, only);
  const open = texts.texts.find(({ id }) => id === edited);
  return (
    <>
      <div class="admin-tools">
        <label>{t("texts_find")} <input type="search" value={words} onInput={(event) => setWords(event.currentTarget.value)} /></label>
        <label>
          {t("texts_only")}
          <select value={only} onChange={(event) => setOnly(event.currentTarget.value as typeof only)}>
            <option value="all">{t("texts_all")}</option>
            <option value="missing">{t("texts_missing", { count: texts.texts.filter(isMissing).length })}</option>
            <option value="own">{t("texts_own")}</option>
          </select>
        </label>
      </div>
      <p class="soft" role="status">{t("found_count", { count: shown.length })}</p>
      <ul class="texts">
        {shown.map((text) => (
          <li key={text.id}>
            <div class="text-head">
              <code>{text.id}</code>
              {isMissing(text) && <span class="mark late">{t("texts_is_missing")}</span>}
              {Object.values(text.values).some((value) => value?.own) && <span class="mark">{t("texts_is_own")}</span>}
              <button type="button" class="plain" aria-label={`${t("change")}: ${text.id}`} onClick={() => setEdited(text.id)}>{t("change")}</button>
            </div>
            <dl class="text-values">
              {texts.languages.map((language) => (
                <div key={language}>
                  <dt>{language.toUpperCase()}</dt>
                  <dd lang={language} class="words">{text.values[language]?.text ?? <em>{t("texts_none")}</em>}</dd>
                </div>
              ))}
            </dl>
          </li>
        ))}
      </ul>
      {open && <TextDialog org={org} texts={texts} text={open} kept={setTexts} closed={() => setEdited(null)} />}
    </>
  );
}

interface DialogProps {
  org: string;
  texts: Texts;
  text: SaidText;
  kept: (texts: Texts) => void;
  closed: () => void;
}

function TextDialog({ org, texts, text, kept, closed }: DialogProps) {
  const [values, setValues] = useState<Record<string, string>>(
    Object.fromEntries(texts.languages.map((language) => [language, text.values[language]?.text ?? ""])),
  );
  const { refused, problems, during } = useProblems();
  const isOwn = Object.values(text.values).some((value) => value?.own);
  const act = async (change: () => Promise<Texts>) => {
    if (await during(async () => kept(await change()))) closed();
  };
  const submit = (event: Event) => {
    event.preventDefault();
    // What is as delivered stays so, also with the next release.
    const changed = Object.entries(values).filter(([language, value]) => {
      const standing = text.values[language];
      return value.trim() !== "" && (standing?.own || value.trim() !== (standing?.text ?? ""));
    });
    void act(() => server.changeText(org, text.id, Object.fromEntries(changed), texts.revision));
  };
  return (
    <Modal title={text.id} closed={closed} wide>
      <form class="fields" onSubmit={submit}>
        <p class="soft">{t("text_placeholders")} {text.placeholders.map((name) => <code key={name}>{`{ $${name} }`} </code>)}</p>
        {text.used_in.length > 0 && <p class="soft">{t("text_used_in")} {text.used_in.join(", ")}</p>}
        {texts.languages.map((language) => {
          const problem = problems.find(({ place }) => place.endsWith(`.${language}`));
          return (
            <label key={language}>
              {language.toUpperCase()} <span class="soft">{t("text_length", { count: values[language]?.length ?? 0, most: MESSAGE_CHARS_MAX })}</span>
              <textarea
                rows={6}
                lang={language}
                aria-invalid={problem !== undefined}
                value={values[language] ?? ""}
                onInput={(event) => setValues({ ...values, [language]: event.currentTarget.value })}
              />
              {problem && <span class="alarm" role="alert">{problem.message}</span>}
            </label>
          );
        })}
        <Verdict refused={refused} />
        <p class="line">
          <button type="submit" class="main-button" disabled={refused.busy}>{t("save")}</button>
          {isOwn && (
            <button type="button" class="plain" disabled={refused.busy} onClick={() => act(() => server.restoreText(org, text.id, texts.revision))}>
              {t("admin_as_delivered")}
            </button>
          )}
        </p>
      </form>
    </Modal>
  );
}
