// One person: what is known of them, where they have which role, which queues they serve.

import { useEffect, useState } from "preact/hooks";
import * as server from "../server/administration.ts";
import type { Colleague, ColleagueChange } from "../server/administration.ts";
import type { Roles } from "../server/types.ts";
import { withOne, withRole } from "../logic/people.ts";
import { SkillsField } from "./fields.tsx";
import { useRoles } from "./useRoles.ts";
import { useRefusal } from "../parts/refusal.ts";
import { Verdict } from "../parts/Submit.tsx";
import { go, linkToPage } from "../state/route.ts";
import { learnQueues, organisationName, organisations, queues } from "../state/session.ts";
import { local, moment, t } from "../state/words.ts";

const DELIVERED_CAPACITY = 5;

interface Fields {
  login: string;
  name: string;
  phone: string;
  otp_required: boolean;
  active: boolean;
  roles: Roles;
  capacity: number;
  queues: Roles;
  skills: string[];
  languages: string[];
}

const NOBODY: Fields = {
  login: "", name: "", phone: "", otp_required: false, active: true, roles: {}, capacity: DELIVERED_CAPACITY, queues: {},
  skills: [], languages: [],
};

export function PersonForm({ id, changed }: { id: string | null; changed: () => void }) {
  const [known, setKnown] = useState<Colleague | null>(null);
  const [fields, setFields] = useState<Fields>(NOBODY);
  const [password, setPassword] = useState<string | null>(null);
  const [saved, setSaved] = useState(false);
  const [factorReset, setFactorReset] = useState(false);
  const refused = useRefusal();
  const show = (person: Colleague) => {
    setKnown(person);
    setFields({ ...person, phone: person.phone ?? "" });
    if (person.password) setPassword(person.password);
  };
  useEffect(() => {
    if (id) void refused.during(async () => show(await server.colleague(id)));
  }, [id]);
  const set = (change: Partial<Fields>) => {
    setSaved(false);
    setFactorReset(false);
    setFields((now) => ({ ...now, ...change }));
  };
  const submit = async (event: Event) => {
    event.preventDefault();
    const phone = fields.phone.trim() || null;
    const { name, otp_required, roles } = fields;
    const done = await refused.during(async () => {
      if (known) {
        const { active, capacity, queues: served, skills, languages } = fields;
        const change: ColleagueChange = { name, phone, otp_required, roles, active, capacity, queues: served, skills, languages };
        show(await server.changeColleague(known.id, change));
      } else {
        show(await server.hire({ login: fields.login, name, phone, otp_required, roles }));
      }
    });
    setSaved(done);
    if (done) changed();
  };
  const reset = () => refused.during(async () => {
    if (known) show(await server.changeColleague(known.id, { reset_password: true }));
  });
  const resetFactor = async () => {
    if (!known) return;
    setFactorReset(await refused.during(async () => show(await server.changeColleague(known.id, { reset_second_factor: true }))));
  };
  if (id && !known) return <Verdict refused={refused} />;
  return (
    <form class="admin-form" onSubmit={submit}>
      <p><a href={linkToPage("administration", "people")}>← {t("admin_people")}</a></p>
      <h2>{known ? known.name : t("person_new")}</h2>
      {password && <Password value={password} />}
      <div class="card-fields">
        <label>{t("login")} <input required={!known} readOnly={known !== null} pattern="[A-Za-z0-9._@\-]{2,64}" title={t("person_login_hint")} autocomplete="off" value={fields.login} onInput={(event) => set({ login: event.currentTarget.value })} /></label>
        <label>{t("person_name")} <input required maxLength={100} autocomplete="off" value={fields.name} onInput={(event) => set({ name: event.currentTarget.value })} /></label>
        <label>{t("person_phone")} <input type="tel" placeholder="+380671234567" autocomplete="off" value={fields.phone} onInput={(event) => set({ phone: event.currentTarget.value })} /></label>
        <label class="switch"><input type="checkbox" checked={fields.otp_required} onChange={(event) => set({ otp_required: event.currentTarget.checked })} /> {t("person_otp")}</label>
        {known && (
          <>
            <label>{t("person_capacity")} <input type="number" min={1} max={100} required value={fields.capacity} onInput={(event) => set({ capacity: event.currentTarget.valueAsNumber || 1 })} /></label>
            <label class="switch"><input type="checkbox" checked={fields.active} onChange={(event) => set({ active: event.currentTarget.checked })} /> {t("person_active")}</label>
          </>
        )}
      </div>
      <RolesTable roles={fields.roles} change={(roles) => set({ roles })} />
      {known && <Abilities fields={fields} change={set} />}
      {known && <Served fields={fields} change={(served) => set({ queues: served })} />}
      <Verdict refused={refused} />
      <p class="line">
        <button type="submit" class="main-button" disabled={refused.busy}>{t("save")}</button>
        {known && <button type="button" class="plain" disabled={refused.busy} onClick={reset}>{t("person_reset")}</button>}
        {known && <button type="button" class="plain" disabled={refused.busy} onClick={resetFactor}>{t("person_reset_factor")}</button>}
        {known && saved && id === null && <button type="button" class="plain" onClick={() => go(linkToPage("administration", "people", known.id))}>{t("person_go_on")}</button>}
        <span role="status" class="saved">{factorReset ? t("person_factor_reset") : saved && t("admin_saved")}</span>
      </p>
      {known && <p class="soft">{t("person_since", { at: moment(known.created_at) })}</p>}
    </form>
  );
}

