// What a person may do where, as the server tells it. Pure.

import type { Me } from "../server/types.ts";

const EVERYWHERE = "*";

export type Permission =
  | "view_conversations"
  | "assign_conversations"
  | "view_shift"
  | "edit_canned_answers"
  | "view_processes"
  | "edit_processes"
  | "read_audit"
  | "manage_people"
  | "manage_settings"
  | "manage_channels";

export const mayEverywhere = (me: Me, permission: Permission) =>
  me.permissions[EVERYWHERE]?.includes(permission) ?? false;

export const may = (me: Me, org: string, permission: Permission) =>
  mayEverywhere(me, permission) || (me.permissions[org]?.includes(permission) ?? false);

/** The organisations where a person may do something. */
export const permitted = (me: Me, all: readonly string[], permission: Permission) =>
  all.filter((org) => may(me, org, permission));
