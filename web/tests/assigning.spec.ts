// What a head of the shift does in the desk.

import { expect, test } from "@playwright/test";
import { holdsNoBarrier } from "./barriers.ts";
import { Citizen, person, signIn } from "./support.ts";

test("a head of the shift gives a waiting dialogue to an operator, and then to another", async ({ page, browser, baseURL }) => {
  const org = "mzs";
  const [head, first, second] = await Promise.all([
    person("Галина Зміна", { [org]: ["supervisor"] }),
    person("Степан Перший", { [org]: ["operator"] }),
    person("Юлія Друга", { [org]: ["operator"] }),
  ]);
  const citizen = await Citizen.waiting(org);
  const context = await browser.newContext({ baseURL: baseURL ?? "", locale: "uk-UA" });
  const other = await context.newPage();
  await signIn(other, first);

  await signIn(page, head);
  await page.getByRole("button", { name: "Чекають" }).click();
  await page.getByRole("link", { name: citizen.name }).click();
  await expect(page.getByRole("button", { name: /Взяти діалог/ })).toBeVisible();
  await page.keyboard.press("a");
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByLabel("Консультант")).toBeFocused();
  await expect(dialog.getByRole("button", { name: "Призначити" })).toBeDisabled();
  await holdsNoBarrier(page, "assign");
  await dialog.getByLabel("Консультант").selectOption(first.id);
  await dialog.getByRole("button", { name: "Призначити" }).click();
  await expect(dialog).toBeHidden();
  await other.getByRole("link", { name: citizen.name }).click();
  await expect(other.getByRole("textbox", { name: "Відповідь" })).toBeVisible();

  await page.getByRole("button", { name: /Призначити/ }).first().click();
  await expect(dialog.locator(`option[value="${second.id}"]`)).toHaveCount(1);
  await expect(dialog.locator(`option[value="${first.id}"]`), "who has it already").toHaveCount(0);
  await dialog.getByLabel("Консультант").selectOption(second.id);
  await dialog.getByRole("button", { name: "Призначити" }).click();
  await expect(dialog).toBeHidden();
  await expect(other.getByRole("textbox", { name: "Відповідь" })).toBeHidden();
  await context.close();
});

test("several dialogues are chosen, taken, labelled and ended together, by keyboard and by mouse", async ({ page }) => {
  const org = "cashback";
  const operator = await person("Віра Швидка", { [org]: ["operator"] });
  const citizens = await Promise.all([Citizen.waiting(org), Citizen.waiting(org)]);
  await signIn(page, operator);
  await page.getByRole("button", { name: "Чекають" }).click();
  for (const { name } of citizens) await expect(page.getByRole("link", { name })).toBeVisible();
  // The first by keyboard, the second by mouse.
  await page.getByRole("link", { name: citizens[0]?.name ?? "" }).focus();
  await page.keyboard.press("v");
  await page.getByLabel(`Вибрати: ${citizens[1]?.name}`).check();
  await expect(page.getByText("Вибрано: 2")).toBeVisible();
  await holdsNoBarrier(page, "chosen");
  const bar = page.getByRole("group", { name: "Вибрані діалоги" });
  await bar.getByRole("button", { name: "Взяти" }).click();
  await expect(bar.getByRole("status")).toHaveText("Зроблено: 2");

  await page.getByRole("button", { name: "Мої" }).click();
  await bar.getByRole("button", { name: "Вибрати всі" }).click();
  await bar.getByRole("button", { name: "Нова мітка" }).click();
  await page.getByRole("dialog").getByLabel("Нова мітка").fill("кешбек");
  await page.keyboard.press("Enter");
  await expect(bar.getByRole("status")).toHaveText("Зроблено: 2");
  for (const { name } of citizens) await expect(page.getByRole("link", { name })).toContainText("кешбек");

  await bar.getByRole("button", { name: "Вибрати всі" }).click();
  await bar.getByRole("button", { name: "Завершити" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Завершити" }).click();
  await expect(bar.getByRole("status")).toHaveText("Зроблено: 2");
  for (const citizen of citizens) await citizen.isAskedForRating();
  await bar.getByRole("button", { name: "Скасувати вибір" }).click();
  await expect(bar).toBeHidden();
});
