// What failed and waits for people: a list to work off.

import { text, when } from "../texts.js";
import { askReason } from "./ask.js";
import { h } from "./dom.js";

/** The list, or nothing where all is settled. `desk`: {api, mayEdit, play(id), refresh()}. */
export async function failuresBox(desk) {
  const { failures, open, cursor } = await desk.api.failures();
  if (open === 0) return null;
  const list = h("ul", { class: "failures" }, failures.map((one) => item(one, desk)));
  const more = h("button", { type: "button", class: "quiet", hidden: !cursor }, text("earlier"));
  let before = cursor;
  more.addEventListener("click", async () => {
    const page = await desk.api.failures(before);
    list.append(...page.failures.map((one) => item(one, desk)));
    before = page.cursor;
    more.hidden = !before;
  });
  const all = () => settle(failures.map((one) => one.id), desk);
  return h(
    "details",
    { class: "box failures-box" },
    h("summary", {}, text("open_failures", { n: open })),
    list,
    more,
    desk.mayEdit ? h("button", { type: "button", class: "quiet", onclick: all }, text("settle_shown")) : null,
  );
}

function settle(ids, desk) {
  return askReason({
    title: text("settle_title", { n: ids.length }),
    lead: [h("p", {}, text("settle_lead"))],
    action: text("settle"),
    act: async (reason) => {
      await desk.api.settleFailures(ids, reason);
      await desk.refresh();
    },
  });
}

function item(one, desk) {
  const { process, node, step, code, cause } = one.data;
  const where = [process && `${process} · ${node ?? ""}`, step].filter(Boolean).join(", ");
  return h(
    "li",
    {},
    h("p", {}, h("strong", {}, text(`failure_${one.what}`)), where ? ` ${where}` : "", code ? h("code", {}, ` ${code}`) : null),
    cause ? h("p", {}, cause) : null,
    h("p", {}, h("time", { datetime: one.at }, when(new Date(one.at))), one.conversation ? `, ${text(`status_${one.conversation.status}`)}` : ""),
    h(
      "div",
      { class: "actions" },
      one.conversation ? h("button", { type: "button", class: "quiet", onclick: () => desk.play(one.conversation.id) }, text("open_dialogue")) : null,
      desk.mayEdit ? h("button", { type: "button", class: "quiet", onclick: () => settle([one.id], desk) }, text("settle")) : null,
    ),
  );
}
