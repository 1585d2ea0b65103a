// Adding nodes to a process and taking them out: documents in, new documents out. It knows nothing of the page.

import { nodesOf } from "./graph.js";
import { icon } from "./words.js";

/** What can be added. */
export const KINDS = ["step", "call", "choice", "set", "wait", "delay", "end", "failure"];

/** One place of the grid that the pictures of our processes stand on. */
const COLUMN = 320;
const ROW = 160;
const ID_CHARACTERS_MAX = 40;
/** How long a called process may take: the limit of every such call in our templates. */
const CALL_SECONDS = 60;

/** The state's romanisation of Ukrainian (resolution 55 of 27 January 2010); some letters differ where a word begins. */
const LETTERS = {
  а: "a", б: "b", в: "v", г: "h", ґ: "g", д: "d", е: "e", є: "ie", ж: "zh", з: "z", и: "y", і: "i", ї: "i", й: "i", к: "k",
  л: "l", м: "m", н: "n", о: "o", п: "p", р: "r", с: "s", т: "t", у: "u", ф: "f", х: "kh", ц: "ts", ч: "ch", ш: "sh",
  щ: "shch", ь: "", ю: "iu", я: "ia",
};
const FIRST_LETTERS = { є: "ye", ї: "yi", й: "y", ю: "yu", я: "ya" };

const isEnd = (node) => node.obj_type === 2;

export const nodeOf = (document, id) => nodesOf(document).find((node) => String(node.id) === String(id));

/** A new node can stand behind every node but an end. */
export const leadsOn = (node) => !isEnd(node);

/** A process needs its start. */
export const removable = (node) => node.obj_type !== 1;

