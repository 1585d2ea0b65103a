// The one way to the server: the access token, one refresh at a time, refusals, and since when nobody answers.

import { signal } from "@preact/signals";

/** Longest wait for an answer; files take longer. */
const ANSWER_MS_MAX = 20_000;
const UPLOAD_MS_MAX = 180_000;
/** A token is renewed this long before it ends. */
const RENEW_BEFORE_MS = 30_000;

/** The server answered, and the answer is no. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    detail: string,
    readonly retryAfterS: number | null,
    /** What does not fit, each with its place. */
    readonly problems: readonly { place: string; message: string }[] = [],
  ) {
    super(detail);
  }

  /** The same again may be granted later. */
  get passing(): boolean {
    return this.status >= 500 || this.status === 429 || this.status === 408;
  }
}

/** Nobody answered: no network, or no server. */
export class Unreachable extends Error {}

/** Worth another try without anybody changing anything. */
export const passes = (failure: unknown) =>
  failure instanceof Unreachable || (failure instanceof Refusal && failure.passing);

/** Since when the server has not answered; null while it does. */
export const lostSince = signal<number | null>(null);

export interface AccessToken {
  access_token: string;
  expires_in: number;
}

interface Wish {
  json?: unknown;
  file?: File;
  /** Without the token, for signing in. */
  open?: boolean;
}

let token: { value: string; endsAt: number } | null = null;
let sessionEnded = () => {};
let refreshing: Promise<boolean> | null = null;

export function keepToken(given: AccessToken): void {
  token = { value: given.access_token, endsAt: Date.now() + given.expires_in * 1000 };
}

export function forgetToken(): void {
  token = null;
}

/** What to do when the server knows this session no more. */
export function whenSessionEnds(act: () => void): void {
  sessionEnded = act;
}

export async function call<T>(method: string, path: string, wish: Wish = {}): Promise<T> {
  if (wish.open) return read<T>(await reach(method, path, wish));
  if (token && token.endsAt - Date.now() < RENEW_BEFORE_MS) await refresh();
  let answer = await reach(method, path, wish);
  if (answer.status === 401 && (await refresh())) answer = await reach(method, path, wish);
  if (answer.status === 401) {
    forgetToken();
    sessionEnded();
  }
  return read<T>(answer);
}

/** A new access token by the cookie of this browser; false when there is no session. */
export function refresh(): Promise<boolean> {
  refreshing ??= alone(askForToken).finally(() => {
    refreshing = null;
  });
  return refreshing;
}

async function askForToken(): Promise<boolean> {
  const answer = await reach("POST", "/core/auth/refresh", { open: true });
  // 204: nobody has signed in here.
  if (answer.status === 204 || answer.status === 401) return false;
  keepToken(await read<AccessToken>(answer));
  return true;
}

/** One tab at a time: each refresh replaces the cookie. Locks are missing where the page is not served securely. */
const alone = <T>(work: () => Promise<T>): Promise<T> =>
  "locks" in navigator ? navigator.locks.request("vikno.refresh", work) : work();

async function reach(method: string, path: string, wish: Wish): Promise<Response> {
  try {
    const answer = await fetch(path, {
      method,
      headers: headers(wish),
      body: wish.file ?? (wish.json === undefined ? null : JSON.stringify(wish.json)),
      signal: AbortSignal.timeout(wish.file ? UPLOAD_MS_MAX : ANSWER_MS_MAX),
    });
    lostSince.value = null;
    return answer;
  } catch {
    lostSince.value ??= Date.now();
    throw new Unreachable();
  }
}

function headers({ json, file, open }: Wish): Record<string, string> {
  return {
    "X-Vikno": "console",
    ...(token && !open ? { Authorization: `Bearer ${token.value}` } : {}),
    ...(json === undefined ? {} : { "Content-Type": "application/json" }),
    ...(file ? { "Content-Type": "application/octet-stream", "Content-Disposition": named(file.name) } : {}),
  };
}

function named(name: string): string {
  const encoded = encodeURIComponent(name).replace(/['()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`);
  return `attachment; filename*=UTF-8''${encoded}`;
}

async function read<T>(answer: Response): Promise<T> {
  if (answer.ok) return (answer.status === 204 ? undefined : await body(answer)) as T;
  const problem = (await body(answer).catch(() => ({}))) as {
    type?: string;
    detail?: string;
    problems?: { place: string; message: string }[];
  };
  const code = problem.type?.split("/").at(-1) ?? "";
  const pause = Number(answer.headers.get("retry-after"));
  throw new Refusal(answer.status, code, problem.detail ?? "", pause > 0 ? pause : null, problem.problems);
}

/** An answer that breaks off is no answer. */
async function body(answer: Response): Promise<unknown> {
  try {
    return await answer.json();
  } catch {
    throw new Unreachable();
  }
}
