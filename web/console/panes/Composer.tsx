// The answer field: words that outlive everything, files, prepared answers.

import { useEffect, useRef, useState } from "preact/hooks";
import type { Place } from "../server/acts.ts";
import { filled, wanted } from "../logic/canned.ts";
import { Icon } from "../parts/Icon.tsx";
import { cannedFor, cannedValues, learnCanned } from "../state/canned.ts";
import { draftOf, keepDraft } from "../state/drafts.ts";
import { send } from "../state/outbox.ts";
import { tellTyping } from "../state/typing.ts";
import { size, t } from "../state/words.ts";
import { CannedList } from "./CannedList.tsx";

/** The server takes no larger ones. */
const FILE_BYTES_MAX = 20 * 1024 * 1024;

export function Composer({ place, dropped }: { place: Place; dropped: readonly File[] }) {
  const field = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useState(() => draftOf(place));
  const { files, add, remove, clear, tooLarge } = useFiles(dropped);
  const write = (words: string) => {
    setText(words);
    keepDraft(place, words);
  };
  const submit = () => {
    if (text.trim() === "" && files.length === 0) return;
    const [first = null, ...rest] = files;
    send(place, text, first);
    for (const file of rest) send(place, "", file);
    write("");
    clear();
    field.current?.focus();
  };
  const canned = useCanned(place, text, (words) => {
    write(words);
    field.current?.focus();
  });
  return (
    <form class="composer" onSubmit={(event) => { event.preventDefault(); submit(); }}>
      {tooLarge && <p class="alarm" role="alert">{t("file_too_large")}</p>}
      <Files files={files} remove={remove} />
      {canned.shown && <CannedList {...canned} />}
      <div class="composer-line">
        <AttachButton add={add} />
        <textarea
          ref={field}
          id="answer"
          rows={1}
          value={text}
          aria-label={t("answer")}
          placeholder={t("answer_hint")}
          enterkeyhint="send"
          aria-autocomplete="list"
          aria-controls={canned.shown ? "canned" : undefined}
          aria-activedescendant={canned.shown ? `canned-${canned.at}` : undefined}
          onInput={(event) => {
            write(event.currentTarget.value);
            if (event.currentTarget.value.trim()) tellTyping(place);
          }}
          onPaste={(event) => pasted(event, add)}
          onKeyDown={(event) => canned.key(event) || entered(event, submit)}
        />
        <button type="submit" class="main-button send" aria-label={t("send")}><Icon name="send" /></button>
      </div>
    </form>
  );
}

/** Enter sends; with Shift it begins a line; while a word is being put together it belongs to the input method. */
function entered(event: KeyboardEvent, submit: () => void): void {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  submit();
}

function pasted(event: ClipboardEvent, add: (files: readonly File[]) => void): void {
  const files = [...(event.clipboardData?.files ?? [])];
  if (files.length === 0) return;
  event.preventDefault();
  add(files);
}

function useFiles(dropped: readonly File[]) {
  const [files, setFiles] = useState<readonly File[]>([]);
  const [tooLarge, setTooLarge] = useState(false);
  const add = (more: readonly File[]) => {
    const taken = more.filter((file) => file.size <= FILE_BYTES_MAX);
    setTooLarge(taken.length < more.length);
    setFiles((known) => [...known, ...taken]);
  };
  useEffect(() => {
    if (dropped.length > 0) add(dropped);
  }, [dropped]);
  const remove = (file: File) => setFiles((known) => known.filter((one) => one !== file));
  return { files, add, remove, clear: () => setFiles([]), tooLarge };
}

/** The list of prepared answers while the field begins with a stroke. */
function useCanned(place: Place, text: string, insert: (words: string) => void) {
  const [at, setAt] = useState(0);
  const [dismissed, setDismissed] = useState(false);
  const words = wanted(text);
  useEffect(() => {
    setAt(0);
    if (words === null) setDismissed(false);
    else void learnCanned(place.org);
  }, [words]);
  const found = words === null || dismissed ? [] : cannedFor(place.org, words);
  const choose = (index: number) => {
    const one = found[index];
    if (one) insert(filled(one.text, cannedValues()));
  };
  const key = (event: KeyboardEvent): boolean => {
    if (found.length === 0 || event.isComposing) return false;
    const steps: Record<string, () => void> = {
      ArrowDown: () => setAt((at + 1) % found.length),
      ArrowUp: () => setAt((at + found.length - 1) % found.length),
      Enter: () => choose(at),
      Tab: () => choose(at),
      Escape: () => setDismissed(true),
    };
    const act = steps[event.key];
    if (!act) return false;
    event.preventDefault();
    event.stopPropagation();
    act();
    return true;
  };
  return { shown: found.length > 0, found, at, choose, key };
}

function AttachButton({ add }: { add: (files: readonly File[]) => void }) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        onChange={(event) => {
          add([...(event.currentTarget.files ?? [])]);
          event.currentTarget.value = "";
        }}
      />
      <button type="button" class="icon-button" aria-label={t("attach")} onClick={() => input.current?.click()}>
        <Icon name="attach" />
      </button>
    </>
  );
}

function Files({ files, remove }: { files: readonly File[]; remove: (file: File) => void }) {
  if (files.length === 0) return null;
  return (
    <ul class="files" aria-label={t("files")}>
      {files.map((file) => (
        <li key={`${file.name} ${file.size} ${file.lastModified}`}>
          <Icon name="file" size={16} /> {file.name} <span class="soft">{size(file.size)}</span>
          <button type="button" class="icon-button small" aria-label={t("remove_file", { name: file.name })} onClick={() => remove(file)}>
            <Icon name="close" size={14} />
          </button>
        </li>
      ))}
    </ul>
  );
}
