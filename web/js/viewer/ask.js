// A question in a dialog: a reason in the author's words, then yes or no.

import { text } from "../texts.js";
import { byId, h } from "./dom.js";

/** Asks for a reason; `act` does it and may throw, which is told in the dialog. Resolves to whether it was done. */
export function askReason({ title, lead = [], action, act, danger = false }) {
  const dialog = byId("ask");
  const reason = h("textarea", { id: "ask-reason", rows: 3, minlength: 3, maxlength: 500, required: true });
  const error = h("div", { class: "error", role: "alert", hidden: true });
  const yes = h("button", { type: "submit", class: danger ? "main danger" : "main" }, action);
  return new Promise((resolve) => {
    let done = false;
    const form = h(
      "form",
      {
        onsubmit: async (event) => {
          event.preventDefault();
          yes.disabled = true;
          error.hidden = true;
          try {
            await act(reason.value);
            done = true;
            dialog.close();
          } catch (cause) {
            error.replaceChildren(h("p", {}, cause.message), h("ul", {}, (cause.problem?.problems ?? []).filter((one) => one.severity === "error").map((one) => h("li", {}, `${one.process} ${one.node ?? ""}: ${one.message}`))));
            error.hidden = false;
          }
          yes.disabled = false;
        },
      },
      h("h2", { id: "ask-title" }, title),
      lead,
      h("label", { for: "ask-reason" }, text("reason")),
      reason,
      error,
      h("div", { class: "actions" }, h("button", { type: "button", class: "quiet", onclick: () => dialog.close() }, text("cancel")), yes),
    );
    dialog.replaceChildren(form);
    dialog.addEventListener("close", () => resolve(done), { once: true });
    dialog.showModal();
    reason.focus();
  });
}
