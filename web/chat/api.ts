// The shapes of the chat API, and one call of it.

export interface Button {
  id: string;
  label: string;
  url?: string;
}

export interface Media {
  url?: string;
  id: string;
  type: string;
  name: string;
  size: number;
}

export interface Message {
  id: string;
  from: "citizen" | "robot" | "operator" | "system";
  name?: string;
  text?: string;
  buttons: Button[];
  media?: Media;
  client_id?: string;
  at: string;
}

export interface Place {
  position: number;
  estimate_s: number;
}

export interface Page {
  messages: Message[];
  cursor: string;
  status: "open" | "waiting" | "with_operator" | "voting" | "closed";
  queue?: Place;
  /** The operator is writing. */
  typing?: boolean;
  poll_ms: number;
}

export interface Opened {
  token: string;
  cursor: string;
}

/** What a citizen sends: one of these. */
export type Said = { text: string } | { click: string } | { vote: number; comment?: string } | { media: string };

/** An answer that is no success, with the problem that the server told. */
export class Refusal extends Error {
  readonly status: number;
  readonly code: string;
  readonly retryAfterS: number | null;

  constructor(status: number, problem: { type?: string; detail?: string }, retryAfter: string | null) {
    super(problem.detail ?? String(status));
    this.status = status;
    this.code = problem.type?.split(/[/:]/).pop() ?? "";
    this.retryAfterS = Number(retryAfter) || null;
  }

  /** The server may take the same later. */
  get isPassing(): boolean {
    return this.status === 429 || this.status >= 500;
  }
}

/** Calls the API; what is no answer at all is thrown as the browser tells it. */
export async function call<Answer>(org: string, path: string, token: string | null, init: RequestInit = {}): Promise<Answer> {
  const headers = new Headers(init.headers);
  if (token) headers.set("Authorization", `Bearer ${token}`);
  const answer = await fetch(`/${org}/chat/${path}`, { ...init, headers });
  const told: unknown = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Refusal(answer.status, told as { type?: string; detail?: string }, answer.headers.get("retry-after"));
  return told as Answer;
}

export const posted = (value: object): RequestInit => ({
  method: "POST",
  body: JSON.stringify(value),
  headers: { "Content-Type": "application/json" },
});
