// The operators' console: words, settings, the session of this browser; then what is live.

import "./css/base.css";
import "./css/list.css";
import "./css/dialogue.css";
import "./css/card.css";
import "./css/pages.css";
import "./css/print.css";
import { effect } from "@preact/signals";
import { render } from "preact";
import { listenToKeys } from "./keys.ts";
import { App } from "./panes/App.tsx";
import { keepLooking } from "./state/desk.ts";
import { pruneDrafts } from "./state/drafts.ts";
import { keepSending } from "./state/outbox.ts";
import { phase, restore } from "./state/session.ts";
import { applySettings } from "./state/settings.ts";
import { followAddress } from "./state/thread.ts";
import { watchUnread } from "./state/unread.ts";
import { preferred, speak } from "./state/words.ts";
import { knowWork } from "./state/work.ts";

applySettings();
await speak(preferred());
render(<App />, document.getElementById("app")!);
listenToKeys();
followAddress();
keepLooking();
keepSending();
knowWork();
watchUnread();
effect(() => {
  if (phase.value === "signed_in") pruneDrafts();
});
void restore();
