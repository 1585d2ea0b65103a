// Search in all organisations in view, by keyboard alone.

import { useState } from "preact/hooks";
import type { Questions } from "../server/reading.ts";
import type { Found } from "../server/types.ts";
import { Modal } from "../parts/Modal.tsx";
import { keyOf } from "../logic/rows.ts";
import { closeDialog } from "../state/dialogs.ts";
import { go, linkTo } from "../state/route.ts";
import { myOrganisations, organisationName } from "../state/session.ts";
import { knownOperators, knownTopics, useSearch } from "../state/searching.ts";
import { moment, named, t, type Word } from "../state/words.ts";
import { LABEL_CHARS_MAX } from "./Labels.tsx";

const CHANNELS = ["telegram", "viber", "web"];
const RATINGS = ["1", "2", "3", "4", "5"];
type Field = Exclude<keyof Questions, "after">;

export function SearchDialog() {
  const [asked, setAsked] = useState<Questions>({});
  const { found, state, ask, askMore, more } = useSearch();
  const operators = knownOperators.value;
  const set = (name: Field) => (event: { currentTarget: { value: string } }) =>
    setAsked((known) => ({ ...known, [name]: event.currentTarget.value }));
  const submit = (event: Event) => {
    event.preventDefault();
    void ask(asked);
  };
  return (
    <Modal title={t("search")} closed={() => closeDialog("search")} wide>
      <form class="search-form" role="search" onSubmit={submit}>
        <label class="search-words">
          {t("search_words")}
          <input type="text" enterkeyhint="search" autofocus value={asked.q ?? ""} placeholder={t("search_hint")} onInput={set("q")} />
        </label>
        <DayField name="from" value={asked.from} set={set("from")} />
        <DayField name="to" value={asked.to} set={set("to")} />
        <Choice name="operator" values={[...operators.keys()]} names={operators} value={asked.operator} set={set("operator")} />
        <Choice name="topic" values={[...knownTopics.value.keys()]} names={knownTopics.value} value={asked.topic} set={set("topic")} />
        <Choice name="channel" values={CHANNELS} value={asked.channel} set={set("channel")} />
        <Choice name="rating" values={RATINGS} value={asked.rating} set={set("rating")} />
        <label>{t("search_label")}<input type="text" maxLength={LABEL_CHARS_MAX} value={asked.label ?? ""} onInput={set("label")} /></label>
        <button type="submit" class="main-button">{t("find")}</button>
      </form>
      <p role="status" class="soft">{state && t(state, { count: found.length })}</p>
      <Results found={found} />
      {more && <button type="button" class="plain" onClick={askMore}>{t("show_more")}</button>}
    </Modal>
  );
}

interface FieldProps {
  name: Field;
  value: string | undefined;
  set: (event: { currentTarget: { value: string } }) => void;
}

const label = (name: Field): Word => `search_${name as Exclude<Field, "q">}`;

const DayField = ({ name, value, set }: FieldProps) => (
  <label>{t(label(name))}<input type="date" value={value ?? ""} onInput={set} /></label>
);

interface ChoiceProps extends FieldProps {
  values: readonly string[];
  names?: ReadonlyMap<string, string>;
}

function Choice({ name, values, names, value, set }: ChoiceProps) {
  return (
    <label>
      {t(label(name))}
      <select value={value ?? ""} onChange={set}>
        <option value="">{t("any")}</option>
        {values.map((one) => <option key={one} value={one}>{names?.get(one) ?? named(name, one)}</option>)}
      </select>
    </label>
  );
}

function Results({ found }: { found: readonly Found[] }) {
  return (
    <ul class="results" onKeyDown={moveFocus}>
      {found.map((one) => (
        <li key={keyOf(one)}>
          <a href={linkTo(one)} onClick={(event) => { event.preventDefault(); closeDialog("search"); go(linkTo(one)); }}>
            <span class="row-line">
              <span class="row-name">{one.citizen.name ?? t("no_name")}</span>
              <span class="row-time">{moment(one.at)}</span>
            </span>
            <span class="row-line row-facts">
              {myOrganisations.value.length > 1 && <span>{organisationName(one.org)}</span>}
              <span>{named("channel", one.channel)}</span>
              <span class={`state ${one.status}`}>{named("status", one.status)}</span>
              {one.operator && <span>{one.operator.name}</span>}
            </span>
            {one.snippet && <span class="snippet">{one.snippet}</span>}
          </a>
        </li>
      ))}
    </ul>
  );
}

/** Up and down through the results. */
function moveFocus(event: KeyboardEvent & { currentTarget: HTMLElement }): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const links = [...event.currentTarget.querySelectorAll("a")];
  links[links.indexOf(document.activeElement as HTMLAnchorElement) + step]?.focus();
}
