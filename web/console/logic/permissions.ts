// Which roles open which part of the console, as the server decides it. Pure.

import type { Me } from "../server/types.ts";

const EVERYWHERE = "*";
const CONVERSATIONS: readonly string[] = ["operator", "supervisor", "administrator"];
const SHIFT: readonly string[] = ["supervisor", "administrator"];

const holds = (me: Me, org: string, roles: readonly string[]) =>
  [EVERYWHERE, org].some((scope) => me.roles[scope]?.some((role) => roles.includes(role)));

/** The organisations whose conversations a person may see. */
export const viewed = (me: Me, all: readonly string[]) => all.filter((org) => holds(me, org, CONVERSATIONS));

/** The organisations whose shift a person leads. */
export const led = (me: Me, all: readonly string[]) => all.filter((org) => holds(me, org, SHIFT));
