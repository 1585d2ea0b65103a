// Signing in with a second factor of the person's own.

import { expect, type Page, test } from "@playwright/test";
import { holdsNoBarrier } from "./barriers.ts";
import { code } from "./codes.ts";
import { giveLogin, PASSWORD, person, signIn } from "./support.ts";

async function signOut(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Меню" }).click();
  await page.getByRole("button", { name: "Вийти" }).click();
  await expect(page.getByLabel("Логін")).toBeVisible();
}

/** Adds an application under “account”; gives back its secret and a recovery code. */
async function connectApplication(page: Page): Promise<{ secret: string; recovery: string }> {
  await page.goto("/console/#/account");
  const factor = page.locator("section").filter({ has: page.getByRole("heading", { name: "Другий чинник" }) });
  await factor.getByLabel("Поточний пароль").fill(PASSWORD);
  await factor.getByRole("button", { name: "Під’єднати застосунок-автентифікатор" }).click();
  const secret = await factor.locator(".secret code").innerText();
  await factor.getByLabel("Код").fill(code(secret));
  await factor.getByRole("button", { name: "Підтвердити" }).click();
  const recovery = await factor.locator(".codes code").first().innerText();
  await factor.getByRole("button", { name: "Коди збережено" }).click();
  return { secret, recovery };
}

test("a person signs in with the code of their application, and with a recovery code without it", async ({ page }) => {
  const operator = await person("Ніна Застосунок", { ukc: ["operator"] });
  await signIn(page, operator);
  const { secret, recovery } = await connectApplication(page);

  await signOut(page);
  await giveLogin(page, operator);
  const asked = page.getByLabel("Код", { exact: true });
  await expect(asked).toBeFocused();
  await holdsNoBarrier(page, "code");
  const right = code(secret, 1);
  await asked.fill(right === "000000" ? "111111" : "000000");
  await page.getByRole("button", { name: "Підтвердити" }).click();
  await expect(page.getByRole("alert")).toContainText("Код не підходить");
  await expect(page.getByRole("button", { name: "Мої" })).toBeHidden();
  await asked.fill(right);
  await page.getByRole("button", { name: "Підтвердити" }).click();
  await expect(page.getByRole("button", { name: "Мої" })).toBeVisible();

  // Here a code was given: the password is enough, until the browser forgets.
  await signOut(page);
  await giveLogin(page, operator);
  await expect(page.getByRole("button", { name: "Мої" })).toBeVisible();
  await signOut(page);
  await page.context().clearCookies();

  await giveLogin(page, operator);
  await asked.fill(right);
  await page.getByRole("button", { name: "Підтвердити" }).click();
  await expect(page.getByRole("alert"), "a code is good once").toContainText("Код не підходить");
  await asked.fill(recovery);
  await page.getByRole("button", { name: "Підтвердити" }).click();
  await expect(page.getByRole("button", { name: "Мої" })).toBeVisible();
});
