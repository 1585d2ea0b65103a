// Signing in with a passkey: the browser's own device, which says yes by itself.

import { expect, type Page, test } from "@playwright/test";
import { holdsNoBarrier } from "./barriers.ts";
import { PASSWORD, person, signIn } from "./support.ts";

// Passkeys belong to names: the bare address of the other tests has none.
const url = new URL(process.env["VIKNO_URL"] ?? "http://127.0.0.1:3000");
test.use({ baseURL: `http://localhost:${url.port}` });

/** A device with a finger on it; gives back how to take the finger away. */
async function device(page: Page): Promise<{ verifies: (does: boolean) => Promise<void> }> {
  const session = await page.context().newCDPSession(page);
  await session.send("WebAuthn.enable");
  const options = { protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true, isUserVerified: true } as const;
  const { authenticatorId } = await session.send("WebAuthn.addVirtualAuthenticator", { options });
  const verifies = async (isUserVerified: boolean) => {
    await session.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified });
  };
  return { verifies };
}

const section = (page: Page) => page.locator("section").filter({ has: page.getByRole("heading", { name: "Ключі доступу" }) });

async function addPasskey(page: Page, name: string): Promise<void> {
  await page.goto("/console/#/account");
  await section(page).getByLabel("Як його назвати").fill(name);
  await section(page).getByLabel("Поточний пароль").fill(PASSWORD);
  await section(page).getByRole("button", { name: "Додати ключ доступу" }).click();
}

async function signOut(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Меню" }).click();
  await page.getByRole("button", { name: "Вийти" }).click();
  await expect(page.getByLabel("Логін")).toBeVisible();
}

test("a person adds a passkey and signs in with it alone; the password alone no longer does", async ({ page }) => {
  const operator = await person("Ніна Ключ", { ukc: ["operator"] });
  const { verifies } = await device(page);
  await signIn(page, operator);
  await addPasskey(page, "Робочий стіл");
  await expect(section(page).getByText("Робочий стіл")).toBeVisible();
  await expect(page.getByText("самого пароля не досить")).toBeVisible();
  await holdsNoBarrier(page, "passkeys");
  await addPasskey(page, "Ще раз");
  await expect(section(page).getByRole("alert"), "one device, one passkey").toContainText("вже є ваш ключ");

  await signOut(page);
  await page.getByLabel("Логін").fill(operator.login);
  await page.getByLabel("Пароль").fill(PASSWORD);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("alert")).toContainText("Тепер увійдіть ключем доступу");
  await page.getByRole("button", { name: "Увійти ключем доступу" }).click();
  await expect(page.getByRole("button", { name: "Мої" })).toBeVisible();
  await page.reload();
  await expect(page.getByRole("button", { name: "Мої" })).toBeVisible();

  await signOut(page);
  await verifies(false);
  await page.getByRole("button", { name: "Увійти ключем доступу" }).click();
  await expect(page.getByRole("alert"), "somebody else's finger").toContainText("Пристрій не відповів");
  await expect(page.getByRole("button", { name: "Мої" })).toBeHidden();
});

test("a passkey that was taken away opens nothing", async ({ page }) => {
  const operator = await person("Ніна Загублений", { ukc: ["operator"] });
  await device(page);
  await signIn(page, operator);
  await addPasskey(page, "Старий телефон");
  await section(page).getByRole("button", { name: "Прибрати ключ доступу «Старий телефон»" }).click();
  await section(page).getByLabel("Поточний пароль").first().fill(PASSWORD);
  await section(page).getByRole("button", { name: "Прибрати", exact: true }).click();
  await expect(section(page).getByText("Старий телефон")).toBeHidden();
  await signOut(page);
  await page.getByRole("button", { name: "Увійти ключем доступу" }).click();
  await expect(page.getByRole("alert")).toContainText("тут невідомий");
  await signIn(page, operator);
});
