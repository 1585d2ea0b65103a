// The keys of the console.

import { Page } from "../parts/Page.tsx";
import { linkToPage } from "../state/route.ts";
import { settings } from "../state/settings.ts";
import { t, type Word } from "../state/words.ts";

const KEYS: readonly [keys: string, Word][] = [
  ["j  ↓", "key_next"],
  ["k  ↑", "key_previous"],
  ["1  2  3", "key_tabs"],
  ["n", "key_next_waiting"],
  ["t", "key_take"],
  ["r  Enter", "key_answer"],
  ["/", "key_canned"],
  ["Enter", "key_send"],
  ["Shift Enter", "key_line"],
  ["m", "key_note"],
  ["a", "key_assign"],
  ["x", "key_transfer"],
  ["e", "key_close"],
  ["u", "key_reopen"],
  ["v", "key_choose"],
  ["Ctrl K  s", "key_search"],
  ["Esc", "key_back"],
  ["?", "key_help"],
];

export function Shortcuts() {
  return (
    <Page title={t("page_shortcuts")}>
      <p class="soft">{t("shortcuts_lead")}</p>
      {!settings.value.letters && <p class="notice"><a href={linkToPage("settings")}>{t("letters_off")}</a></p>}
      <dl class="keys">
        {KEYS.map(([keys, meaning]) => (
          <div key={meaning}>
            <dt>{keys.split("  ").map((one) => <kbd key={one}>{one}</kbd>)}</dt>
            <dd>{t(meaning)}</dd>
          </div>
        ))}
      </dl>
    </Page>
  );
}
