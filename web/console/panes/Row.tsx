// One conversation in the list.

import type { Listed } from "../server/types.ts";
import { mark, since } from "../logic/sla.ts";
import { keyOf } from "../logic/rows.ts";
import { channelIcon, Icon } from "../parts/Icon.tsx";
import { choosing, isChosen, toggle } from "../state/choosing.ts";
import { now } from "../state/clock.ts";
import { focusAnswer } from "../state/focus.ts";
import { linkTo, opened } from "../state/route.ts";
import { myId, myOrganisations, organisationName, topicName } from "../state/session.ts";
import { outbox } from "../state/outbox.ts";
import { isUnread } from "../state/unread.ts";
import { about, named, t } from "../state/words.ts";

export function Row({ row }: { row: Listed }) {
  const open = opened.value?.id === row.id && opened.value.org === row.org;
  return (
    <li class={choosing.value ? "choosable" : undefined}>
      {choosing.value && (
        <label class="chooser">
          <input type="checkbox" checked={isChosen(row)} onChange={() => toggle(row)} />
          <span class="hidden">{t("choose_row", { name: row.citizen.name ?? t("no_name") })}</span>
        </label>
      )}
      <a
        href={linkTo(row)}
        class={isUnread(row) ? "row unread" : "row"}
        data-row={keyOf(row)}
        aria-current={open ? "true" : undefined}
        onClick={() => open && focusAnswer()}
      >
        <span class="row-line">
          <span class="row-name">{row.citizen.name ?? t("no_name")}</span>
          {isUnread(row) && <span class="dot"><span class="hidden">{t("unread")}</span></span>}
          <Waited row={row} />
        </span>
        <span class="row-line row-facts">
          <span class="channel"><Icon name={channelIcon(row.channel)} size={14} /> {named("channel", row.channel)}</span>
          {facts(row).map((fact) => <span key={fact}>{fact}</span>)}
        </span>
        {myOrganisations.value.length > 1 && <span class="row-line row-facts"><span>{organisationName(row.org)}</span></span>}
        <span class="row-line">
          <span class="row-last">{preview(row)}</span>
          {notSent(row) ? <span class="sla late"><Icon name="alarm" size={14} /> {t("row_not_sent")}</span> : <SlaMark row={row} />}
        </span>
      </a>
    </li>
  );
}

function facts(row: Listed): string[] {
  const others = row.operator && row.operator.id !== myId.value ? row.operator.name : null;
  return [
    row.topic && topicName(row.org, row.topic),
    row.language.toUpperCase(),
    row.priority > 0 ? t("priority", { value: row.priority }) : null,
    others,
    ...(row.labels ?? []),
  ].filter((fact) => fact !== null && fact !== "") as string[];
}

function Waited({ row }: { row: Listed }) {
  const seconds = (now.value - Date.parse(since(row))) / 1000;
  return (
    <span class="row-state">
      <span class={`state ${row.status}`}>{named("status", row.status)}</span>
      <span class="row-time">{about(seconds)}</span>
    </span>
  );
}

/** An answer of this browser was refused and waits for a decision. */
const notSent = (row: Listed) =>
  outbox.value.some(({ org, id, state }) => state === "failed" && id === row.id && org === row.org);

function preview(row: Listed): string {
  if (!row.last) return "";
  const words = row.last.text ?? t("last_file");
  return row.last.from === "citizen" ? words : `${named("from", row.last.from)}: ${words}`;
}

function SlaMark({ row }: { row: Listed }) {
  const due = mark(row, now.value);
  if (due === "none") return null;
  return (
    <span class={`sla ${due}`}>
      <Icon name={due === "late" ? "alarm" : "clock"} size={14} /> {t(`sla_${due}`)}
    </span>
  );
}
