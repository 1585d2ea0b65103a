// The audit of people, roles and sign-ins, the newest first.

import * as server from "../server/administration.ts";
import { organisationName } from "../state/session.ts";
import { moment, t } from "../state/words.ts";
import { Details, What } from "./Journal.tsx";
import { More } from "./More.tsx";
import { usePages } from "./usePages.ts";

export function Audit() {
  const pages = usePages(server.audit, "");
  return (
    <>
      <ul class="lines">
        {pages.items?.map((line) => (
          <li key={line.id}>
            <p>
              <time dateTime={line.at}>{moment(line.at)}</time> · <What group="audit" what={line.what} />
              {line.person && <> · <code>{line.person}</code></>}
              {line.target && <> → <code>{line.target}</code></>}
              {line.org && <> · {organisationName(line.org)}</>}
              {line.address && <span class="soft"> · {line.address}</span>}
            </p>
            <Details data={line.data} />
          </li>
        ))}
      </ul>
      <More pages={pages} none={t("audit_none")} />
    </>
  );
}
