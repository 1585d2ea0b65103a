// Groups (units): what belonging to one gives to its members.

import { useEffect, useState } from "preact/hooks";
import * as server from "../server/administration.ts";
import type { Group, GroupFields } from "../server/administration.ts";
import type { Named } from "../server/types.ts";
import { Icon } from "../parts/Icon.tsx";
import { Modal } from "../parts/Modal.tsx";
import { useKeeping } from "../parts/keeping.ts";
import { useRefusal } from "../parts/refusal.ts";
import { Verdict } from "../parts/Submit.tsx";
import { chosenPeople } from "../logic/people.ts";
import { learnQueues, organisationName, organisations, queues } from "../state/session.ts";
import { local, t } from "../state/words.ts";
import { usePages } from "./usePages.ts";
import { useRoles } from "./useRoles.ts";

const EVERYWHERE = "*";
const ADMINISTRATOR = "administrator";
const SUGGESTED_MAX = 8;

const place = (org: string) => (org === EVERYWHERE ? t("in_all_organisations") : organisationName(org));

export function Groups() {
  const [groups, setGroups] = useState<readonly Group[] | null>(null);
  const [edited, setEdited] = useState<Group | "new" | null>(null);
  const defined = useRoles();
  const refused = useRefusal();
  const read = () => refused.during(async () => setGroups(await server.groups()));
  useEffect(() => {
    void read();
  }, []);
  const roleName = (id: string) => local(defined.find((role) => role.id === id)?.names, id);
  return (
    <>
      <p class="soft">{t("groups_lead")}</p>
      <p><button type="button" class="main-button" onClick={() => setEdited("new")}>{t("group_new")}</button></p>
      <Verdict refused={refused} />
      {groups?.length === 0 && <p class="empty">{t("groups_none")}</p>}
      <ul class="lines">
        {groups?.map((group) => (
          <li key={group.id} class="group">
            <div>
              <p><strong>{group.name}</strong> · {place(group.org)}</p>
              <p class="soft">{[...group.roles.map(roleName), ...group.queues].join(", ")}</p>
              <p>{group.members.map((member) => member.name).join(", ")}</p>
            </div>
            <button type="button" class="plain" aria-label={`${t("change")}: ${group.name}`} onClick={() => setEdited(group)}>{t("change")}</button>
          </li>
        ))}
      </ul>
      {edited && <GroupDialog given={edited === "new" ? null : edited} kept={read} closed={() => setEdited(null)} />}
    </>
  );
}

function GroupDialog({ given, kept, closed }: { given: Group | null; kept: () => unknown; closed: () => void }) {
  const [fields, setFields] = useState<GroupFields>(given ?? { org: organisations.value[0]?.id ?? EVERYWHERE, name: "", roles: [], queues: [] });
  const [members, setMembers] = useState<readonly Named[]>(given?.members ?? []);
  const defined = useRoles();
  const { refused, done } = useKeeping(kept, closed);
  useEffect(() => {
    if (fields.org !== EVERYWHERE) void learnQueues(fields.org);
  }, [fields.org]);
  const submit = (event: Event) => {
    event.preventDefault();
    const { org, name, roles, queues: served } = fields;
    void done(() => server.keepGroup(given?.id ?? null, { org, name, roles, queues: served, members: members.map(({ id }) => id) }));
  };
  const tick = (list: "roles" | "queues", id: string, on: boolean) =>
    setFields({ ...fields, [list]: on ? [...fields[list], id] : fields[list].filter((other) => other !== id) });
  return (
    <Modal title={t(given ? "group_change" : "group_new")} closed={closed}>
      <form class="fields" onSubmit={submit}>
        <label>{t("field_name")} <input autofocus required maxLength={100} value={fields.name} onInput={(event) => setFields({ ...fields, name: event.currentTarget.value })} /></label>
        <label>
          {t("organisation")}
          <select value={fields.org} onChange={(event) => setFields({ ...fields, org: event.currentTarget.value, queues: [] })}>
            <option value={EVERYWHERE}>{t("in_all_organisations")}</option>
            {organisations.value.map(({ id }) => <option key={id} value={id}>{organisationName(id)}</option>)}
          </select>
        </label>
        <Ticks title={t("person_roles")} held={fields.roles} all={defined.filter(({ id }) => id !== ADMINISTRATOR).map(({ id, names }) => ({ id, name: local(names, id) }))} change={(id, on) => tick("roles", id, on)} />
        <Ticks title={t("person_queues")} held={fields.queues} all={(queues.value.get(fields.org) ?? []).map(({ id, name }) => ({ id, name: local(name, id) }))} change={(id, on) => tick("queues", id, on)} />
        <Members members={members} change={setMembers} />
        <Verdict refused={refused} />
        <p class="line">
          <button type="submit" class="main-button" disabled={refused.busy}>{t("save")}</button>
          {given && <button type="button" class="plain" disabled={refused.busy} onClick={() => done(() => server.removeGroup(given.id))}>{t("group_remove")}</button>}
        </p>
      </form>
    </Modal>
  );
}

interface TicksProps {
  title: string;
  all: readonly Named[];
  held: readonly string[];
  change: (id: string, on: boolean) => void;
}

function Ticks({ title, all, held, change }: TicksProps) {
  if (all.length === 0) return null;
  return (
    <fieldset class="choices">
      <legend>{title}</legend>
      {all.map(({ id, name }) => (
        <label key={id}><input type="checkbox" checked={held.includes(id)} onChange={(event) => change(id, event.currentTarget.checked)} /> {name}</label>
      ))}
    </fieldset>
  );
}

function Members({ members, change }: { members: readonly Named[]; change: (members: readonly Named[]) => void }) {
  const [words, setWords] = useState("");
  const people = usePages(server.people, "");
  const found = chosenPeople(people.items ?? [], { words, org: "", inactive: false })
    .filter(({ id }) => !members.some((member) => member.id === id))
    .slice(0, SUGGESTED_MAX);
  return (
    <fieldset class="members">
      <legend>{t("group_members")}</legend>
      <ul>
        {members.map((member) => (
          <li key={member.id}>
            {member.name}
            <button type="button" class="icon-button" aria-label={`${t("remove")}: ${member.name}`} onClick={() => change(members.filter((other) => other !== member))}><Icon name="close" size={16} /></button>
          </li>
        ))}
      </ul>
      <label>{t("group_members_find")} <input type="search" value={words} onInput={(event) => setWords(event.currentTarget.value)} /></label>
      {words && (
        <ul>
          {found.map(({ id, name }) => (
            <li key={id}><button type="button" class="plain" onClick={() => { change([...members, { id, name }]); setWords(""); }}>{name}</button></li>
          ))}
        </ul>
      )}
    </fieldset>
  );
}
