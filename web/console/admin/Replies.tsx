// The tree of automatic replies, and a box to try what it answers.

import { useEffect, useState } from "preact/hooks";
import * as server from "../server/administration.ts";
import type { AutomaticReply, ReplyTest, ReplyTree } from "../server/administration.ts";
import { ReplyForm } from "./ReplyForm.tsx";
import { useRefusal } from "../parts/refusal.ts";
import { Submit, Verdict } from "../parts/Submit.tsx";
import { language, LANGUAGES, named, t } from "../state/words.ts";

export function Replies({ org }: { org: string }) {
  const [tree, setTree] = useState<ReplyTree | null>(null);
  const [edited, setEdited] = useState<Edited | null>(null);
  const refused = useRefusal();
  useEffect(() => {
    void refused.during(async () => setTree(await server.replies(org)));
  }, [org]);
  if (!tree) return <Verdict refused={refused} />;
  const restore = () => refused.during(async () => setTree(await server.restoreReplies(org, tree.revision)));
  return (
    <>
      <TestBox org={org} replies={tree.replies} />
      <section>
        <h2>{t("replies_tree")}</h2>
        <p class="line">
          <button type="button" class="plain" onClick={() => setEdited({ reply: null, isNew: true })}>{t("replies_new_topic")}</button>
          {tree.own && <button type="button" class="plain" disabled={refused.busy} onClick={restore}>{t("admin_as_delivered")}</button>}
        </p>
        <Verdict refused={refused} />
        {tree.problems.length > 0 && (
          <div class="alarm">
            <p>{t("replies_not_in_force")}</p>
            <ul class="problems">{tree.problems.map((problem) => <li key={problem}>{problem}</li>)}</ul>
          </div>
        )}
        <Below replies={tree.replies} under={null} edit={setEdited} />
      </section>
      {edited && <ReplyForm org={org} tree={tree} {...edited} name={label} kept={setTree} closed={() => setEdited(null)} />}
    </>
  );
}

/** The reply that is changed, or the one above a new one. */
interface Edited {
  reply: AutomaticReply | null;
  isNew: boolean;
}

const label = (reply: AutomaticReply) => reply.label[language.value] ?? Object.values(reply.label).find(Boolean) ?? reply.id;

interface BelowProps {
  replies: readonly AutomaticReply[];
  under: string | null;
  edit: (edited: Edited) => void;
}

function Below({ replies, under, edit }: BelowProps) {
  const here = replies.filter((reply) => reply.under === under);
  if (here.length === 0) return null;
  return (
    <ul class="tree">
      {here.map((reply) => (
        <li key={reply.id}>
          <details>
            <summary>{label(reply)} <span class="soft">{reply.id}{reply.variants > 0 && ` · ${t("replies_variants", { count: reply.variants })}`}</span></summary>
            <p class="words">{reply.answer[language.value] ?? Object.values(reply.answer).find(Boolean) ?? t("texts_none")}</p>
            <p class="line">
              <button type="button" class="plain small" aria-label={`${t("change")}: ${label(reply)}`} onClick={() => edit({ reply, isNew: false })}>{t("change")}</button>
              <button type="button" class="plain small" aria-label={t("replies_new_under", { name: label(reply) })} onClick={() => edit({ reply, isNew: true })}>{t("replies_new")}</button>
            </p>
          </details>
          <Below replies={replies} under={reply.id} edit={edit} />
        </li>
      ))}
    </ul>
  );
}

function TestBox({ org, replies }: { org: string; replies: readonly AutomaticReply[] }) {
  const [text, setText] = useState("");
  const [spoken, setSpoken] = useState<string>(language.value);
  const [topic, setTopic] = useState("");
  const [found, setFound] = useState<ReplyTest | null>(null);
  const refused = useRefusal();
  const submit = (event: Event) => {
    event.preventDefault();
    const fields = { text, language: spoken, ...(topic ? { topic } : {}) };
    void refused.during(async () => setFound(await server.testReplies(org, fields)));
  };
  return (
    <section>
      <h2>{t("replies_test")}</h2>
      <form class="fields" onSubmit={submit}>
        <label>{t("replies_text")} <input required maxLength={1000} value={text} onInput={(event) => setText(event.currentTarget.value)} /></label>
        <label>
          {t("language_of_citizen")}
          <select value={spoken} onChange={(event) => setSpoken(event.currentTarget.value)}>
            {LANGUAGES.map(({ id, name }) => <option key={id} value={id}>{name}</option>)}
          </select>
        </label>
        <label>
          {t("replies_about")}
          <select value={topic} onChange={(event) => setTopic(event.currentTarget.value)}>
            <option value="">{t("no_topic")}</option>
            {replies.map((reply) => <option key={reply.id} value={reply.id}>{label(reply)}</option>)}
          </select>
        </label>
        <Submit refused={refused} text={t("replies_try")} />
      </form>
      <div role="status">{found && <Outcome found={found} replies={replies} />}</div>
    </section>
  );
}

function Outcome({ found, replies }: { found: ReplyTest; replies: readonly AutomaticReply[] }) {
  const { answer, explanation } = found;
  const name = (id: string) => {
    const reply = replies.find((one) => one.id === id);
    return reply ? label(reply) : id;
  };
  return (
    <div class="outcome">
      <p class="words"><strong>{answer ?? t("replies_menu")}</strong></p>
      {explanation.words.some(({ found: seen }) => seen.length > 0) && (
        <>
          <h3>{t("replies_words")}</h3>
          <ul>
            {explanation.words.filter(({ found: seen }) => seen.length > 0).map(({ word, found: seen }) => (
              <li key={word}>{word} → {seen.map(({ keyword, reply }) => `${keyword} (${name(reply)})`).join(", ")}</li>
            ))}
          </ul>
        </>
      )}
      {explanation.candidates.length > 0 && (
        <>
          <h3>{t("replies_candidates")}</h3>
          <ol>
            {explanation.candidates.map((candidate) => (
              <li key={candidate.reply}>
                {name(candidate.reply)} <span class="soft">{t("replies_score", { score: candidate.score })}</span>
                {candidate.conditions.map(({ condition, holds }) => (
                  <span key={condition} class={holds ? "mark" : "mark late"}>{named("condition", condition)}: {t(holds ? "yes" : "no")}</span>
                ))}
              </li>
            ))}
          </ol>
        </>
      )}
    </div>
  );
}
