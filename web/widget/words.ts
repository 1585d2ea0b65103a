// The few words that the widget says on an organisation's page; all others are the chat's.

const UKRAINIAN = {
  open: "Відкрити чат",
  close: "Закрити чат",
  chat: "Чат",
  apart: "Чат тут не відкрився. Перейти на його сторінку",
  unread: "Відкрити чат. Непрочитаних повідомлень: {count}",
};

const ENGLISH: typeof UKRAINIAN = {
  open: "Open the chat",
  close: "Close the chat",
  chat: "Chat",
  apart: "The chat did not open here. Go to its own page",
  unread: "Open the chat. Unread messages: {count}",
};

export type Words = typeof UKRAINIAN;

export const wordsOf = (language: string): Words => (language.startsWith("en") ? ENGLISH : UKRAINIAN);
