// The roles as administrators define them.

import { useEffect, useState } from "preact/hooks";
import { type RoleDefinition, roles } from "../server/administration.ts";

/** None while they are read; whoever needs them can do nothing without them, and a reload asks again. */
export function useRoles(): readonly RoleDefinition[] {
  const [found, setFound] = useState<readonly RoleDefinition[]>([]);
  useEffect(() => {
    roles().then((all) => setFound(all.roles), () => {});
  }, []);
  return found;
}
