// The administration is loaded when somebody opens it: most people never do.

import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Page } from "../parts/Page.tsx";
import { speakOfAdministration, t } from "../state/words.ts";

export function Administration() {
  const [Loaded, setLoaded] = useState<ComponentType | null>(null);
  const [failed, setFailed] = useState(false);
  const load = () => {
    setFailed(false);
    Promise.all([import("./Administration.tsx"), speakOfAdministration()]).then(
      ([{ Sections }]) => setLoaded(() => Sections),
      () => setFailed(true),
    );
  };
  useEffect(load, []);
  if (Loaded) return <Loaded />;
  return (
    <Page title={t("page_administration")}>
      {failed
        ? <button type="button" class="plain" onClick={load}>{t("read_failed_again")}</button>
        : <p role="status">{t("reading")}</p>}
    </Page>
  );
}
