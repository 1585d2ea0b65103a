// Notes between operators, which the citizen never sees.

import { useRef, useState } from "preact/hooks";
import type { Place } from "../server/acts.ts";
import { note } from "../state/acts.ts";
import { draftOf, keepDraft } from "../state/drafts.ts";
import { thread } from "../state/thread.ts";
import { t, when } from "../state/words.ts";

/** The server takes no longer ones. */
const NOTE_CHARS_MAX = 4000;

export function Notes({ place }: { place: Place }) {
  const notes = thread.value?.notes ?? [];
  return (
    <section class="notes">
      <h3>{t("notes")}</h3>
      <ul>
        {notes.map(({ id, by, text, at, whisper }) => (
          <li key={id} class={whisper ? "whisper" : undefined}>
            {whisper && <p class="soft">{t("whisper")}</p>}
            <p class="words">{text}</p>
            <p class="soft">{by ?? t("from_robot")} · {when(at)}</p>
          </li>
        ))}
      </ul>
      {thread.value?.conversation.status !== "closed" && <NewNote place={place} />}
    </section>
  );
}

function NewNote({ place }: { place: Place }) {
  const drawer = { ...place, id: `${place.id}.note` };
  const field = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useState(() => draftOf(drawer));
  const write = (words: string) => {
    setText(words);
    keepDraft(drawer, words);
  };
  const submit = async (event: Event) => {
    event.preventDefault();
    field.current?.focus();
    if (text.trim() !== "" && (await note(place, text.trim()))) write("");
  };
  return (
    <form onSubmit={submit}>
      <textarea
        ref={field}
        id="note"
        rows={2}
        value={text}
        maxLength={NOTE_CHARS_MAX}
        aria-label={t("note_new")}
        placeholder={t("note_hint")}
        onInput={(event) => write(event.currentTarget.value)}
      />
      <button type="submit" class="plain">{t("note_add")}</button>
    </form>
  );
}
