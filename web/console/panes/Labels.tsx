// Labels of the open conversation.

import { useEffect, useState } from "preact/hooks";
import { labels as read, type Place } from "../server/acts.ts";
import { Icon } from "../parts/Icon.tsx";
import { label } from "../state/acts.ts";
import { thread } from "../state/thread.ts";
import { t } from "../state/words.ts";

/** The server takes no more and no longer ones. */
const LABELS_MAX = 10;
export const LABEL_CHARS_MAX = 40;

export function Labels({ place }: { place: Place }) {
  const [words, setWords] = useState("");
  const [offered, setOffered] = useState<readonly string[]>([]);
  const held = thread.value?.conversation.labels ?? [];
  useEffect(() => {
    // Without them labels are typed.
    read(place.org).then(setOffered, () => setOffered([]));
  }, [place.org]);
  const add = async (event: Event) => {
    event.preventDefault();
    const text = words.trim();
    if (text !== "" && (await label(place, [...held, text]))) setWords("");
  };
  return (
    <section class="labels">
      <h3>{t("labels")}</h3>
      <ul class="chips">
        {held.map((text) => (
          <li key={text}>
            {text}
            <button type="button" class="icon-button" aria-label={t("label_remove", { label: text })} onClick={() => label(place, held.filter((other) => other !== text))}>
              <Icon name="close" size={14} />
            </button>
          </li>
        ))}
      </ul>
      {held.length < LABELS_MAX && (
        <form class="line" onSubmit={add}>
          <input aria-label={t("label_new")} placeholder={t("label_new")} maxLength={LABEL_CHARS_MAX} list="labels" value={words} onInput={(event) => setWords(event.currentTarget.value)} />
          <datalist id="labels">{offered.map((text) => <option key={text} value={text} />)}</datalist>
          <button type="submit" class="plain" disabled={words.trim() === ""}>{t("label_add")}</button>
        </form>
      )}
    </section>
  );
}
