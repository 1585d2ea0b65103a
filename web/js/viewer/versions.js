// The pane of versions: the history with reasons, drafts and their publishing, a proposal's second look, roll-back.

import { text, when } from "../texts.js";
import { askReason } from "./ask.js";
import { h, toast } from "./dom.js";
import { moveDialogues } from "./moving.js";

const who = (person) => person?.name || (person?.id === "setup" ? text("release_files") : (person?.id ?? ""));
const at = (moment) => when(new Date(moment));

/** `desk`: {api, mayEdit, me, compare(from, to), show(version), refresh()}. */
export async function versionsPane(desk) {
  const [{ versions, cursor, folder }, { proposals }, check] = await Promise.all([desk.api.versions(), desk.api.proposals(), desk.api.check()]);
  const list = h("ol", { class: "versions" }, versions.map((version, index) => versionItem(version, index === 0, desk)));
  const more = cursor ? h("button", { type: "button", class: "quiet", onclick: () => earlier(desk, cursor, list, more) }, text("earlier_versions")) : null;
  return [
    draftsBox(check, desk),
    ...proposals.filter((one) => one.state === "open").map((one) => proposalBox(one, desk)),
    folder?.kept?.length
      ? h("section", { class: "box" }, h("h2", {}, text("kept_title")), h("p", {}, text("kept_lead", { processes: folder.kept.join(", ") })), h("button", { type: "button", class: "quiet", onclick: () => desk.compare("newest", "folder") }, text("compare_files")))
      : null,
    h("h2", {}, text("history")),
    list,
    more,
  ];
}

async function earlier(desk, before, list, button) {
  const { versions, cursor } = await desk.api.versions(before);
  list.append(...versions.map((version) => versionItem(version, false, desk)));
  if (cursor) button.onclick = () => earlier(desk, cursor, list, button);
  else button.remove();
}

function versionItem(version, newest, desk) {
  const origin = version.origin === "restored" ? text("origin_restored", { version: version.restored_from }) : version.origin === "files" ? text("origin_files") : "";
  const restore = () =>
    askReason({
      title: text("restore_title", { version: version.id }),
      lead: [h("p", {}, text("restore_lead"))],
      action: text("restore"),
      danger: true,
      act: async (reason) => {
        await desk.api.restore(version.id, reason);
        toast(text("restored"));
        await desk.refresh();
      },
    });
  return h(
    "li",
    { class: newest ? "newest" : "" },
    h("p", { class: "version-head" }, h("strong", {}, text("version", { version: version.id })), newest ? h("span", { class: "tag" }, text("newest")) : null, h("span", { class: "tag soft" }, text("live_dialogues", { n: version.live_conversations }))),
    h("p", {}, who(version.published_by), ", ", h("time", { datetime: version.published_at }, at(version.published_at)), version.approved_by ? `, ${text("approved_by", { name: who(version.approved_by) })}` : ""),
    version.reason || origin ? h("p", { class: "reason" }, version.reason || origin, version.reason && origin ? ` (${origin})` : "") : null,
    h("p", { class: "hash" }, h("code", {}, version.hash.slice(0, 12))),
    h(
      "div",
      { class: "actions" },
      h("button", { type: "button", class: "quiet", onclick: () => desk.show(version.id) }, text("show")),
      newest ? null : h("button", { type: "button", class: "quiet", onclick: () => desk.compare(version.id, "newest") }, text("compare_newest")),
      newest || !desk.mayEdit || version.live_conversations === 0 ? null : h("button", { type: "button", class: "quiet", onclick: () => moveDialogues(desk).catch((failure) => toast(failure.message)) }, text("move_live")),
      newest || !desk.mayEdit ? null : h("button", { type: "button", class: "quiet danger", onclick: restore }, text("restore")),
    ),
  );
}

function draftsBox(check, desk) {
  const { differences, problems, outdated } = check;
  const changed = [...differences.added, ...differences.changed.map((one) => one.process)];
  if (changed.length === 0) return h("section", { class: "box" }, h("h2", {}, text("drafts")), h("p", {}, text("no_drafts")));
  const errors = problems.filter((one) => one.severity === "error").length;
  const publish = () =>
    askReason({
      title: check.review ? text("propose") : text("publish"),
      lead: [h("p", {}, text(check.review ? "propose_lead" : "publish_lead", { processes: changed.join(", ") }))],
      action: check.review ? text("propose") : text("publish"),
      act: async (reason) => {
        const { version } = await desk.api.publish(reason);
        toast(version ? text("published", { version: version.id }) : text("proposed"));
        await desk.refresh();
      },
    });
  return h(
    "section",
    { class: "box" },
    h("h2", {}, text("drafts")),
    h("ul", {}, changed.map((alias) => h("li", {}, h("button", { type: "button", class: "link", onclick: () => desk.open(alias) }, alias)))),
    errors ? h("p", { class: "error" }, text("drafts_errors", { n: errors })) : null,
    outdated.length ? h("p", { class: "error" }, text("drafts_outdated", { processes: outdated.map((one) => one.process).join(", ") })) : null,
    h(
      "div",
      { class: "actions" },
      h("button", { type: "button", class: "quiet", onclick: () => desk.compare("newest", "drafts") }, text("compare_drafts")),
      desk.mayEdit ? h("button", { type: "button", class: "main", disabled: !check.publishable, onclick: publish }, check.review ? text("propose") : text("publish")) : null,
    ),
  );
}

function proposalBox(proposal, desk) {
  const own = proposal.proposed_by.id === desk.me.id;
  const settle = (verb, danger) => () =>
    askReason({
      title: text(`${verb}_title`),
      action: text(verb),
      danger,
      act: async (reason) => {
        await desk.api.settle(proposal.id, verb, reason);
        toast(text(`${verb}_done`));
        await desk.refresh();
      },
    });
  const button = (verb, danger = false) => h("button", { type: "button", class: danger ? "quiet danger" : "main", onclick: settle(verb, danger) }, text(verb));
  return h(
    "section",
    { class: "box proposal" },
    h("h2", {}, text("proposal", { id: proposal.id })),
    h("p", {}, who(proposal.proposed_by), ", ", at(proposal.proposed_at)),
    h("p", { class: "reason" }, proposal.reason),
    h("p", {}, proposal.processes.join(", ")),
    own ? h("p", {}, text("second_person")) : null,
    h("button", { type: "button", class: "quiet", onclick: () => desk.compareProposal(proposal.id) }, text("compare_drafts")),
    h("div", { class: "actions" }, !desk.mayEdit ? null : own ? button("withdraw", true) : [button("decline", true), button("approve")]),
  );
}
