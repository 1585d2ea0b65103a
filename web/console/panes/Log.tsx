// What was said, oldest first. It stays at its end only if it was there; one's own answer brings it there.

import { Fragment } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Place } from "../server/acts.ts";
import type { Message } from "../server/types.ts";
import { unmatched } from "../logic/outbox.ts";
import { dayOf } from "../logic/times.ts";
import { Icon } from "../parts/Icon.tsx";
import { outbox } from "../state/outbox.ts";
import { readEarlier, readingEarlier, thread } from "../state/thread.ts";
import { day, t } from "../state/words.ts";
import { MessageView } from "./MessageView.tsx";
import { Pending } from "./Pending.tsx";

/** This near the end counts as at the end. */
const NEAR_PX = 60;

export function Log({ place }: { place: Place }) {
  const messages = thread.value?.messages ?? [];
  const own = outbox.value.filter(({ org, id }) => org === place.org && id === place.id);
  const pending = unmatched(own, messages);
  const { log, below, scrolled, toEnd } = useEnd(messages[0]?.id, messages.at(-1)?.id, pending.length);
  return (
    <div class="log-frame">
      <div class="log" role="log" tabIndex={0} aria-label={t("log")} ref={log} onScroll={scrolled}>
        {thread.value?.earlier && <Earlier />}
        {messages.map((message, index) => (
          <Fragment key={message.id}>
            <Day message={message} before={messages[index - 1]} />
            <MessageView message={message} />
          </Fragment>
        ))}
        {pending.map((item) => <Pending key={item.clientId} item={item} />)}
      </div>
      {below && (
        <button type="button" class="to-end" onClick={toEnd}>
          <Icon name="down" size={16} /> {t("to_newest")}
        </button>
      )}
    </div>
  );
}

/** Keeps the place while older messages come before it, and the end while newer ones come after it. */
function useEnd(first: string | undefined, last: string | undefined, sending: number) {
  const log = useRef<HTMLDivElement>(null);
  const was = useRef({ atEnd: true, first, height: 0, sending });
  const [below, setBelow] = useState(false);
  const toEnd = () => log.current?.scrollTo({ top: log.current.scrollHeight });
  useLayoutEffect(() => {
    const node = log.current;
    if (!node) return;
    if (was.current.first !== first && was.current.height > 0) node.scrollTop += node.scrollHeight - was.current.height;
    else if (was.current.atEnd || sending > was.current.sending) toEnd();
    was.current = { ...was.current, first, height: node.scrollHeight, sending };
  }, [first, last, sending]);
  useLayoutEffect(() => followSize(log.current, () => was.current.atEnd && toEnd()), []);
  const scrolled = () => {
    const node = log.current;
    if (!node) return;
    const atEnd = node.scrollHeight - node.scrollTop - node.clientHeight < NEAR_PX;
    was.current.atEnd = atEnd;
    setBelow(!atEnd);
  };
  return { log, below, scrolled, toEnd };
}

/** Pictures that arrive and a growing answer field move the end, too. */
function followSize(node: HTMLElement | null, moved: () => void) {
  if (!node) return undefined;
  const observer = new ResizeObserver(moved);
  observer.observe(node);
  node.addEventListener("load", moved, true);
  return () => observer.disconnect();
}

function Earlier() {
  return (
    <button type="button" class="plain earlier" disabled={readingEarlier.value} onClick={readEarlier}>
      <Icon name="up" size={16} /> {readingEarlier.value ? t("reading") : t("show_earlier")}
    </button>
  );
}

function Day({ message, before }: { message: Message; before: Message | undefined }) {
  if (before && dayOf(before.at) === dayOf(message.at)) return null;
  return <p class="day"><span>{day(message.at)}</span></p>;
}
