// The centre's people: found, made, changed.

import { useState } from "preact/hooks";
import * as server from "../server/administration.ts";
import type { Colleague, RoleDefinition } from "../server/administration.ts";
import { chosenPeople } from "../logic/people.ts";
import { linkToPage, within } from "../state/route.ts";
import { organisationName, organisations } from "../state/session.ts";
import { local, moment, t } from "../state/words.ts";
import { More } from "./More.tsx";
import { PersonForm } from "./PersonForm.tsx";
import { usePages } from "./usePages.ts";
import { useRoles } from "./useRoles.ts";

const NEW = "new";

export function People() {
  const open = within.value[1];
  const pages = usePages(server.people, "");
  if (open) return <PersonForm key={open} id={open === NEW ? null : open} changed={pages.again} />;
  return <List pages={pages} />;
}

function List({ pages }: { pages: ReturnType<typeof usePages<Colleague>> }) {
  const [words, setWords] = useState("");
  const [org, setOrg] = useState("");
  const [inactive, setInactive] = useState(false);
  const defined = useRoles();
  const shown = chosenPeople(pages.items ?? [], { words, org, inactive });
  return (
    <>
      <div class="admin-tools">
        <label>{t("people_find")} <input type="search" value={words} onInput={(event) => setWords(event.currentTarget.value)} /></label>
        <label>
          {t("organisation")}
          <select value={org} onChange={(event) => setOrg(event.currentTarget.value)}>
            <option value="">{t("in_all_organisations")}</option>
            {organisations.value.map(({ id }) => <option key={id} value={id}>{organisationName(id)}</option>)}
          </select>
        </label>
        <label class="switch"><input type="checkbox" checked={inactive} onChange={(event) => setInactive(event.currentTarget.checked)} /> {t("people_inactive")}</label>
        <a class="main-button" href={linkToPage("administration", "people", NEW)}>{t("person_new")}</a>
      </div>
      <div class="scrolled">
        <table class="people">
          <thead><tr><th scope="col">{t("person_name")}</th><th scope="col">{t("person_roles")}</th><th scope="col">{t("person_signed_in")}</th></tr></thead>
          <tbody>
            {shown.map((person) => (
              <tr key={person.id}>
                <th scope="row">
                  <a href={linkToPage("administration", "people", person.id)}>{person.name}</a>
                  <br /><span class="soft">{person.login}{!person.active && ` · ${t("person_is_inactive")}`}</span>
                </th>
                <td><Held person={person} defined={defined} /></td>
                <td>{person.signed_in_at ? moment(person.signed_in_at) : "—"}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {pages.items && shown.length === 0 && <p class="empty">{t("people_none")}</p>}
      <More pages={pages} none={t("people_none")} />
    </>
  );
}

function Held({ person, defined }: { person: Colleague; defined: readonly RoleDefinition[] }) {
  const name = (role: string) => local(defined.find(({ id }) => id === role)?.names, role);
  return (
    <>
      {Object.entries(person.roles).map(([org, held]) => (
        <div key={org}>{org === "*" ? t("in_all_organisations") : organisationName(org)}: {held.map(name).join(", ")}</div>
      ))}
    </>
  );
}
