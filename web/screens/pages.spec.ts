// Not a test: takes the pictures of every page for `docs/screens`, against an installation at VIKNO_URL.

import { expect, type Page, test } from "@playwright/test";
import { canned, Citizen, person, sectionsOf, signIn } from "../tests/support.ts";

const CONSOLE_PAGES = ["shift", "canned", "cabinet", "settings", "account", "shortcuts"];

test("screens", async ({ page }, { project }) => {
  const take = (name: string) => page.screenshot({ path: `../docs/screens/${name}-${project.name}.png` });
  await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
  await open(page, "/");
  await expect(page.locator("#organisations > li").first()).toBeVisible();
  await take("start");
  await chat(page);
  await take("chat");
  await open(page, "/console/");
  await expect(page.getByLabel("Логін")).toBeVisible();
  await take("sign-in");
  await console_(page, take);
  await processes(page);
  await take("processes");
  await administration(page, take);
});

async function open(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await page.waitForLoadState("networkidle");
}

async function chat(page: Page): Promise<void> {
  await open(page, "/ukc/");
  await page.getByRole("textbox").fill("Як оформити субсідію?");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("log").getByRole("button").first()).toBeVisible();
  await page.waitForTimeout(1500);
}

async function console_(page: Page, take: (name: string) => Promise<unknown>): Promise<void> {
  const org = "mindov";
  await canned(org, { shortcut: `g${Date.now()}`, language: "uk", title: "Вітання", text: "Вітаю, {name}! Я {operator}, чим можу допомогти?" });
  const citizen = await Citizen.waiting(org);
  await citizen.say("Доброго дня! Не можу знайти довідку про доходи за минулий рік.");
  await Citizen.waiting(org);
  await signIn(page, await person("Галина Старша", { [org]: ["supervisor"] }));
  await page.getByRole("button", { name: "Чекають" }).click();
  await page.waitForTimeout(1500);
  await take("console-list");
  await page.getByRole("button", { name: "Вибрати кілька" }).click();
  await page.getByRole("button", { name: "Вибрати всі" }).click();
  await take("console-chosen");
  await page.getByRole("button", { name: "Скасувати вибір" }).click();
  await page.getByRole("link", { name: citizen.name }).click();
  await page.getByRole("button", { name: /Взяти діалог/ }).click();
  await page.getByRole("textbox", { name: "Відповідь" }).fill("Вітаю! Зараз подивлюся.");
  await page.keyboard.press("Enter");
  await citizen.hears("Зараз подивлюся");
  await page.waitForTimeout(1500);
  await take("console-dialogue");
  for (const name of CONSOLE_PAGES) {
    await page.goto(`/console/#/${name}`);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await page.waitForTimeout(800);
    await take(`console-${name}`);
  }
}

/** The supervisor's session opens the processes, too. */
async function processes(page: Page): Promise<void> {
  await open(page, "/processes.html");
  await expect(page.locator(".graph .node").first()).toBeVisible();
  await page.waitForTimeout(800);
}

/** Every section, by somebody who has all of them. */
async function administration(page: Page, take: (name: string) => Promise<unknown>): Promise<void> {
  await page.context().clearCookies();
  await signIn(page, await person("Алла Адміністраторка", { "*": ["administrator"] }));
  for (const section of await sectionsOf(page)) {
    await page.goto(`/console/#/administration/${section}`);
    await page.waitForTimeout(800);
    await take(`administration-${section}`);
  }
  await page.goto("/console/#/administration/people");
  await page.getByRole("link", { name: /Галина Старша/ }).first().click();
  await page.waitForTimeout(800);
  await take("administration-person");
}
