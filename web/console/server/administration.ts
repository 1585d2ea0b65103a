// People, settings, texts, bots and journals, as administrators and security officers see them.

import { call } from "./http.ts";
import type { LocalName, Named, Roles } from "./types.ts";

export interface Colleague extends Named {
  login: string;
  phone: string | null;
  otp_required: boolean;
  active: boolean;
  roles: Roles;
  capacity: number;
  queues: Roles;
  skills: string[];
  languages: string[];
  created_at: string;
  signed_in_at: string | null;
  /** Told once, when it was made up. */
  password?: string;
}

export interface ColleagueFields {
  login: string;
  name: string;
  phone: string | null;
  otp_required: boolean;
  roles: Roles;
}

export interface ColleagueChange extends Partial<Omit<ColleagueFields, "login">> {
  active?: boolean;
  capacity?: number;
  queues?: Roles;
  skills?: string[];
  languages?: string[];
  reset_password?: boolean;
  reset_second_factor?: boolean;
}

export interface Paged<T> {
  items: T[];
  cursor: string | null;
}

const after = (name: string, cursor: string | null) => (cursor ? `?${new URLSearchParams({ [name]: cursor })}` : "");

export async function people(cursor: string | null): Promise<Paged<Colleague>> {
  const page = await call<{ people: Colleague[]; cursor?: string }>("GET", `/core/admin/people${after("after", cursor)}`);
  return { items: page.people, cursor: page.cursor ?? null };
}

export const colleague = (id: string) => call<Colleague>("GET", `/core/admin/people/${encodeURIComponent(id)}`);

export const hire = (fields: ColleagueFields) => call<Colleague>("POST", "/core/admin/people", { json: fields });

export const changeColleague = (id: string, change: ColleagueChange) =>
  call<Colleague>("PATCH", `/core/admin/people/${encodeURIComponent(id)}`, { json: change });

export interface RoleDefinition {
  id: string;
  names: LocalName;
  permissions: string[];
  /** Came with the installation. */
  built_in: boolean;
  /** People and groups that hold it. */
  holders: number;
}

export interface RoleDefinitions {
  roles: RoleDefinition[];
  /** Every permission that there is. */
  permissions: string[];
}

const rolePath = (id: string) => `/core/admin/roles/${encodeURIComponent(id)}`;

export const roles = () => call<RoleDefinitions>("GET", "/core/admin/roles");

export const keepRole = (id: string, names: LocalName, permissions: readonly string[]) =>
  call<RoleDefinitions>("PUT", rolePath(id), { json: { names, permissions } });

export const removeRole = (id: string) => call<void>("DELETE", rolePath(id));

export interface GroupFields {
  org: string;
  name: string;
  roles: string[];
  queues: string[];
}

export interface Group extends GroupFields {
  id: string;
  members: Named[];
}

export const groups = async () => (await call<{ groups: Group[] }>("GET", "/core/admin/groups")).groups;

/** A new one, or an existing one changed as a whole. */
export function keepGroup(id: string | null, fields: GroupFields & { members: string[] }): Promise<Group> {
  return id
    ? call<Group>("PUT", `/core/admin/groups/${encodeURIComponent(id)}`, { json: fields })
    : call<Group>("POST", "/core/admin/groups", { json: fields });
}

export const removeGroup = (id: string) => call<void>("DELETE", `/core/admin/groups/${encodeURIComponent(id)}`);

export interface AuditLine {
  id: number;
  at: string;
  person: string | null;
  what: string;
  org: string | null;
  target: string | null;
  address: string | null;
  data: unknown;
}

export async function audit(cursor: string | null): Promise<Paged<AuditLine>> {
  const page = await call<{ audit: AuditLine[]; cursor?: string }>("GET", `/core/admin/audit${after("before", cursor)}`);
  return { items: page.audit, cursor: page.cursor ?? null };
}

export interface JournalLine {
  id: number;
  at: string;
  conversation: string | null;
  actor: string;
  what: string;
  data: unknown;
}

export type JournalQuestions = Partial<Record<"conversation" | "actor" | "what" | "from" | "to" | "before", string>>;

export async function journal(org: string, questions: JournalQuestions): Promise<Paged<JournalLine>> {
  const given = Object.entries(questions).filter(([, value]) => value);
  const path = `/${org}/operator/journal?${new URLSearchParams(given)}`;
  const page = await call<{ journal: JournalLine[]; cursor: string | null }>("GET", path);
  return { items: page.journal, cursor: page.cursor };
}

const settingsPath = (org: string, rest: string) => `/${org}/settings${rest}`;

export interface Part<T> {
  value: T;
  /** Changed here; else as the deployment delivers. */
  own: boolean;
}

export interface QueueSettings {
  id: string;
  default: boolean;
  name: LocalName;
  distributed: boolean;
  overflow?: { queue: string; after_s: number } | undefined;
  skills: string[];
  hours?: Hours | undefined;
  service: { first_answer_s: number; next_answer_s: number; resolution_s: number };
}

export interface TopicSettings {
  id: string;
  queue: string;
  priority: number;
}

export type Hours = Record<string, unknown> & { around_the_clock: boolean; holidays: string[] };

export type Shared = "name" | "history";

export interface Transfers {
  /** Absent: every organisation. */
  to?: string[] | undefined;
  shares: Shared[];
}

export interface PartValues {
  name: LocalName;
  hours: Hours;
  timers: Record<string, number>;
  queues: QueueSettings[];
  topics: TopicSettings[];
  origins: string[];
  transfers: Transfers;
  review_processes: boolean;
}

export type PartName = keyof PartValues;

export interface OrganisationSettings {
  revision: number;
  parts: { [Name in PartName]: Part<PartValues[Name]> };
  languages: string[];
  time_zone: string;
  problems: string[];
}

