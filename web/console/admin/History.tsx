// Who changed which part of the settings from what to what.

import * as server from "../server/administration.ts";
import { moment, named, t } from "../state/words.ts";
import { More } from "./More.tsx";
import { usePages } from "./usePages.ts";

export function History({ org }: { org: string }) {
  const pages = usePages((cursor) => server.history(org, cursor), org);
  return (
    <>
      <ul class="lines">
        {pages.items?.map((change) => (
          <li key={change.revision}>
            <p><strong>{named("part", change.part)}</strong> · {change.by.name} · <span class="soft">{moment(change.at)}</span></p>
            <details>
              <summary>{t("history_details")}</summary>
              <dl class="before-after">
                <dt>{t("history_before")}</dt><dd><Value value={change.before} /></dd>
                <dt>{t("history_after")}</dt><dd><Value value={change.after} /></dd>
              </dl>
            </details>
          </li>
        ))}
      </ul>
      <More pages={pages} none={t("history_none")} />
    </>
  );
}

const Value = ({ value }: { value: unknown }) =>
  value === null ? <em>{t("history_delivered")}</em> : <pre>{JSON.stringify(value, null, 2)}</pre>;
