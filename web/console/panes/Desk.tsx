// The desk: list, conversation, card; one beside the other as far as there is room.

import { cardShown, dialog } from "../state/dialogs.ts";
import { opened } from "../state/route.ts";
import { myOrganisations } from "../state/session.ts";
import { thread } from "../state/thread.ts";
import { t } from "../state/words.ts";
import { Card } from "./Card.tsx";
import { CloseDialog } from "./CloseDialog.tsx";
import { Dialogue } from "./Dialogue.tsx";
import { List } from "./List.tsx";
import { AssignDialog } from "./AssignDialog.tsx";
import { TransferDialog } from "./TransferDialog.tsx";

export function Desk() {
  const place = opened.value;
  if (myOrganisations.value.length === 0) {
    return <main class="middle" id="main"><h1 class="hidden">{t("list")}</h1><p>{t("no_access")}</p></main>;
  }
  return (
    <main class="desk" id="main" data-open={place !== null} data-card={cardShown.value && thread.value !== null}>
      <h1 id="list-title" class="hidden">{t("list")}</h1>
      <List />
      <Dialogue />
      <Card />
      {place && dialog.value === "close" && <CloseDialog place={place} />}
      {place && dialog.value === "assign" && <AssignDialog place={place} />}
      {place && dialog.value === "transfer" && <TransferDialog place={place} />}
    </main>
  );
}