export const settings = (org: string) => call<OrganisationSettings>("GET", settingsPath(org, "/parts"));

export const changePart = <Name extends PartName>(org: string, part: Name, value: PartValues[Name], revision: number) =>
  call<OrganisationSettings>("PUT", settingsPath(org, `/${part}`), { json: { value, revision } });

export const restorePart = (org: string, part: PartName, revision: number) =>
  call<OrganisationSettings>("DELETE", settingsPath(org, `/${part}?revision=${revision}`));

export interface SettingsChange {
  revision: number;
  part: string;
  before: unknown;
  after: unknown;
  at: string;
  by: Named;
}

export async function history(org: string, cursor: string | null): Promise<Paged<SettingsChange>> {
  const path = settingsPath(org, `/history${after("before", cursor)}`);
  const page = await call<{ changes: SettingsChange[]; cursor: string | null }>("GET", path);
  return { items: page.changes, cursor: page.cursor };
}

export interface SaidText {
  id: string;
  values: Record<string, { text: string; own: boolean } | null>;
  placeholders: string[];
  used_in: string[];
}

export interface Texts {
  languages: string[];
  default_language: string;
  revision: number;
  texts: SaidText[];
}

const textPath = (org: string, id: string) => settingsPath(org, `/texts/${encodeURIComponent(id)}`);

export const texts = (org: string) => call<Texts>("GET", settingsPath(org, "/texts"));

export const changeText = (org: string, id: string, values: Record<string, string>, revision: number) =>
  call<Texts>("PUT", textPath(org, id), { json: { values, revision } });

export const restoreText = (org: string, id: string, revision: number) =>
  call<Texts>("DELETE", `${textPath(org, id)}?revision=${revision}`);

export interface AutomaticReply {
  id: string;
  under: string | null;
  depth: number;
  label: Record<string, string | null>;
  answer: Record<string, string | null>;
  text: string;
  variants: number;
  /** As it stands in the list, without what is left to defaults. */
  written: WrittenReply;
  /** Where it is a topic: whom it leads to. */
  own_topic: OwnTopic | null;
}

export interface WrittenReply {
  under?: string;
  words?: Record<string, string[]>;
  hints?: Record<string, string[]>;
  priority?: number;
  weight?: number;
  [more: string]: unknown;
}

export interface OwnTopic {
  queue: string;
  priority: number;
}

export interface ReplyTree {
  replies: AutomaticReply[];
  revision: number;
  /** Changed here, so that the deployment's file does not count. */
  own: boolean;
  /** Why what was changed is not in force. */
  problems: string[];
  queues: { id: string; name: LocalName }[];
  languages: string[];
}

export interface ReplyChange {
  reply: WrittenReply;
  topic?: OwnTopic;
  label: Record<string, string>;
  answer: Record<string, string>;
}

const replyPath = (org: string, id: string) => settingsPath(org, `/replies/${encodeURIComponent(id)}`);

export const replies = (org: string) => call<ReplyTree>("GET", settingsPath(org, "/replies"));

export const changeReply = (org: string, id: string, change: ReplyChange, revision: number) =>
  call<ReplyTree>("PUT", replyPath(org, id), { json: { ...change, revision } });

export const removeReply = (org: string, id: string, revision: number) =>
  call<ReplyTree>("DELETE", `${replyPath(org, id)}?revision=${revision}`);

export const restoreReplies = (org: string, revision: number) =>
  call<ReplyTree>("DELETE", settingsPath(org, `/replies?revision=${revision}`));

export interface ReplyTest {
  answer: string | null;
  explanation: {
    words: { word: string; stem: string; found: { keyword: string; reply: string; points: number }[] }[];
    candidates: { reply: string; score: number; conditions: { condition: string; holds: boolean }[] }[];
    reply: string | null;
  };
}

export const testReplies = (org: string, fields: { text: string; language: string; topic?: string; at?: string }) =>
  call<ReplyTest>("POST", settingsPath(org, "/replies/test"), { json: fields });

export type BotChannel = "telegram" | "viber";

export interface Bot {
  channel: BotChannel;
  state: "closed" | "deployment" | "managed";
  bot: { name: string; username: string | null } | null;
  webhook: {
    url: string | null;
    healthy: boolean;
    pending: number | null;
    last_error: string | null;
    last_error_at: string | null;
  } | null;
  changed_at: string | null;
  changed_by: Named | null;
}

const botPath = (org: string, channel: BotChannel) => settingsPath(org, `/channels/${channel}`);

export const bots = async (org: string) => (await call<{ channels: Bot[] }>("GET", settingsPath(org, "/channels"))).channels;

export const registerBot = (org: string, channel: BotChannel, token: string) =>
  call<Bot>("PUT", botPath(org, channel), { json: { token } });

export const checkBot = (org: string, channel: BotChannel) => call<Bot>("POST", `${botPath(org, channel)}/check`);

export const forgetBot = (org: string, channel: BotChannel) => call<void>("DELETE", botPath(org, channel));

export interface Version {
  id: number;
  published_at: string;
  published_by: Named | null;
  reason: string;
  origin: "files" | "drafts" | "restored";
  restored_from: number | null;
  live_conversations: number;
}

export async function versions(org: string, cursor: string | null): Promise<Paged<Version>> {
  const path = `/${org}/processes/versions${after("before", cursor)}`;
  const page = await call<{ versions: Version[]; cursor: string | null }>("GET", path);
  return { items: page.versions, cursor: page.cursor };
}

export const restoreVersion = (org: string, id: number, reason: string) =>
  call<unknown>("POST", `/${org}/processes/versions/${id}/restore`, { json: { reason } });
