// What the stage shows: a process to look at or to change, a version, two versions side by side, or a dialogue's way.

import { text } from "../texts.js";
import { askNode } from "./adding.js";
import { changes, details, problems } from "./details.js";
import { dialoguePanel, Player, readDialogue } from "./dialogues.js";
import { afterPress, byId, h, isText, toast } from "./dom.js";
import { editor } from "./editor.js";
import { nodesOf } from "./graph.js";
import { Heat } from "./heat.js";
import { History, wishOf } from "./history.js";
import { leadsOn, nodeOf, removable, withNewNode, withNode, withoutNode } from "./nodes.js";
import { Picture } from "./picture.js";
import { step, titleOf } from "./words.js";

const CHECK_PAUSE_MS = 600;

export class Stage {
  #mode = { kind: "work" };
  #published = {};
  #drafts = new Map();
  #unsaved = new Map();
  #current = null;
  #pictures = [];
  #node = null;
  #problems = [];
  #player = null;
  #passed = [];
  #checking = null;
  #heat;
  #changed;
  #forked;

  constructor(org, api, { mayEdit, changed, forked }) {
    this.org = org;
    this.api = api;
    this.mayEdit = mayEdit;
    this.#changed = changed;
    this.#forked = forked;
    this.#heat = new Heat(api, () => this.unsaved, () => this.#warms && (this.#marks(), this.#panel()));
    this.#tools();
  }

  get aliases() {
    const shown = this.#mode.processes ?? { ...this.#published, ...Object.fromEntries(this.#drafts) };
    return Object.keys(shown).sort();
  }

  get alias() {
    return this.#current?.alias ?? null;
  }

  /** What is on the stage, where it is not the authors' own work. */
  get title() {
    return this.#mode.title ?? null;
  }

  get hasUnsaved() {
    return this.#unsaved.size > 0;
  }

