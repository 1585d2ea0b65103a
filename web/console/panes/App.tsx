// What the person sees: the sign-in, or the head with the desk or another page.

import { Administration } from "../admin/lazy.tsx";
import { Account } from "../pages/Account.tsx";
import { Canned } from "../pages/Canned.tsx";
import { Cabinet } from "../pages/Cabinet.tsx";
import { Settings } from "../pages/Settings.tsx";
import { Shift } from "../pages/Shift.tsx";
import { Shortcuts } from "../pages/Shortcuts.tsx";
import { SignIn } from "../pages/SignIn.tsx";
import { dialog } from "../state/dialogs.ts";
import { page, type PageName } from "../state/route.ts";
import { phase } from "../state/session.ts";
import { t } from "../state/words.ts";
import { Banner } from "./Banner.tsx";
import { Desk } from "./Desk.tsx";
import { Header } from "./Header.tsx";
import { SearchDialog } from "./SearchDialog.tsx";

const PAGES: Readonly<Record<PageName, () => preact.JSX.Element>> = {
  settings: Settings,
  account: Account,
  shift: Shift,
  canned: Canned,
  cabinet: Cabinet,
  shortcuts: Shortcuts,
  administration: Administration,
};

export function App() {
  if (phase.value === "restoring") return <main class="middle" id="main"><Banner /><p role="status">{t("reading")}</p></main>;
  if (phase.value === "signed_out") return <><Banner /><SignIn /></>;
  const Shown = page.value ? PAGES[page.value] : Desk;
  return (
    <div class="console">
      <Header />
      <Banner />
      <Shown />
      {dialog.value === "search" && <SearchDialog />}
    </div>
  );
}
