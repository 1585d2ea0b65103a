// A dialog over the page: the focus stays in it, Escape closes it, and the focus returns to where it was.

import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { t } from "../state/words.ts";
import { Icon } from "./Icon.tsx";

interface Props {
  title: string;
  closed: () => void;
  wide?: boolean;
  children: ComponentChildren;
}

export function Modal({ title, closed, wide = false, children }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const node = dialog.current;
    node?.showModal();
    return () => node?.close();
  }, []);
  return (
    <dialog ref={dialog} class={wide ? "modal wide" : "modal"} aria-labelledby="modal-title" onClose={closed}>
      <div class="modal-head">
        <h2 id="modal-title">{title}</h2>
        <button type="button" class="icon-button" aria-label={t("close_dialog")} onClick={() => dialog.current?.close()}>
          <Icon name="close" />
        </button>
      </div>
      {children}
    </dialog>
  );
}
