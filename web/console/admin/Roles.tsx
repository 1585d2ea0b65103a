// What each role permits: a table of permissions by role, and the dialog that changes one.

import { useEffect, useState } from "preact/hooks";
import * as server from "../server/administration.ts";
import type { RoleDefinition, RoleDefinitions } from "../server/administration.ts";
import { Modal } from "../parts/Modal.tsx";
import { useKeeping } from "../parts/keeping.ts";
import { useRefusal } from "../parts/refusal.ts";
import { Verdict } from "../parts/Submit.tsx";
import { LANGUAGES, local, named, t } from "../state/words.ts";
import { NameFields } from "./fields.tsx";

const ADMINISTRATOR = "administrator";
/** It stays with administrators: whoever gives roles can give everything. */
const NOT_GIVEN = "manage_people";

export function RolesSection() {
  const [all, setAll] = useState<RoleDefinitions | null>(null);
  const [edited, setEdited] = useState<RoleDefinition | "new" | null>(null);
  const refused = useRefusal();
  const read = () => refused.during(async () => setAll(await server.roles()));
  useEffect(() => {
    void read();
  }, []);
  if (!all) return <Verdict refused={refused} />;
  return (
    <>
      <p class="soft">{t("roles_lead")}</p>
      <p><button type="button" class="main-button" onClick={() => setEdited("new")}>{t("role_new")}</button></p>
      <div class="scrolled">
        <table class="ticks">
          <thead>
            <tr>
              <th scope="col">{t("role_permissions")}</th>
              {all.roles.map((role) => (
                <th scope="col" key={role.id}>
                  {local(role.names, role.id)}
                  <br /><span class="soft">{t("role_holders", { count: role.holders })}</span>
                  {role.id !== ADMINISTRATOR && (
                    <><br /><button type="button" class="plain small" aria-label={`${t("change")}: ${local(role.names, role.id)}`} onClick={() => setEdited(role)}>{t("change")}</button></>
                  )}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {all.permissions.map((permission) => (
              <tr key={permission}>
                <th scope="row">{named("permission", permission)}</th>
                {all.roles.map((role) => (
                  <td key={role.id}>{role.permissions.includes(permission) ? <><span aria-hidden="true">✓</span><span class="hidden">{t("yes")}</span></> : <span class="hidden">{t("no")}</span>}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {edited && (
        <RoleDialog
          given={edited === "new" ? null : edited}
          permissions={all.permissions.filter((permission) => permission !== NOT_GIVEN)}
          kept={read}
          closed={() => setEdited(null)}
        />
      )}
    </>
  );
}

interface DialogProps {
  given: RoleDefinition | null;
  permissions: readonly string[];
  kept: () => unknown;
  closed: () => void;
}

function RoleDialog({ given, permissions, kept, closed }: DialogProps) {
  const [id, setId] = useState(given?.id ?? "");
  const [names, setNames] = useState(given?.names ?? {});
  const [held, setHeld] = useState<readonly string[]>(given?.permissions ?? []);
  const { refused, done } = useKeeping(kept, closed);
  const submit = (event: Event) => {
    event.preventDefault();
    void done(() => server.keepRole(id, names, held));
  };
  const tick = (permission: string, on: boolean) =>
    setHeld(on ? [...held, permission] : held.filter((other) => other !== permission));
  return (
    <Modal title={t(given ? "role_change" : "role_new")} closed={closed}>
      <form class="fields" onSubmit={submit}>
        {!given && (
          <label>{t("field_id")} <input autofocus required pattern="[a-z0-9_]{1,40}" title={t("role_id_hint")} value={id} onInput={(event) => setId(event.currentTarget.value)} /></label>
        )}
        <NameFields languages={LANGUAGES.map((one) => one.id)} name={names} change={setNames} />
        <fieldset class="choices-down">
          <legend>{t("role_permissions")}</legend>
          {permissions.map((permission) => (
            <label key={permission} class="switch">
              <input type="checkbox" checked={held.includes(permission)} onChange={(event) => tick(permission, event.currentTarget.checked)} /> {named("permission", permission)}
            </label>
          ))}
        </fieldset>
        <Verdict refused={refused} />
        <p class="line">
          <button type="submit" class="main-button" disabled={refused.busy}>{t("save")}</button>
          {given && !given.built_in && (
            <button type="button" class="plain" disabled={refused.busy} onClick={() => done(() => server.removeRole(given.id))}>{t("role_remove")}</button>
          )}
        </p>
      </form>
    </Modal>
  );
}