  /** Documents that are not saved yet, by alias. */
  get unsaved() {
    return Object.fromEntries([...this.#unsaved].map(([alias, { document }]) => [alias, document]));
  }

  /** The step components that the published processes call. */
  get steps() {
    const logics = Object.values(this.#published).flatMap((process) => nodesOf(process).flatMap((node) => node.condition?.logics ?? []));
    return [...new Set(logics.map(step).filter(Boolean))].sort();
  }

  /** Marks the way that a rehearsal took, as far as it leads through the process that is shown. */
  passed(path) {
    this.#passed = path;
    this.#marks();
  }

  stateOf(alias) {
    if (this.#mode.kind === "compare") return this.#mode.states.get(alias) ?? null;
    if (this.#mode.kind !== "work") return null;
    return this.#unsaved.has(alias) ? "unsaved" : this.#drafts.has(alias) ? "draft" : null;
  }

  async load() {
    const [{ processes }, { drafts }] = await Promise.all([this.api.version("newest"), this.api.drafts()]);
    this.#published = processes;
    this.#drafts = new Map(drafts.map((draft) => [draft.process, draft]));
  }

  /** Whether traffic may be shown on it. */
  get #warms() {
    return ["work", "version"].includes(this.#mode.kind);
  }

  leave() {
    this.#heat.leave();
    this.#player?.close();
    clearTimeout(this.#checking);
  }

  #tools() {
    const main = (act) => () => this.#pictures.forEach(act);
    byId("zoom-in").onclick = main((picture) => picture.zoom(1.25));
    byId("zoom-out").onclick = main((picture) => picture.zoom(0.8));
    byId("zoom-fit").onclick = main((picture) => picture.fit());
    byId("add-node").onclick = () => this.#askNode();
    byId("undo-edit").onclick = () => this.#again("undo");
    byId("redo-edit").onclick = () => this.#again("redo");
    const errors = byId("errors");
    errors.onclick = () => {
      const shown = byId("pictures").classList.toggle("with-errors");
      errors.setAttribute("aria-pressed", String(shown));
    };
    const find = byId("find");
    find.value = "";
    find.oninput = () => {
      const found = this.#pictures.flatMap((picture) => picture.find(find.value));
      byId("found").textContent = find.value.trim() ? text("found", { n: found.length }) : "";
      if (found.length) this.#pictures.forEach((picture) => picture.look(found[0]));
    };
    find.onkeydown = (event) => {
      if (event.key !== "Enter") return;
      const [first] = this.#pictures[0]?.find(find.value) ?? [];
      if (first) this.#pictures[0].choose(first);
    };
  }

  /** Opens a process in what is on the stage now. */
  async open(alias, node = null) {
    if (!alias) return;
    const { kind } = this.#mode;
    if (kind === "compare") return this.#drawComparison(alias);
    if (kind === "work") this.#current = await this.#work(alias);
    else this.#current = { alias, document: this.#mode.processes[alias] };
    this.#node = node;
    this.#draw();
    if (node) this.#go(node);
    if (kind === "work") {
      history.replaceState(null, "", `#${this.org}/${alias}`);
      this.#check();
    }
  }

  async #work(alias) {
    const unsaved = this.#unsaved.get(alias);
    if (unsaved) return unsaved;
    const read = await this.api.draft(alias);
    // The edits begin anew with each reading: earlier ones may stand on what is no more.
    return { alias, document: read.document, etag: read.etag, draft: read.draft, newest: read.newest, edits: new History() };
  }

  async show(version) {
    const { processes } = await this.api.version(version);
    this.#leaveDialogue();
    this.#mode = { kind: "version", processes, title: text("shown_version", { version }) };
    await this.open(processes[this.alias] ? this.alias : Object.keys(processes)[0]);
  }

  async compare(from, to) {
    const sets = await Promise.all([from, to].map((one) => this.#set(one)));
    const differences = await this.api.differences(from, to);
    return this.#compareSets(sets, differences, [from, to].map(setName), to === "folder");
  }

  /** What a proposal changes of the version that it was proposed upon. */
  async compareProposal(id) {
    const { proposal, differences, documents } = await this.api.proposal(id);
    const { processes } = await this.api.version(proposal.base_version);
    const names = [setName(proposal.base_version), text("proposal", { id })];
    return this.#compareSets([processes, { ...processes, ...documents }], differences, names);
  }

  #compareSets(sets, differences, names, takeable = false) {
    const states = new Map([...differences.added.map((one) => [one, "added"]), ...differences.removed.map((one) => [one, "removed"]), ...differences.changed.map((one) => [one.process, "changed"])]);
    if (states.size === 0) return toast(text("no_differences"));
    this.#leaveDialogue();
    const processes = Object.fromEntries([...states.keys()].map((alias) => [alias, sets[1][alias] ?? sets[0][alias]]));
    const title = text("comparison", { from: names[0], to: names[1] });
    this.#mode = { kind: "compare", processes, sets, differences, states, names, title, takeable: takeable && this.mayEdit };
    return this.#drawComparison(states.has(this.alias) ? this.alias : [...states.keys()][0]);
  }

  async #set(name) {
    if (name !== "drafts") return (await this.api.version(name)).processes;
    const { processes } = await this.api.version("newest");
    const drafts = await Promise.all([...this.#drafts.keys()].map((alias) => this.api.draft(alias)));
    return { ...processes, ...Object.fromEntries(drafts.map((draft) => [draft.process, draft.document])) };
  }

  /** Back to the authors' own work. */
  async back() {
    this.#leaveDialogue();
    this.#mode = { kind: "work" };
    await this.open(this.aliases.includes(this.alias) ? this.alias : this.aliases[0]);
  }

  #leaveDialogue() {
    this.#player?.close();
    this.#player = null;
  }

  redraw() {
    if (this.#mode.kind === "compare") return this.#drawComparison(this.alias);
    this.#draw();
    if (this.#node) this.#go(this.#node, false);
    return undefined;
  }

  #head(title, about) {
    byId("graph-title").textContent = title;
    byId("graph-about").textContent = about ?? "";
  }

  #place(...figures) {
    byId("pictures").replaceChildren(...figures);
    byId("pictures").classList.toggle("two", figures.length > 1);
    this.#heat.offer(this.#warms);
    for (const picture of this.#pictures) picture.open();
    this.#edits();
    this.#changed();
  }

  get #editable() {
    return this.mayEdit && this.#mode.kind === "work" && this.#current !== null;
  }

  /** The buttons that change the process; those that can do nothing keep the focus that they may have. */
  #edits() {
    byId("edits").hidden = !this.#editable;
    if (!this.#editable) return;
    const { past, future } = this.#current.edits;
    for (const [id, left, label] of [["undo-edit", past, text("undo_edit")], ["redo-edit", future, text("redo_edit")]]) {
      byId(id).setAttribute("aria-disabled", String(left === 0));
      byId(id).title = label;
    }
  }

  #draw() {
    const { alias, document } = this.#current;
    this.#head(document.title || alias, document.description);
    const picture = new Picture(document, { name: document.title || alias, chosen: (id) => this.#choose(id) });
    this.#pictures = [picture];
    this.#place(picture.svg);
    this.#marks();
    this.#panel();
  }

  #marks() {
    if (this.#warms && this.#pictures[0]) this.#heat.paint(this.#pictures[0], this.alias);
    if (this.#mode.kind !== "work") return;
    const been = this.#passed.filter((one) => one.process === this.alias).map((one) => one.node);
    const broken = this.#problems.filter((one) => one.process === this.alias && one.node && one.severity === "error");
    this.#pictures[0]?.paint(new Map([...been.map((node) => [node, "visited"]), ...broken.map((one) => [one.node, "broken"])]));
    this.#pictures[0]?.trail(been);
  }

  #choose(id) {
    this.#node = id;
    this.#panel();
    if (matchMedia("(max-width: 900px)").matches) byId("panel").scrollIntoView({ block: "nearest" });
  }

  #go(id, focus = true) {
    const picture = this.#pictures.find((one) => one.has(id));
    if (!picture) return;
    picture.look(id);
    if (focus) picture.choose(id);
    else picture.select(id);
  }

  #steps() {
    return { here: this.alias, go: (id) => this.#go(id), open: (alias, node) => this.aliases.includes(alias) && this.open(alias, node) };
  }

  #panel() {
    const { document } = this.#current;
    const node = nodesOf(document).find((one) => String(one.id) === this.#node);
    const parts = [];
    if (node) parts.push(...details(document, node, this.#steps()));
    else parts.push(h("p", { class: "kind" }, text("process")), h("h2", {}, document.title || this.alias), h("p", {}, text("choose_node", { n: nodesOf(document).length })));
    if (this.#warms) parts.push(this.#heat.words(this.alias, document, node, (id) => this.#go(id)));
    if (this.#mode.kind === "work") {
      parts.push(this.#bar());
      if (node && this.mayEdit) parts.push(h("details", { class: "edit", open: this.#unsaved.has(this.alias) }, h("summary", {}, text("edit")), editor(document, node, (changed) => this.#edit(changed)), this.#nodeActions(node)));
      parts.push(h("h3", {}, text("problems")), h("div", { id: "problems", "aria-live": "polite" }, problems(this.#problems, this.#steps())));
    }
    byId("panel").replaceChildren(...parts.filter(Boolean));
  }

  #bar() {
    const { draft, newest } = this.#current;
    const unsaved = this.#unsaved.has(this.alias);
    if (!unsaved && !draft) return null;
    const outdated = draft && draft.base_version !== newest;
    const button = (label, act, kind = "quiet") => h("button", { type: "button", class: kind, onclick: () => act().catch((failure) => this.#failed(failure)) }, text(label));
    return h(
      "div",
      { class: "box draft-bar" },
      h("p", {}, unsaved ? text("unsaved") : text("draft_of", { name: draft.changed_by.name, version: draft.base_version })),
      outdated ? h("p", { class: "note" }, text("base_older", { version: newest })) : null,
      this.mayEdit
        ? h("div", { class: "actions" }, unsaved ? button("save_draft", () => this.#save(), "main") : null, unsaved ? button("undo", () => this.#undo()) : null, !unsaved && draft ? button("drop_draft", () => this.#drop(), "quiet danger") : null, !unsaved && outdated ? button("rebase", () => this.#save(newest)) : null)
        : null,
    );
  }

  #nodeActions(node) {
    const button = (id, label, act, kind) => h("button", { type: "button", id, class: kind, onclick: act }, text(label));
    return h(
      "div",
      { class: "actions" },
      leadsOn(node) ? button("add-behind", "add_node_behind", () => this.#askNode(), "quiet") : null,
      removable(node) ? button("remove-node", "remove_node", () => this.#remove(), "quiet danger") : null,
    );
  }

  #edit(changed) {
    this.#become(withNode(this.#current.document, this.#node, changed), String(changed.id));
  }

  #askNode() {
    const { document } = this.#current;
    const processes = Object.fromEntries(this.aliases.map((alias) => [alias, this.#unsaved.get(alias)?.document ?? this.#published[alias] ?? {}]));
    const add = (after, wish) => {
      const added = withNewNode(document, after, wish);
      this.#become(added.document, added.id, true);
      byId("edited").textContent = text("node_added", { title: wish.title });
    };
    askNode({ document, chosen: this.#node, steps: this.steps, processes, add });
  }

  #remove() {
    const title = titleOf(nodeOf(this.#current.document, this.#node));
    const { document, next, led } = withoutNode(this.#current.document, this.#node);
    this.#become(document, next ?? led[0] ?? null, true);
    toast(text(next === null && led.length ? "node_removed_dangling" : "node_removed", { title }));
  }

  /** An edit: the process becomes another document; `focus`: the focus goes to the node that is chosen then. */
  #become(document, node, focus = false) {
    const after = { document, node };
    this.#current.edits.edited({ document: this.#current.document, node: this.#node }, after);
    this.#put(after, focus);
  }

  /** Takes the last edit back, or does again what was taken back. */
  #again(wish) {
    const { edits } = this.#current;
    const state = edits[wish]();
    if (!state) return;
    this.#put(state);
    byId("edited").textContent = text(wish === "undo" ? "undone" : "redone", { past: edits.past, future: edits.future });
  }

  #put({ document, node }, focus = false) {
    this.#current = { ...this.#current, document };
    if (this.#current.edits.untouched) this.#unsaved.delete(this.alias);
    else this.#unsaved.set(this.alias, this.#current);
    this.#node = node;
    // A field tells its change before the focus has moved on to the next one.
    afterPress(() => this.#drawChanged(focus));
    clearTimeout(this.#checking);
    this.#checking = setTimeout(() => this.#check(), CHECK_PAUSE_MS);
  }

  /** The keys for what was done last, wherever the focus is on the page but in a text or a dialog. */
  key(event) {
    const wish = wishOf(event);
    if (!wish || !this.#editable || byId("ask").open || isText(event.target)) return;
    event.preventDefault();
    this.#again(wish);
  }

  #drawChanged(focus) {
    const focused = globalThis.document.activeElement;
    const panel = byId("panel");
    const open = [".edit", ".as-json"].filter((part) => panel.querySelector(part)?.open);
    const { view } = this.#pictures[0];
    this.#draw();
    const [picture] = this.#pictures;
    picture.view = view;
    picture.look(this.#node);
    picture.select(this.#node);
    for (const part of open) panel.querySelector(part)?.setAttribute("open", "");
    if (focus) {
      panel.scrollTop = 0;
      return picture.focus(this.#node ?? picture.current);
    }
    // Drawn anew, what had the focus is another element, or is gone: then the node has it.
    if (focused?.isConnected) return undefined;
    const same = focused?.id && byId(focused.id);
    return same ? same.focus() : picture.focus(this.#node ?? picture.current);
  }

  async #check() {
    const alias = this.alias;
    try {
      const { problems: found } = await this.api.checkUnsaved(this.unsaved);
      this.#told(found, alias);
    } catch (failure) {
      this.#failed(failure);
    }
  }

  #told(found, alias) {
    this.#problems = [...found.filter((one) => one.process === alias), ...found.filter((one) => one.process !== alias)];
    if (this.#mode.kind !== "work" || this.alias !== alias) return;
    byId("problems")?.replaceChildren(problems(this.#problems, this.#steps()));
    this.#marks();
  }

  async #save(base) {
    const { alias, document, etag, newest } = this.#current;
    const saved = await this.api.save(alias, document, etag, base);
    await this.load();
    const here = this.#mode.kind === "work" && this.alias === alias;
    const later = (here ? this.#current : this.#unsaved.get(alias))?.document ?? document;
    const edits = new History();
    const kept = { alias, document: later, etag: saved.etag, draft: this.#drafts.get(alias), newest: saved.newest ?? newest, edits };
    this.#unsaved.delete(alias);
    if (later !== document) {
      // Edited while the draft was on its way: that is not saved yet.
      edits.edited({ document, node: this.#node }, { document: later, node: this.#node });
      this.#unsaved.set(alias, kept);
    }
    if (here) this.#current = kept;
    this.#told(saved.problems, alias);
    toast(text("saved"));
    if (here) this.#panel();
    this.#edits();
    this.#changed();
  }

  async #undo() {
    this.#unsaved.delete(this.alias);
    await this.open(this.alias, this.#node);
  }

  async #drop() {
    await this.api.discard(this.alias, this.#current.etag);
    await this.load();
    toast(text("dropped"));
    await this.open(this.aliases.includes(this.alias) ? this.alias : this.aliases[0]);
  }

  #failed(failure) {
    const words = failure.status === 412 ? text("overwritten") : failure.message;
    toast(words);
  }

  #drawComparison(alias) {
    const { sets, differences, names } = this.#mode;
    const changed = differences.changed.find((one) => one.process === alias);
    this.#current = { alias, document: sets[1][alias] ?? sets[0][alias] };
    const marks = (side) => {
      const all = new Map();
      const whole = side === 0 ? "removed" : "added";
      if (!changed) for (const node of nodesOf(sets[side][alias])) all.set(String(node.id), whole);
      for (const id of changed?.[side === 0 ? "nodes_removed" : "nodes_added"] ?? []) all.set(id, whole);
      for (const id of changed?.nodes_moved ?? []) all.set(id, "moved");
      for (const { node } of changed?.nodes_changed ?? []) all.set(node, "changed");
      return all;
    };
    this.#pictures = [];
    const figures = [0, 1].map((side) => {
      const caption = h("figcaption", {}, names[side]);
      if (!sets[side][alias]) return h("figure", {}, caption, h("p", { class: "empty" }, text("not_there")));
      const picture = new Picture(sets[side][alias], { name: `${alias}, ${names[side]}`, chosen: (id) => this.#comparisonPanel(alias, id) });
      this.#pictures.push(picture);
      picture.paint(marks(side));
      return h("figure", {}, caption, picture.svg);
    });
    this.#head(alias, this.#mode.title);
    this.#place(...figures);
    const first = changed?.nodes_changed[0]?.node ?? changed?.nodes_added[0] ?? changed?.nodes_removed[0];
    if (first) for (const picture of this.#pictures) picture.look(first);
    this.#comparisonPanel(alias, null);
  }

  #comparisonPanel(alias, id) {
    const changed = this.#mode.differences.changed.find((one) => one.process === alias);
    for (const picture of this.#pictures) {
      picture.select(id);
      if (id) picture.look(id);
    }
    const name = (own) => titleOf([0, 1].flatMap((side) => nodesOf(this.#mode.sets[side][alias])).find((one) => String(one.id) === own) ?? { id: own });
    const link = (own) => h("button", { type: "button", class: "link", onclick: () => this.#comparisonPanel(alias, own) }, name(own));
    const list = (title, ids) => (ids?.length ? [h("h3", {}, text(title)), h("ul", {}, ids.map((own) => h("li", {}, link(own))))] : []);
    const shown = (changed?.nodes_changed ?? []).filter((one) => !id || one.node === id);
    byId("panel").replaceChildren(
      h("p", { class: "kind" }, this.#mode.title),
      h("h2", {}, id ? name(id) : alias),
      ...(id ? [h("button", { type: "button", class: "quiet", onclick: () => this.#comparisonPanel(alias, null) }, text("all_differences"))] : []),
      ...(changed ? [] : [h("p", {}, text(`process_${this.stateOf(alias)}`))]),
      ...(!id && this.#mode.takeable && this.#mode.sets[1][alias] ? [h("button", { type: "button", class: "quiet", onclick: () => this.#take(alias) }, text("take_files"))] : []),
      ...(id ? [] : this.#otherProcesses(alias)),
      ...(id ? [] : [...list("nodes_added", changed?.nodes_added), ...list("nodes_removed", changed?.nodes_removed), ...list("nodes_moved", changed?.nodes_moved)]),
      ...(!id && changed?.fields.length ? [h("h3", {}, text("process")), changes(changed.fields)] : []),
      ...shown.flatMap((one) => [h("h3", {}, link(one.node)), changes(one.fields)]),
      ...(id && shown.length === 0 ? [h("p", {}, text("no_fields"))] : []),
    );
  }

  /** The files' process becomes the draft: whoever takes it has seen what is published. */
  async #take(alias) {
    const document = this.#mode.sets[1][alias];
    const { etag, newest } = await this.api.draft(alias);
    await this.api.save(alias, document, etag, newest);
    await this.load();
    toast(text("saved"));
    await this.back();
    await this.open(alias);
  }

  #otherProcesses(alias) {
    const others = this.aliases.filter((one) => one !== alias);
    if (others.length === 0) return [];
    const item = (one) => h("li", {}, h("button", { type: "button", class: "link", onclick: () => this.#drawComparison(one) }, one), " ", h("span", { class: `tag ${this.stateOf(one)}` }, text(`state_${this.stateOf(one)}`)));
    return [h("h3", {}, text("other_processes")), h("ul", { class: "ways" }, others.map(item))];
  }

  /** Plays a dialogue's way, in the version that it began with. */
  async play(id) {
    try {
      const dialogue = await readDialogue(this.api, id);
      const { processes } = await this.api.version(dialogue.version);
      this.#leaveDialogue();
      this.#mode = { kind: "dialogue", id, processes, title: text("shown_dialogue", { id }) };
      this.#current = null;
      this.#player = new Player(dialogue, (index) => this.#step(dialogue, index));
      this.#player.go(0);
      if (this.#player.steps.length === 0) await this.open("project");
      this.#dialoguePanel(dialogue);
      this.#changed();
    } catch (failure) {
      this.#failed(failure);
    }
  }

  #dialoguePanel(dialogue) {
    const { id, processes } = this.#mode;
    const act = async (wish) => {
      await this.api.intervene(id, wish);
      toast(text("intervened"));
      await this.play(id);
      this.#player?.go(this.#player.steps.length - 1);
    };
    const desk = this.mayEdit && dialogue.status !== "closed" ? { act } : null;
    byId("panel").replaceChildren(...dialoguePanel(dialogue, { ...this.#steps(), processes, desk, fork: () => this.#forked(id) }).filter(Boolean));
  }

  #step(dialogue, index) {
    const steps = this.#player.steps;
    const { process, node } = steps[index];
    const document = this.#mode.processes[process];
    if (!document) return;
    if (this.alias !== process) {
      this.#current = { alias: process, document };
      this.#head(document.title || process, this.#mode.title);
      const picture = new Picture(document, { name: document.title || process, chosen: (id) => this.#dialogueNode(dialogue, id) });
      this.#pictures = [picture];
      this.#place(picture.svg);
    }
    const been = steps.slice(0, index + 1).filter((step) => step.process === process);
    const marks = new Map(been.map((step) => [step.node, "visited"]));
    marks.set(node, "here");
    const [picture] = this.#pictures;
    picture.paint(marks);
    picture.trail(been.map((step) => step.node));
    picture.look(node);
    picture.select(node);
  }

  #dialogueNode(dialogue, id) {
    const { document } = this.#current;
    const node = nodesOf(document).find((one) => String(one.id) === id);
    const back = () => this.#dialoguePanel(dialogue);
    byId("panel").replaceChildren(h("button", { type: "button", class: "quiet", onclick: back }, text("back_to_dialogue")), ...details(document, node, this.#steps()).filter(Boolean));
  }
}

const setName = (name) => ({ newest: text("set_newest"), drafts: text("set_drafts"), folder: text("set_folder") })[name] ?? text("version", { version: name });
