// People of the centre and citizens, made as the tests need them.

import { randomUUID } from "node:crypto";
import { expect, type Page } from "@playwright/test";

const URL = process.env["VIKNO_URL"] ?? "http://127.0.0.1:3000";
/** Of everyone whom the tests make. */
export const PASSWORD = "Читаю-уважно-2026";
const PAUSE_MS = 300;
const PATIENCE_MS = 45_000;

export interface Person {
  id: string;
  name: string;
  login: string;
}

let administrator: Promise<string> | null = null;

async function ask<T>(method: string, path: string, token: string | null, json?: unknown): Promise<T> {
  const headers = { "Content-Type": "application/json", ...(token ? { Authorization: `Bearer ${token}` } : {}) };
  const answer = await fetch(URL + path, { method, headers, body: json === undefined ? null : JSON.stringify(json) });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as T;
}

async function signedIn(login: string, password: string): Promise<string> {
  return (await ask<{ access_token: string }>("POST", "/core/auth/login", null, { login, password })).access_token;
}

/** Makes a person with roles by organisation. */
export async function person(name: string, roles: Record<string, string[]>, login = `t${randomUUID().slice(0, 12)}`): Promise<Person> {
  administrator ??= signedIn("admin", process.env["VIKNO_ADMIN_PASSWORD"] ?? "");
  const fields = { login, name, password: PASSWORD, roles };
  const { id } = await ask<{ id: string }>("POST", "/core/admin/people", await administrator, fields);
  return { id, name, login };
}

/** Keeps a prepared answer. */
export async function canned(org: string, fields: Record<"shortcut" | "language" | "title" | "text", string>): Promise<void> {
  administrator ??= signedIn("admin", process.env["VIKNO_ADMIN_PASSWORD"] ?? "");
  await ask("POST", `/${org}/operator/canned`, await administrator, fields);
}

/** Login and password; a code may be asked for then. */
export async function giveLogin(page: Page, { login }: Pick<Person, "login">): Promise<void> {
  await page.goto("/console/");
  await page.getByLabel("Логін").fill(login);
  await page.getByLabel("Пароль").fill(PASSWORD);
  await page.keyboard.press("Enter");
}

export async function signIn(page: Page, who: Person): Promise<void> {
  await giveLogin(page, who);
  await expect(page.getByRole("button", { name: "Мої" })).toBeVisible();
}

/** The sections of the administration that the one who is signed in has. */
export async function sectionsOf(page: Page): Promise<string[]> {
  await page.goto("/console/#/administration");
  const links = page.getByRole("navigation", { name: "Адміністрування" }).getByRole("link");
  await expect(links.first()).toBeVisible();
  const addresses = await links.evaluateAll((all) => all.map((link) => link.getAttribute("href") ?? ""));
  return addresses.map((address) => address.split("/").at(-1) ?? "");
}

interface Told {
  messages: { from: string; text?: string }[];
}

/** A citizen in the web chat of an organisation. */
export class Citizen {
  private constructor(
    readonly name: string,
    private readonly org: string,
    private readonly token: string,
  ) {}

  /** Comes and asks for an operator; everyone has a name of their own. */
  static async waiting(org: string): Promise<Citizen> {
    const name = `Оля ${randomUUID().slice(0, 6)}`;
    const { token } = await ask<{ token: string }>("POST", `/${org}/chat/sessions`, null, { language: "uk", name });
    const citizen = new Citizen(name, org, token);
    await citizen.send({ click: "operator" });
    await citizen.waits();
    return citizen;
  }

  /** What somebody who comes is told first. */
  static async greeting(org: string): Promise<string> {
    const { token } = await ask<{ token: string }>("POST", `/${org}/chat/sessions`, null, { language: "uk" });
    const told = await new Citizen("Somebody", org, token).until((_, { messages }) => messages.length > 0, "greeted");
    return told.messages.map(({ text }) => text).join("\n");
  }

  say = (text: string) => this.send({ text });

  private async send(what: object): Promise<void> {
    await ask("POST", `/${this.org}/chat/messages`, this.token, { client_id: randomUUID(), ...what });
  }

  private async waits(): Promise<void> {
    await this.until((status) => status === "waiting", "in the queue");
  }

  /** Until an operator's words have come; gives back how often they came. */
  async hears(words: string): Promise<number> {
    const times = (told: Told) => told.messages.filter(({ from, text }) => from === "operator" && text?.includes(words)).length;
    return times(await this.until((_, told) => times(told) > 0, words));
  }

  async isAskedForRating(): Promise<void> {
    await this.until((status) => status === "voting", "asked for a rating");
  }

  private async until(done: (status: string, told: Told) => boolean, what: string): Promise<Told> {
    const end = Date.now() + PATIENCE_MS;
    for (;;) {
      const told = await ask<Told & { status: string }>("GET", `/${this.org}/chat/messages`, this.token);
      if (done(told.status, told)) return told;
      if (Date.now() > end) throw new Error(`${this.name} was never: ${what}`);
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }
}