function Password({ value }: { value: string }) {
  return (
    <div class="alarm" role="status">
      <p>{t("person_password")}</p>
      <p class="line">
        <code class="secret">{value}</code>
        <button type="button" class="plain" onClick={() => void navigator.clipboard.writeText(value)}>{t("copy")}</button>
      </p>
    </div>
  );
}

function RolesTable({ roles, change }: { roles: Roles; change: (roles: Roles) => void }) {
  const defined = useRoles();
  const scopes = ["*", ...organisations.value.map(({ id }) => id)];
  return (
    <fieldset>
      <legend>{t("person_roles")}</legend>
      <div class="scrolled">
        <table class="ticks">
          <thead><tr><th scope="col">{t("organisation")}</th>{defined.map(({ id, names }) => <th scope="col" key={id}>{local(names, id)}</th>)}</tr></thead>
          <tbody>
            {scopes.map((scope) => {
              const name = scope === "*" ? t("in_all_organisations") : organisationName(scope);
              return (
                <tr key={scope}>
                  <th scope="row">{name}</th>
                  {defined.map(({ id, names }) => (
                    <td key={id}>
                      <input
                        type="checkbox"
                        aria-label={`${name}: ${local(names, id)}`}
                        checked={roles[scope]?.includes(id) ?? false}
                        onChange={(event) => change(withRole(roles, scope, id, event.currentTarget.checked))}
                      />
                    </td>
                  ))}
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </fieldset>
  );
}

/** What they know, and the languages they answer in: all when none is named. */
function Abilities({ fields, change }: { fields: Fields; change: (fields: Partial<Fields>) => void }) {
  const spoken = [...new Set(organisations.value.flatMap(({ languages }) => languages))];
  const { languages } = fields;
  return (
    <>
      <SkillsField text={t("person_skills")} value={fields.skills} change={(skills) => change({ skills })} />
      <fieldset class="served">
        <legend>{t("person_languages")}</legend>
        <p class="soft">{t("person_languages_hint")}</p>
        <div class="choices">
          {spoken.map((code) => (
            <label key={code}>
              <input type="checkbox" checked={languages.includes(code)} onChange={(event) => change({ languages: withOne(languages, code, event.currentTarget.checked) })} /> {code.toUpperCase()}
            </label>
          ))}
        </div>
      </fieldset>
    </>
  );
}

/** Whoever serves none of an organisation's queues by name serves all of them. */
function Served({ fields, change }: { fields: Fields; change: (queues: Roles) => void }) {
  const where = Object.keys(fields.roles).filter((org) => org !== "*");
  useEffect(() => {
    for (const org of where) void learnQueues(org);
  }, [where.join()]);
  if (where.length === 0) return null;
  return (
    <fieldset class="served">
      <legend>{t("person_queues")}</legend>
      <p class="soft">{t("person_queues_hint")}</p>
      {where.map((org) => (
        <div key={org} role="group" aria-label={organisationName(org)} class="choices">
          <strong>{organisationName(org)}</strong>
          {queues.value.get(org)?.map((queue) => (
            <label key={queue.id}>
              <input type="checkbox" checked={fields.queues[org]?.includes(queue.id) ?? false} onChange={(event) => change(withRole(fields.queues, org, queue.id, event.currentTarget.checked))} />
              {local(queue.name, queue.id)}
            </label>
          ))}
        </div>
      ))}
    </fieldset>
  );
}
