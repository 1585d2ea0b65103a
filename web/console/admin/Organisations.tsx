// The organisations of this installation: how they stand now, and the way to what is set for each.

import { useEffect, useState } from "preact/hooks";
import { organisations as readOrganisations } from "../server/reading.ts";
import type { Organisation } from "../server/types.ts";
import { useRefusal } from "../parts/refusal.ts";
import { Verdict } from "../parts/Submit.tsx";
import { chooseOrganisation, organisationsOf, type Section, sections } from "../state/administration.ts";
import { linkToPage } from "../state/route.ts";
import { local, moment, t } from "../state/words.ts";

const LINKED: readonly Section[] = ["general", "hours", "queues", "texts", "replies", "channels", "versions"];

export function Organisations() {
  const [found, setFound] = useState<readonly Organisation[] | null>(null);
  const refused = useRefusal();
  useEffect(() => {
    void refused.during(async () => setFound(await readOrganisations()));
  }, []);
  if (!found) return <Verdict refused={refused} />;
  return (
    <>
      <ul class="texts">
        {found.map((organisation) => <One key={organisation.id} organisation={organisation} />)}
      </ul>
      <p class="soft">{t("organisations_another")} <code>cargo vikno new-organisation</code></p>
    </>
  );
}

function One({ organisation }: { organisation: Organisation }) {
  const { id, name, languages, open_now, opens_at, counts } = organisation;
  const mine = sections();
  const links = LINKED.filter((section) => mine.includes(section) && organisationsOf(section).includes(id));
  return (
    <li>
      <div class="text-head">
        <strong>{local(name, id)}</strong> <code>{id}</code>
        <span class={open_now ? "mark" : "soft"}>{open_now ? t("organisations_open") : opens_at ? t("organisations_opens", { at: moment(opens_at) }) : t("organisations_closed")}</span>
      </div>
      <p class="soft">
        {languages.map((language) => language.toUpperCase()).join(", ")} · {t("organisations_counts", { waiting: counts.waiting, talking: counts.with_operator, messages: counts.messages_today })}
      </p>
      <p class="line">
        {links.map((section) => (
          <a key={section} href={linkToPage("administration", section)} aria-label={`${local(name, id)}: ${t(`admin_${section}`)}`} onClick={() => chooseOrganisation(id)}>{t(`admin_${section}`)}</a>
        ))}
      </p>
    </li>
  );
}
