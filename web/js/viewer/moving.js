// Live dialogues that go on in the newest version: what would become of each, which node stands for which, then the move.

import { text } from "../texts.js";
import { askReason } from "./ask.js";
import { h, toast } from "./dom.js";

/** `desk`: {api, refresh()}. */
export async function moveDialogues(desk) {
  const map = {};
  const place = h("div", { class: "moving", "aria-live": "polite" });
  let found = null;
  const look = async () => {
    found = await desk.api.checkMoves(map);
    place.replaceChildren(...fates(found, map, look));
  };
  await look();
  return askReason({
    title: text("move_title", { version: found.to_version }),
    lead: [h("p", {}, text("move_lead")), place],
    action: text("move"),
    act: async (reason) => {
      const told = await desk.api.move({ reason, to_version: found.to_version, map });
      toast(text("moved", { n: told.moves }));
      await desk.refresh();
    },
  });
}

function fates(found, map, look) {
  return [
    h("p", {}, text("moves", { n: found.moves }), ", ", text("stays", { n: found.stays }), found.more ? `, ${text("moves_more")}` : ""),
    found.obstacles.length ? h("ul", { class: "obstacles" }, found.obstacles.map((one) => obstacle(one, map, look))) : null,
  ].filter(Boolean);
}

function obstacle(one, map, look) {
  const id = `node-for-${one.process}-${one.node}`;
  const named = async (event) => {
    map[one.process] = { ...map[one.process], [one.node]: event.target.value.trim() };
    if (!event.target.value.trim()) delete map[one.process][one.node];
    await look();
  };
  return h(
    "li",
    {},
    h("strong", {}, `${one.process} · ${one.node}`),
    ` (${text("live_dialogues", { n: one.conversations })}): ${one.why}`,
    h("label", { for: id }, text("node_instead")),
    h("input", { id, value: map[one.process]?.[one.node] ?? "", spellcheck: "false", autocapitalize: "none", onchange: named }),
  );
}
