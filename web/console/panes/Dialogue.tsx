// The open conversation: who it is with, what was said, and where one answers.

import { useState } from "preact/hooks";
import type { Place } from "../server/acts.ts";
import { Icon, type IconName } from "../parts/Icon.tsx";
import { keyOf } from "../logic/rows.ts";
import { cardShown, dialog, type DialogName } from "../state/dialogs.ts";
import { DESK, opened } from "../state/route.ts";
import { organisationName } from "../state/session.ts";
import { isMine, mayAssign, missing, thread } from "../state/thread.ts";
import { named, t } from "../state/words.ts";
import { Answering } from "./Answering.tsx";
import { Log } from "./Log.tsx";

export function Dialogue() {
  const place = opened.value;
  if (!place) return <section class="pane dialogue"><p class="empty middle">{t("choose_conversation")}</p></section>;
  if (!thread.value) {
    return (
      <section class="pane dialogue">
        <Head />
        <p class="empty middle" role="status">{missing.value ? t("conversation_missing") : t("reading")}</p>
      </section>
    );
  }
  return <Open key={keyOf(place)} place={place} />;
}

/** Files may be let fall anywhere on it. */
function Open({ place }: { place: Place }) {
  const [dropped, setDropped] = useState<readonly File[]>([]);
  const [over, setOver] = useState(false);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    setDropped([...(event.dataTransfer?.files ?? [])]);
  };
  const dragged = (event: DragEvent) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    setOver(true);
  };
  return (
    <section
      class={over ? "pane dialogue over" : "pane dialogue"}
      aria-labelledby="dialogue-title"
      onDragOver={dragged}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <Head />
      <Log place={place} />
      <Answering place={place} dropped={dropped} />
    </section>
  );
}

function Head() {
  const conversation = thread.value?.conversation;
  return (
    <div class="dialogue-head">
      <a class="icon-button back" href={DESK} aria-label={t("back_to_list")}><Icon name="back" /></a>
      <div class="dialogue-who">
        <h2 id="dialogue-title">{conversation ? (conversation.citizen.name ?? t("no_name")) : "…"}</h2>
        {conversation && (
          <p>
            <span class={`state ${conversation.status}`}>{named("status", conversation.status)}</span>
            {conversation.operator && !isMine.value && <span>{conversation.operator.name}</span>}
            <span>{organisationName(thread.value!.org)}</span>
            {thread.value!.isTyping && <span class="typing">{t("typing")}</span>}
          </p>
        )}
      </div>
      {mayAssign.value && <Act name="assign" icon="assign" letter="a" />}
      {isMine.value && <Acts />}
      {conversation && (
        <button
          type="button"
          class="icon-button card-opener"
          aria-expanded={cardShown.value}
          aria-label={t("card")}
          onClick={() => {
            cardShown.value = !cardShown.value;
          }}
        >
          <Icon name="person" />
        </button>
      )}
    </div>
  );
}

function Acts() {
  return (
    <>
      <Act name="transfer" icon="transfer" letter="x" />
      <Act name="close" icon="done" letter="e" />
    </>
  );
}

function Act({ name, icon, letter }: { name: Exclude<DialogName, "search">; icon: IconName; letter: string }) {
  return (
    <button type="button" class="plain act" title={t(name)} aria-keyshortcuts={letter.toUpperCase()} onClick={() => { dialog.value = name; }}>
      <Icon name={icon} size={18} /> <span class="act-word">{t(name)}</span> <kbd>{letter}</kbd>
    </button>
  );
}
