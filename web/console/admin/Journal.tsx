// The journal of an organisation, searched by a security officer.

import { useState } from "preact/hooks";
import * as server from "../server/administration.ts";
import type { JournalQuestions } from "../server/administration.ts";
import { may } from "../logic/permissions.ts";
import { linkTo } from "../state/route.ts";
import { person } from "../state/session.ts";
import { moment, named, t } from "../state/words.ts";
import { More } from "./More.tsx";
import { usePages } from "./usePages.ts";

const FIELDS = ["conversation", "actor", "what"] as const;
const DAYS = ["from", "to"] as const;

export function Journal({ org }: { org: string }) {
  const [asked, setAsked] = useState<JournalQuestions>({});
  const pages = usePages((cursor) => server.journal(org, cursor ? { ...asked, before: cursor } : asked), org + JSON.stringify(asked));
  const maySee = person.value !== null && may(person.value, org, "view_conversations");
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const given = new FormData(event.currentTarget as HTMLFormElement);
    const questions: JournalQuestions = {};
    for (const name of FIELDS) questions[name] = String(given.get(name) ?? "").trim();
    for (const name of DAYS) {
      const at = String(given.get(name) ?? "");
      // The day's time is that of the reader.
      if (at) questions[name] = new Date(at).toISOString();
    }
    setAsked(questions);
  };
  return (
    <>
      <form class="search-form" onSubmit={submit} role="search">
        {FIELDS.map((name) => <label key={name}>{t(`journal_${name}`)} <input name={name} maxLength={100} spellcheck={false} /></label>)}
        {DAYS.map((name) => <label key={name}>{t(`journal_${name}`)} <input name={name} type="datetime-local" /></label>)}
        <button type="submit" class="main-button">{t("find")}</button>
      </form>
      <ul class="lines">
        {pages.items?.map((line) => (
          <li key={line.id}>
            <p>
              <time dateTime={line.at}>{moment(line.at)}</time> · <What group="journal" what={line.what} /> · <code>{line.actor}</code>
              {line.conversation && (maySee
                ? <> · <a href={linkTo({ org, id: line.conversation })}>{line.conversation}</a></>
                : <> · <code>{line.conversation}</code></>)}
            </p>
            <Details data={line.data} />
          </li>
        ))}
      </ul>
      <More pages={pages} none={t("journal_none")} />
    </>
  );
}

/** In words, with the name by which it is searched. */
export function What({ group, what }: { group: "journal" | "audit"; what: string }) {
  const words = named(group, what);
  return <><strong>{words}</strong>{words !== what && <> <code class="soft">{what}</code></>}</>;
}

export function Details({ data }: { data: unknown }) {
  if (!data || (typeof data === "object" && Object.keys(data).length === 0)) return null;
  return <details><summary>{t("history_details")}</summary><pre>{JSON.stringify(data, null, 2)}</pre></details>;
}
