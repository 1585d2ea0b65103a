// The frame of the administration: its sections beside the one that is open.

import "../css/administration.css";
import { organisationsOf, organisationOf, chooseOrganisation, type Section, sections } from "../state/administration.ts";
import { Page } from "../parts/Page.tsx";
import { linkToPage, within } from "../state/route.ts";
import { organisationName } from "../state/session.ts";
import { t } from "../state/words.ts";
import { Audit } from "./Audit.tsx";
import { Channels } from "./Channels.tsx";
import { General } from "./General.tsx";
import { Groups } from "./Groups.tsx";
import { HoursSection } from "./Hours.tsx";
import { History } from "./History.tsx";
import { Journal } from "./Journal.tsx";
import { Organisations } from "./Organisations.tsx";
import { People } from "./People.tsx";
import { Queues } from "./Queues.tsx";
import { Replies } from "./Replies.tsx";
import { RolesSection } from "./Roles.tsx";
import { TextsSection } from "./Texts.tsx";
import { Versions } from "./Versions.tsx";

type OfOrganisation = (props: { org: string }) => preact.JSX.Element | null;

const OF_ORGANISATION: Readonly<Partial<Record<Section, OfOrganisation>>> = {
  hours: HoursSection,
  queues: Queues,
  general: General,
  texts: TextsSection,
  replies: Replies,
  channels: Channels,
  versions: Versions,
  history: History,
  journal: Journal,
};

const IN_ALL: Readonly<Partial<Record<Section, () => preact.JSX.Element>>> = {
  organisations: Organisations,
  people: People,
  roles: RolesSection,
  groups: Groups,
  audit: Audit,
};

/** On narrow screens the sections are a line that scrolls. */
const intoView = (link: HTMLElement | null) => link?.scrollIntoView({ block: "nearest", inline: "center" });

export function Sections() {
  const all = sections();
  const open = all.find((section) => section === within.value[0]) ?? all[0];
  if (!open) return <Page title={t("page_administration")}><p class="empty">{t("admin_nothing")}</p></Page>;
  return (
    <Page key={open} title={t(`admin_${open}`)} wide>
      <div class="admin">
        <nav class="admin-sections" aria-label={t("page_administration")}>
          {all.map((section) => (
            <a
              key={section}
              ref={section === open ? intoView : null}
              href={linkToPage("administration", section)}
              aria-current={section === open ? "page" : undefined}
            >
              {t(`admin_${section}`)}
            </a>
          ))}
        </nav>
        <div class="admin-open"><Opened section={open} /></div>
      </div>
    </Page>
  );
}

function Opened({ section }: { section: Section }) {
  const InAll = IN_ALL[section];
  if (InAll) return <InAll />;
  const Shown = OF_ORGANISATION[section];
  if (!Shown) return null;
  const org = organisationOf(section);
  return (
    <>
      <OrganisationChoice section={section} org={org} />
      <Shown key={org} org={org} />
    </>
  );
}

function OrganisationChoice({ section, org }: { section: Section; org: string }) {
  const all = organisationsOf(section);
  if (all.length < 2) return <p class="soft">{organisationName(org)}</p>;
  return (
    <label class="admin-organisation">
      {t("organisation")}
      <select value={org} onChange={(event) => chooseOrganisation(event.currentTarget.value)}>
        {all.map((id) => <option key={id} value={id}>{organisationName(id)}</option>)}
      </select>
    </label>
  );
}
