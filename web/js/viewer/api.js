// The authors' API: signing in, calls with the token, problems as errors. The token lives as long as the page and some
// minutes at most; the browser's session, which is in a cookie that no script reads, gives another.

/** An answer that is no success, with the problem the server told. */
export class Refusal extends Error {
  constructor(status, problem) {
    super(problem.detail ?? String(status));
    this.status = status;
    this.code = (problem.type ?? "").split("/").pop();
    this.problem = problem;
  }
}

let token = null;
let signedOut = () => {};

/** `heard` is called when the token is worth nothing any more. */
export function whenSignedOut(heard) {
  signedOut = heard;
}

let refreshing = null;

/** Goes on with the browser's session; false when there is none. Calls that end together ask once. */
export function resume() {
  refreshing ??= (async () => {
    const answer = await fetched("/core/auth/refresh", { method: "POST", headers: { "X-Vikno": "processes" } });
    token = answer.status === 200 ? (await answer.json()).access_token : null;
    return token !== null;
  })().finally(() => (refreshing = null));
  return refreshing;
}

const ATTEMPTS = 5;

const pause = (seconds) => new Promise((then) => setTimeout(then, seconds * 1000));

/** Fetches; a busy server is asked again for what only reads, and for signing in. */
async function fetched(path, request) {
  const may = request.method === "GET" || path === "/core/auth/login" || path === "/core/auth/refresh";
  for (let attempt = 1; ; attempt++) {
    const answer = await fetch(path, request);
    if (!may || ![503, 504].includes(answer.status) || attempt === ATTEMPTS) return answer;
    const wished = Number(answer.headers.get("retry-after"));
    await pause(Math.min(wished || attempt / 2, 5));
  }
}

/** What anybody may ask. */
const OPEN = ["/core/auth/login", "/core/auth/otp", "/organisations.json"];
/** Calls without an answer yet. */
const underWay = new Set();

function asked(method, path, body, headers) {
  const own = token ? { Authorization: `Bearer ${token}` } : {};
  const typed = body === undefined ? {} : { "Content-Type": "application/json" };
  const asking = fetched(path, {
    method,
    headers: { ...own, ...typed, ...headers },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  underWay.add(asking);
  return asking.finally(() => underWay.delete(asking));
}

async function send(method, path, body, headers = {}) {
  const had = token;
  // What a timer still wanted when somebody signed out.
  if (!had && !OPEN.includes(path)) throw new Refusal(401, {});
  let answer = await asked(method, path, body, headers);
  if (answer.status === 401 && had && (await resume())) answer = await asked(method, path, body, headers);
  const told = answer.status === 204 ? null : await answer.json().catch(() => ({}));
  if (answer.ok) return { told, etag: answer.headers.get("etag"), status: answer.status };
  if (answer.status === 401 && had) {
    token = null;
    signedOut();
  }
  throw new Refusal(answer.status, told ?? {});
}

/** Gives the challenge where a code is asked for, else null. */
export async function signIn(login, password) {
  const { told } = await send("POST", "/core/auth/login", { login, password });
  if (told.otp_required) return told.challenge;
  token = told.access_token;
  return null;
}

export async function answerCode(challenge, code) {
  const { told } = await send("POST", "/core/auth/otp", { challenge, code });
  token = told.access_token;
}

export async function signOut() {
  const own = { Authorization: `Bearer ${token}` };
  token = null;
  // The session ends behind what was asked in it.
  await Promise.allSettled(underWay);
  await fetched("/core/auth/logout", { method: "POST", headers: own }).catch(() => {});
}

export const me = async () => (await send("GET", "/core/auth/me")).told;

export const organisations = async () => (await send("GET", "/organisations.json")).told.organisations;

/** Calls of one organisation. */
export function processesOf(org) {
  const path = (rest) => `/${org}/processes/${rest}`;
  const enc = encodeURIComponent;
  const get = async (rest) => (await send("GET", path(rest))).told;
  const post = async (rest, body) => (await send("POST", path(rest), body)).told;
  return {
    versions: (before = "") => get(`versions?before=${before}`),
    version: (id) => get(`versions/${enc(id)}`),
    differences: (from, to) => get(`versions/${enc(from)}/differences/${enc(to)}`),
    restore: (id, reason) => post(`versions/${enc(id)}/restore`, { reason }),
    drafts: () => get("drafts"),
    async draft(alias) {
      const { told, etag } = await send("GET", path(`drafts/${enc(alias)}`));
      return { ...told, etag };
    },
    async save(alias, document, etag, base) {
      const body = base === undefined ? { document } : { document, base_version: base };
      const answer = await send("PUT", path(`drafts/${enc(alias)}`), body, { "If-Match": etag });
      return { ...answer.told, etag: answer.etag };
    },
    discard: (alias, etag) => send("DELETE", path(`drafts/${enc(alias)}`), undefined, { "If-Match": etag }),
    check: () => get("check"),
    checkUnsaved: (processes) => post("check", { processes }),
    rehearse: (rehearsal) => post("rehearse", rehearsal),
    publish: (reason) => post("publish", { reason }),
    proposals: () => get("proposals"),
    proposal: (id) => get(`proposals/${enc(id)}`),
    settle: (id, verb, reason) => post(`proposals/${enc(id)}/${verb}`, { reason }),
    conversations: (after = "") => get(`conversations?after=${enc(after)}`),
    intervene: (id, act) => post(`conversations/${enc(id)}/interventions`, act),
    coverage: (processes) => post("coverage", { processes }),
    fork: (id) => get(`conversations/${enc(id)}/fork`),
    failures: (before = "") => get(`failures?before=${enc(before)}`),
    settleFailures: (ids, reason) => post("failures/settle", { ids, reason }),
    checkMoves: (map) => post("moves/check", { map }),
    move: (move) => post("moves", move),
    traffic: (days) => get(`traffic?days=${days}`),
    conversation: (id, after = "") => get(`conversations/${enc(id)}?after=${enc(after)}`),
  };
}
