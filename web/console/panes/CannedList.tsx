// The prepared answers that fit what is typed; the focus stays in the field.

import type { CannedAnswer } from "../server/types.ts";
import { t } from "../state/words.ts";

interface Props {
  found: readonly CannedAnswer[];
  at: number;
  choose: (index: number) => void;
}

export function CannedList({ found, at, choose }: Props) {
  return (
    <ul class="canned" id="canned" role="listbox" aria-label={t("canned")}>
      {found.map((one, index) => (
        <li
          key={one.id}
          id={`canned-${index}`}
          role="option"
          aria-selected={index === at}
          onMouseDown={(event) => { event.preventDefault(); choose(index); }}
        >
          <span class="canned-head"><kbd>/{one.shortcut}</kbd> {one.title} <span class="soft">{one.language.toUpperCase()}</span></span>
          <span class="canned-text">{one.text}</span>
        </li>
      ))}
    </ul>
  );
}
