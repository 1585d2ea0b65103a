// What the widget on an organisation's page and the chat in its frame tell each other. Both sides check who speaks.

/** From the widget to the chat. `hello` is the first and tells the chat whose page it is on. */
export type ToChat =
  | { vikno: "hello"; open: boolean; identity: string | null }
  | { vikno: "shown"; open: boolean };

/** From the chat to the widget. */
export type ToWidget =
  | { vikno: "named"; name: string; language: string }
  | { vikno: "unread"; count: number }
  | { vikno: "close" };

/** Whether something that came by a message has this form as far as can be told: others may write to a page, too. */
export function isOurs(data: unknown): data is { vikno: string } & Record<string, unknown> {
  return typeof data === "object" && data !== null && typeof (data as { vikno?: unknown }).vikno === "string";
}
