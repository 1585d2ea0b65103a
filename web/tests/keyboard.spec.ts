// Everything by the keyboard alone.

import { expect, test } from "@playwright/test";
import { canned, Citizen, person, signIn } from "./support.ts";

test("an operator takes, answers, notes, searches and closes without a mouse", async ({ page }) => {
  const shortcut = `hi${Date.now()}`;
  const operator = await person("Ірина Клавіша", { minsoc: ["operator"] });
  await canned("minsoc", { shortcut, language: "uk", title: "Вітання", text: "Вітаю, {name}! Я {operator}." });
  const citizen = await Citizen.waiting("minsoc");
  await signIn(page, operator);
  await expect(page.getByRole("button", { name: /Взяти наступний/ })).toBeVisible();

  await page.keyboard.press("n");
  const answer = page.getByRole("textbox", { name: "Відповідь" });
  await expect(answer).toBeFocused();
  await page.keyboard.type(`/${shortcut}`);
  await expect(page.getByRole("listbox", { name: "Готові відповіді" }).getByRole("option")).toHaveCount(1);
  await page.keyboard.press("Enter");
  await expect(answer).toHaveValue(`Вітаю, ${citizen.name}! Я Ірина Клавіша.`);
  await page.keyboard.press("Enter");
  await citizen.hears(`Вітаю, ${citizen.name}!`);

  await page.keyboard.press("Escape");
  await expect(page.getByRole("link", { name: citizen.name })).toBeFocused();
  await page.keyboard.press("m");
  await page.keyboard.type("передзвонити після обіду");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("complementary").getByRole("listitem").filter({ hasText: "передзвонити після обіду" })).toBeVisible();

  await page.keyboard.press("Control+k");
  await page.keyboard.type(citizen.name);
  // What was said can be found some seconds later.
  await expect(async () => {
    await page.keyboard.press("Enter");
    await expect(page.getByRole("dialog").getByRole("link", { name: citizen.name }).first()).toBeVisible({ timeout: 1000 });
  }).toPass();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toBeHidden();

  await expect(page.getByLabel("Нова нотатка")).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(answer).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("link", { name: citizen.name })).toBeFocused();
  await page.keyboard.press("2");
  await expect(page.getByRole("button", { name: "Чекають" })).toHaveAttribute("aria-pressed", "true");
  await page.keyboard.press("1");
  await page.keyboard.press("j");
  await expect(page.getByRole("link", { name: citizen.name })).toBeFocused();
  await page.keyboard.press("e");
  await expect(page.getByRole("dialog")).toBeVisible();
  await page.keyboard.type("вирішено");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await citizen.isAskedForRating();
  await expect(page.getByText("У вас немає діалогів.")).toBeVisible();
  await expect(page.locator("#list")).toBeFocused();
  await page.keyboard.press("?");
  await expect(page.getByRole("heading", { name: "Клавіші" })).toBeFocused();
});

test("letters are only letters while one writes, and when they are switched off", async ({ page }) => {
  await signIn(page, await person("Ігор Літера", { minsoc: ["operator"] }));
  await page.goto("/console/#/settings");
  await page.getByRole("switch", { name: /Клавіші-літери/ }).uncheck();
  await page.goto("/console/#/");
  await page.locator("body").press("?");
  await expect(page.getByRole("button", { name: "Мої" })).toBeVisible();
});
