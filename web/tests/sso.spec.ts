// Signing in through a provider of OpenID Connect: a real one, that runs beside the tests.

import { expect, type Page, test } from "@playwright/test";
import { holdsNoBarrier } from "./barriers.ts";
import { person } from "./support.ts";

test.skip(!process.env.VIKNO_OIDC, "no provider is set");

async function signInThere(page: Page, login: string): Promise<void> {
  await page.goto("/console/");
  await page.getByRole("link", { name: "Увійти через Тестовий вхід" }).click();
  await page.getByPlaceholder("Enter any login").fill(login);
  await page.getByPlaceholder("and password").fill("anything");
  await page.getByRole("button", { name: "Sign-in" }).click();
  await page.getByRole("button", { name: "Continue" }).click();
}

test("a person signs in through a provider and goes on without a password", async ({ page, context }) => {
  const name = `sso-${Date.now()}`;
  await person("Олена Єдина", { ukc: ["operator"] }, `${name}@gov.example`);
  await page.goto("/console/");
  await expect(page.getByRole("link", { name: "Увійти через Тестовий вхід" })).toBeVisible();
  await holdsNoBarrier(page, "sign-in with a provider");
  await signInThere(page, name);
  await expect(page.getByRole("button", { name: "Мої" })).toBeVisible();
  expect(page.url(), "nothing secret stays in the address").not.toMatch(/code|state|token/);
  await page.reload();
  await expect(page.getByRole("button", { name: "Мої" })).toBeVisible();
  const cookies = await context.cookies();
  expect(cookies.find(({ name }) => name === "vikno_refresh")).toMatchObject({ httpOnly: true, sameSite: "Strict" });
  expect(cookies.some(({ name }) => name === "vikno_sso")).toBe(false);
});

test("nobody comes in whom nobody has added, or whose address was not checked", async ({ browser }) => {
  const name = `known-${Date.now()}`;
  await person("Ніхто Чужий", { ukc: ["operator"] }, `${name}@gov.example`);
  for (const login of [`stranger-${Date.now()}`, `unchecked-${name}`]) {
    const context = await browser.newContext();
    const page = await context.newPage();
    await signInThere(page, login);
    await expect(page.getByRole("alert")).toContainText("тут вас не додано");
    await expect(page.getByRole("button", { name: "Мої" })).toBeHidden();
    await context.close();
  }
});

test("an answer that this browser did not ask for opens nothing", async ({ page, request }) => {
  const forged = await request.get("/core/auth/sso/callback?code=abc&state=def", { maxRedirects: 0 });
  expect(forged.status()).toBe(303);
  expect(forged.headers().location).toBe("/console/?sso=not_begun");
  await page.goto("/core/auth/sso/callback?code=abc&state=def");
  await expect(page.getByRole("alert")).toContainText("не в цьому браузері");
});
