// An organisation's settings while a section changes them: read, kept with the revision that was seen, taken back.

import { useEffect, useState } from "preact/hooks";
import * as server from "../server/administration.ts";
import type { OrganisationSettings, PartName, PartValues } from "../server/administration.ts";
import type { Refused } from "../parts/refusal.ts";
import { useProblems } from "./useProblems.ts";

export interface Kept {
  settings: OrganisationSettings | null;
  refused: Refused;
  /** What does not fit, in the server's words. */
  problems: readonly { place: string; message: string }[];
  /** The part kept last, until something else is done. */
  saved: PartName | null;
  keep: <Name extends PartName>(part: Name, value: PartValues[Name]) => Promise<void>;
  restore: (part: PartName) => Promise<void>;
}

export function useSettings(org: string): Kept {
  const [settings, setSettings] = useState<OrganisationSettings | null>(null);
  const [saved, setSaved] = useState<PartName | null>(null);
  const { refused, problems, during } = useProblems();
  useEffect(() => {
    void refused.during(async () => setSettings(await server.settings(org)));
  }, [org]);
  const change = async (part: PartName, act: (revision: number) => Promise<OrganisationSettings>) => {
    if (!settings) return;
    setSaved(null);
    const done = await during(async () => setSettings(await act(settings.revision)));
    if (done) setSaved(part);
  };
  return {
    settings,
    refused,
    problems,
    saved,
    keep: (part, value) => change(part, (revision) => server.changePart(org, part, value, revision)),
    restore: (part) => change(part, (revision) => server.restorePart(org, part, revision)),
  };
}
