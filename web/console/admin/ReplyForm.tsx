// One automatic reply: by which words it is found, what its button says and what is answered.

import { useState } from "preact/hooks";
import * as server from "../server/administration.ts";
import type { AutomaticReply, ReplyTree } from "../server/administration.ts";
import { changeOf, emptyReply, fieldsOf, possibleParents, type ReplyFields, understood } from "../logic/replies.ts";
import { Modal } from "../parts/Modal.tsx";
import { Verdict } from "../parts/Submit.tsx";
import { useProblems } from "./useProblems.ts";
import { local, t } from "../state/words.ts";

const PRIORITIES = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"] as const;

interface Props {
  org: string;
  tree: ReplyTree;
  /** The reply that is changed, or the one under which a new one begins; null: a new topic. */
  reply: AutomaticReply | null;
  isNew: boolean;
  name: (reply: AutomaticReply) => string;
  kept: (tree: ReplyTree) => void;
  closed: () => void;
}

export function ReplyForm({ org, tree, reply, isNew, name, kept, closed }: Props) {
  const [fields, setFields] = useState<ReplyFields>(() =>
    isNew || !reply ? emptyReply(reply?.id ?? "", tree.queues[0]?.id ?? "") : fieldsOf(reply));
  const [isTorn, setTorn] = useState(false);
  const { refused, problems, during } = useProblems();
  const set = (change: Partial<ReplyFields>) => setFields((now) => ({ ...now, ...change }));
  const act = async (change: () => Promise<ReplyTree>) => {
    if (await during(async () => kept(await change()))) closed();
  };
  const submit = (event: Event) => {
    event.preventDefault();
    setTorn(false);
    try {
      const change = changeOf(fields);
      void act(() => server.changeReply(org, fields.id, change, tree.revision));
    } catch {
      setTorn(true);
    }
  };
  const isTopic = fields.under === "";
  const others = isNew ? tree.replies : possibleParents(tree.replies, fields.id);
  return (
    <Modal title={isNew ? t(isTopic ? "replies_new_topic" : "replies_new") : fields.id} closed={closed} wide>
      <form class="fields" onSubmit={submit}>
        {isNew && (
          <label>
            {t("field_id")}
            <input required pattern="[a-z][a-z0-9\-]*" maxLength={40} title={t("field_id_hint")} autocomplete="off" value={fields.id} onInput={(event) => set({ id: event.currentTarget.value })} />
          </label>
        )}
        {isTopic
          ? (
            <label>
              {t("queue")}
              <select value={fields.queue} onChange={(event) => set({ queue: event.currentTarget.value })}>
                {tree.queues.map((queue) => <option key={queue.id} value={queue.id}>{local(queue.name, queue.id)}</option>)}
              </select>
            </label>
          )
          : (
            <label>
              {t("replies_under")}
              <select value={fields.under} onChange={(event) => set({ under: event.currentTarget.value })}>
                {others.map((other) => <option key={other.id} value={other.id}>{"— ".repeat(other.depth)}{name(other)}</option>)}
              </select>
            </label>
          )}
        <label>
          {t("topic_priority")}
          <select value={fields.priority} onChange={(event) => set({ priority: event.currentTarget.value })}>
            {!isTopic && <option value="">{t("replies_as_topic")}</option>}
            {PRIORITIES.map((priority) => <option key={priority} value={priority}>{priority}</option>)}
          </select>
        </label>
        <Lines name="words" text={t("replies_keywords")} hint={t("replies_keywords_hint")} languages={understood(tree)} values={fields.words} change={(words) => set({ words })} />
        <Lines name="hints" text={t("replies_hints")} hint={t("replies_hints_hint")} languages={understood(tree)} values={fields.hints} change={(hints) => set({ hints })} />
        <Lines name="label" text={t("replies_label")} languages={tree.languages} values={fields.label} change={(label) => set({ label })} />
        <Lines name="answer" text={t("replies_answer")} rows={4} languages={tree.languages} values={fields.answer} change={(answer) => set({ answer })} />
        <label>
          {t("replies_weight")}
          <input type="number" min={1} max={1000} placeholder="100" value={fields.weight} onInput={(event) => set({ weight: event.currentTarget.value })} />
        </label>
        <label>
          {t("replies_more")} <span class="soft">{t("replies_more_hint")}</span>
          <textarea rows={4} class="code" spellcheck={false} aria-invalid={isTorn} value={fields.more} onInput={(event) => set({ more: event.currentTarget.value })} />
          {isTorn && <span class="alarm" role="alert">{t("replies_more_torn")}</span>}
        </label>
        <Verdict refused={refused} />
        {problems.length > 0 && (
          <ul class="problems">
            {problems.map(({ place, message }) => <li key={place + message}><code>{place}</code> {message}</li>)}
          </ul>
        )}
        <p class="line">
          <button type="submit" class="main-button" disabled={refused.busy}>{t("save")}</button>
          {!isNew && (
            <button type="button" class="plain" disabled={refused.busy} onClick={() => act(() => server.removeReply(org, fields.id, tree.revision))}>
              {t("replies_remove")}
            </button>
          )}
        </p>
      </form>
    </Modal>
  );
}

interface LinesProps {
  name: string;
  text: string;
  hint?: string;
  rows?: number;
  languages: readonly string[];
  values: Record<string, string>;
  change: (values: Record<string, string>) => void;
}

/** One field for each language. */
function Lines({ name, text, hint, rows, languages, values, change }: LinesProps) {
  const set = (language: string, value: string) => change({ ...values, [language]: value });
  return (
    <fieldset class="by-language">
      <legend>{text}</legend>
      {hint && <p class="soft">{hint}</p>}
      {languages.map((language) => (
        <label key={language}>
          <span>{language.toUpperCase()}</span>
          {rows
            ? <textarea name={`${name}-${language}`} rows={rows} lang={language} value={values[language] ?? ""} onInput={(event) => set(language, event.currentTarget.value)} />
            : <input name={`${name}-${language}`} lang={language} autocomplete="off" value={values[language] ?? ""} onInput={(event) => set(language, event.currentTarget.value)} />}
        </label>
      ))}
    </fieldset>
  );
}
