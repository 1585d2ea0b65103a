// The head of the console: work status, search, and the way to the other pages.

import { effect } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { WorkState } from "../server/types.ts";
import { Icon } from "../parts/Icon.tsx";
import { now } from "../state/clock.ts";
import { dialog } from "../state/dialogs.ts";
import { DESK, linkToPage, page, type PageName } from "../state/route.ts";
import { sections } from "../state/administration.ts";
import { person, signOut, whereMay } from "../state/session.ts";
import { unreadCount } from "../state/unread.ts";
import { choose as chooseWork, work } from "../state/work.ts";
import { span, t } from "../state/words.ts";

const STATES: readonly WorkState[] = ["at_work", "break", "finished"];

export function Header() {
  return (
    <header class="head">
      <a class="brand" href={DESK} aria-current={page.value === null ? "page" : undefined}>
        <img src="/favicon.svg" alt="" width="28" height="28" />
        <span>{t("brand")}</span>
        {page.value !== null && unreadCount.value > 0 && (
          <span class="count">{unreadCount.value}<span class="hidden"> {t("unread")}</span></span>
        )}
      </a>
      <WorkMenu />
      <button type="button" class="plain search-button" aria-label={t("search")} aria-keyshortcuts="Control+K S" onClick={() => { dialog.value = "search"; }}>
        <Icon name="search" size={18} /> <span>{t("search")}</span> <kbd>Ctrl K</kbd>
      </button>
      <Menu />
    </header>
  );
}

function WorkMenu() {
  const current = work.value;
  if (!current) return null;
  return (
    <label class={`work ${current.status}`}>
      <span class="hidden">{t("work_status")}</span>
      <select value={current.status} onChange={(event) => chooseWork(event.currentTarget.value as WorkState)}>
        {STATES.map((state) => <option key={state} value={state}>{t(`work_${state}`)}</option>)}
      </select>
      {current.since && (
        <span class="work-time" title={t("work_since")}>{span((now.value - Date.parse(current.since)) / 1000)}</span>
      )}
    </label>
  );
}

/** What pages of the menu ask for somewhere. */
const ASKED = { shift: "view_shift", canned: "edit_canned_answers" } as const;

function Menu() {
  useEffect(closeWithPage, []);
  const forHeads: PageName[] = (["shift", "canned"] as const).filter((name) => whereMay(ASKED[name]).length > 0);
  const forAdministrators: PageName[] = sections().length > 0 ? ["administration"] : [];
  const pages: PageName[] = [...forHeads, "cabinet", ...forAdministrators, "settings", "account", "shortcuts"];
  return (
    <>
      <button type="button" class="icon-button" popovertarget="menu" aria-label={t("menu")}><Icon name="menu" /></button>
      <nav id="menu" class="menu" popover="auto" aria-label={t("menu")}>
        <p class="menu-person">{person.value?.name}</p>
        <a href={DESK}>{t("desk")}</a>
        {pages.map((name) => (
          <a key={name} href={linkToPage(name)} aria-current={page.value === name ? "page" : undefined}>{t(`page_${name}`)}</a>
        ))}
        <button type="button" onClick={signOut}>{t("sign_out")}</button>
      </nav>
    </>
  );
}

/** Going to a page closes the menu. */
const closeWithPage = () =>
  effect(() => {
    void page.value;
    document.getElementById("menu")?.hidePopover();
  });