/** An id that people can read: small Latin letters, digits and hyphens, with a number where it is taken. */
export function idFor(title, taken) {
  const latin = title
    .toLowerCase()
    .replace(/зг/g, "zgh")
    .replace(/['’ʼ`]/g, "")
    .replace(/(?<![\p{L}])[єїйюя]/gu, (letter) => FIRST_LETTERS[letter])
    .replace(/[а-яґєії]/g, (letter) => LETTERS[letter] ?? "");
  const words = latin.normalize("NFD").replace(/\p{M}/gu, "").split(/[^a-z0-9]+/).filter(Boolean);
  let id = words.shift()?.slice(0, ID_CHARACTERS_MAX) ?? "node";
  for (const word of words) {
    if (id.length + 1 + word.length > ID_CHARACTERS_MAX) break;
    id += `-${word}`;
  }
  const known = new Set([...taken].map(String));
  let free = id;
  for (let number = 2; known.has(free); number += 1) free = `${id}-${number}`;
  return free;
}

export const idIn = (document, title) => idFor(title, nodesOf(document).map((node) => node.id));

/** The way by which a task leaves a node when all went as it should: its `go`, or the time limit of a mere pause. */
function wayOn(node) {
  const logics = node.condition?.logics ?? [];
  const go = logics.find((logic) => logic.type === "go");
  if (go || logics.length) return go ?? null;
  return (node.condition?.semaphors ?? []).find((semaphor) => semaphor.type === "time") ?? null;
}

/** Where that way leads, or null. */
export const nextOf = (node) => (wayOn(node)?.to_node_id ? String(wayOn(node).to_node_id) : null);

/** A call of the same step or process somewhere in the processes: what it passes on is a pattern for a new one. */
export function sameCall(processes, { kind, step, process }) {
  const wanted = (logic) => (kind === "step" ? logic.type === "api" && logic.url === stepUrl(step) : logic.type === "api_rpc" && logic.conv_id === `@${process}`);
  for (const document of processes) {
    for (const node of nodesOf(document)) {
      const logic = node.condition?.logics?.find(wanted);
      if (logic && Object.keys(logic.extra ?? {}).length) return { title: node.title || node.id, logic };
    }
  }
  return null;
}

const stepUrl = (step) => `http://${step}.spin.internal/`;

/** The document with a new node behind the node `after`, and the new node's id. */
export function withNewNode(document, after, wish) {
  const before = nodeOf(document, after);
  const id = idIn(document, wish.title);
  const made = newNode({ ...wish, id }, { next: nextOf(before) ?? "", onError: errorWay(document, before) });
  const node = { ...made, ...placeBehind(document, before) };
  const nodes = nodesOf(document).flatMap((one) => (one === before ? [ledTo(one, id), node] : [one]));
  return { document: withNodes(document, nodes), id };
}

/** The document without a node: what led to it leads to where it led itself. */
export function withoutNode(document, id) {
  const gone = nodeOf(document, id);
  const next = nextOf(gone);
  // A node that leads to itself, or nowhere, leaves the ways to it dangling; the check names them.
  const instead = next === String(id) ? null : next;
  const lead = (part) => {
    const moved = Object.keys(part).filter((field) => WAYS.includes(field) && String(part[field]) === String(id));
    return instead === null || moved.length === 0 ? part : { ...part, ...Object.fromEntries(moved.map((field) => [field, instead])) };
  };
  const kept = nodesOf(document).filter((node) => node !== gone);
  return { document: withNodes(document, kept.map((node) => eachPart(node, lead))), next: instead, led: comesFrom(kept, id) };
}

const WAYS = ["to_node_id", "err_node_id", "esc_node_id"];

const partsOf = (node) => [...(node.condition?.logics ?? []), ...(node.condition?.semaphors ?? [])];

/** The ids of nodes with a way to this one. */
const comesFrom = (nodes, id) => nodes.filter((node) => partsOf(node).some((part) => WAYS.some((field) => String(part[field]) === String(id)))).map((node) => String(node.id));

/** A node with each of its logics and semaphors changed; the node itself where none changed. */
function eachPart(node, change) {
  const logics = node.condition?.logics ?? [];
  const semaphors = node.condition?.semaphors ?? [];
  const changed = { logics: logics.map(change), semaphors: semaphors.map(change) };
  if (changed.logics.every((one, at) => one === logics[at]) && changed.semaphors.every((one, at) => one === semaphors[at])) return node;
  return { ...node, condition: { ...node.condition, ...changed } };
}

const withNodes = (document, nodes) => ({ ...document, scheme: { ...document.scheme, nodes } });

/** The document with one node in the place of another. */
export const withNode = (document, id, node) => withNodes(document, nodesOf(document).map((one) => (String(one.id) === id ? node : one)));

/** A node whose way on leads to another one; one without a way on gets it. */
function ledTo(node, id) {
  const way = wayOn(node);
  if (way) return eachPart(node, (part) => (part === way ? { ...part, to_node_id: id } : part));
  return { ...node, condition: { ...node.condition, logics: [...(node.condition?.logics ?? []), go(id)] } };
}

/** Where errors of a new node lead: where those of the node before it do, else to the end with a failure, else where any
 * lead. A way that comes straight back is a repetition of the node before it and not meant for others. */
function errorWay(document, before) {
  const errors = (node) => (node.condition?.logics ?? []).map((logic) => logic.err_node_id).filter(Boolean).map(String);
  const ends = nodesOf(document).filter((node) => isEnd(node) && icon(node) === "error");
  const repeats = (id) => id === String(before.id) || nextOf(nodeOf(document, id)) === String(before.id);
  const candidates = [...errors(before), ...ends.map((node) => String(node.id)), ...nodesOf(document).flatMap(errors)];
  return candidates.find((id) => nodeOf(document, id) && !repeats(id)) ?? "";
}

/** Below the node before it, in the next column that is free. */
function placeBehind(document, before) {
  const [left, y] = [before.x ?? COLUMN, (before.y ?? 0) + ROW];
  const taken = (x) => nodesOf(document).some((node) => Math.abs(node.x - x) < COLUMN / 2 && Math.abs(node.y - y) < ROW / 2);
  let x = left;
  while (taken(x)) x += COLUMN;
  return { x, y };
}

const go = (to) => ({ type: "go", to_node_id: to });
const time = ({ value, unit }, to) => ({ type: "time", value, dimension: unit, to_node_id: to });

/** The node as our templates write such nodes. `next`: where it leads; `onError`: where its errors do, or "". */
function newNode(wish, { next, onError }) {
  const { id, kind, title } = wish;
  const ends = kind === "end" || kind === "failure";
  const picture = { modeForm: ends ? "collapse" : "expand", icon: { end: "success", failure: "error" }[kind] ?? "" };
  return {
    id,
    obj_type: ends ? 2 : 0,
    condition: { logics: [], semaphors: [], ...conditionOf(wish, { next, onError }) },
    title,
    description: "",
    x: 0,
    y: 0,
    extra: JSON.stringify(picture),
    options: null,
  };
}

function conditionOf(wish, { next, onError }) {
  const { extra = {}, extra_type = {} } = structuredClone(wish.like ?? {});
  switch (wish.kind) {
    case "step":
      return {
        logics: [
          {
            type: "api", version: 2, format: "", method: "POST", url: stepUrl(wish.step), extra, extra_type, max_threads: 5, customize_response: false,
            content_type: "application/json", extra_headers: {}, send_sys: false, debug_info: false, err_node_id: onError,
          },
          go(next),
        ],
      };
    case "call":
      return { logics: [{ type: "api_rpc", conv_id: `@${wish.process}`, convTitle: wish.like?.convTitle ?? wish.processTitle, group: "", extra, extra_type, err_node_id: onError }, go(next)], semaphors: onError ? [time({ value: CALL_SECONDS, unit: "sec" }, onError)] : [] };
    case "choice":
      return { logics: [{ type: "go_if_const", to_node_id: wish.to || next, conditions: [{ param: wish.param, const: wish.value, fun: wish.fun, cast: wish.cast }] }, go(next)] };
    case "set":
      return { logics: [{ type: "set_param", extra: { [wish.param]: wish.value }, extra_type: { [wish.param]: "string" }, err_node_id: onError }, go(next)] };
    case "wait":
      return { logics: [{ type: "api_callback", is_sync: false, obj_id_path: "" }, go(next)], semaphors: wish.limit ? [time(wish.limit, wish.to || next)] : [] };
    case "delay":
      return { semaphors: [time(wish.limit, next)] };
    default:
      return {};
  }
}
