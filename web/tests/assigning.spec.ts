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
