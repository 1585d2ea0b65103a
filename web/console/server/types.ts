// What the server answers with, as openapi.yaml tells it.

export type Status = "open" | "waiting" | "with_operator" | "voting" | "closed";
export type LocalName = Readonly<Record<string, string>>;
export type Roles = Readonly<Record<string, readonly string[]>>;

export interface Named {
  id: string;
  name: string;
}

export interface Me extends Named {
  login?: string;
  roles: Roles;
  /** What the roles permit, by organisation or `*`. */
  permissions: Readonly<Record<string, readonly string[]>>;
  second_factor?: "none" | "sms" | "totp" | "passkey";
}

export interface Organisation {
  id: string;
  name: LocalName;
  languages: readonly string[];
  open_now: boolean;
  /** When operators work again. */
  opens_at?: string;
  counts: { waiting: number; with_operator: number; messages_today: number };
}

export interface Topic {
  id: string;
  name: LocalName;
}

export interface Queue {
  id: string;
  name: LocalName;
  default: boolean;
  waiting: number;
  with_operator: number;
  waiting_since: string | null;
}

interface Common {
  id: string;
  status: Status;
  queue: string | null;
  topic: string | null;
  channel: string;
  language: string;
  priority: number;
  operator?: Named;
  opened_at: string;
  queued_at?: string | null;
  taken_at?: string | null;
  last_at: string;
  closed_at?: string | null;
  rating?: number | null;
  /** What operators call it by. */
  labels?: readonly string[];
  /** The organisation that has it now. */
  moved_to?: string;
  /** The organisation that moved it here. */
  moved_from?: string;
}

export interface Last {
  from: Message["from"] | "note";
  text: string | null;
  at: string;
}

/** A conversation in a list; `org` is added where the answer is of one organisation. */
export interface Listed extends Common {
  org: string;
  citizen: { name: string | null };
  last?: Last;
  /** When the citizen wrote what nobody has answered yet. */
  asked_at?: string | null;
  /** What is due next. */
  due?: Due | null;
}

export interface Due {
  kind: "first_answer" | "next_answer" | "resolution";
  warn_at: string;
  at: string;
}

export interface Found extends Listed {
  snippet: string | null;
  at: string;
}

export interface Citizen {
  id: string;
  name: string | null;
  phone: string | null;
  phone_verified: boolean;
  identified: boolean;
  blocked: boolean;
  conversations: number;
}

export interface Conversation extends Common {
  citizen: Citizen;
  close_reason: string | null;
}

export interface Media {
  id: string;
  type: string;
  name: string;
  size: number;
  url?: string;
}

export type Delivery = "none" | "queued" | "sent" | "delivered" | "seen" | "failed";

export type Deliveries = Readonly<Record<string, Delivery>>;

export interface Message {
  id: string;
  from: "citizen" | "robot" | "operator" | "system";
  name?: string;
  text?: string;
  buttons: { id: string; label: string; url?: string }[];
  media?: Media;
  delivery: Delivery;
  at: string;
}

export interface Note {
  /** Of somebody else to the one who has the dialogue. */
  whisper?: boolean;
  id: string;
  by: string | null;
  text: string;
  at: string;
}

export interface Dialogue extends Conversation {
  messages: Message[];
  notes: Note[];
  cursor: string;
  earlier?: string;
  /** How the operators' last messages fare; told by the feed only. */
  deliveries?: Deliveries;
  /** The citizen is writing; told by the feed only. */
  typing?: boolean;
}

export interface DeskAnswer {
  cursor: string;
  reset: boolean;
  poll_ms: number;
  conversations: Listed[];
  open?: Dialogue & { org: string };
}

export interface CannedAnswer {
  id: string;
  shortcut: string;
  language: string;
  title: string;
  text: string;
}

export type WorkState = "at_work" | "break" | "finished";

export interface WorkStatus {
  status: WorkState;
  /** Absent as long as nothing was said. */
  since?: string;
  today: { at_work_s: number; break_s: number };
}

export interface SignInSession {
  id: string;
  created_at: string;
  used_at: string;
  address: string | null;
  agent: string | null;
  current: boolean;
}

export interface ShiftOrganisation {
  org: string;
  queues: { id: string; name: LocalName; waiting: number; with_operator: number; waiting_since: string | null; due?: Due | null }[];
  people: { id: string; name: string; status: WorkState; since?: string; seen_at: string | null; chats: number }[];
}

export interface Figures {
  from: string;
  to: string;
  chats: number;
  closed: number;
  rating: { mean: number | null; count: number };
  first_answer_s: number | null;
  handling_s: number | null;
  at_work_s: number;
  break_s: number;
  days: { day: string; chats: number; closed: number }[];
}
