// Every page without a barrier that can be found by rules, in light and dark.

import { expect, test } from "@playwright/test";
import { holdsNoBarrier } from "./barriers.ts";
import { Citizen, person, signIn } from "./support.ts";

const PAGES = ["shift", "canned", "cabinet", "settings", "account", "shortcuts"];

for (const colorScheme of ["light", "dark"] as const) {
  test(`pages have no barriers (${colorScheme})`, async ({ page }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    const citizen = await Citizen.waiting("diia");
    await page.goto("/console/");
    await expect(page.getByLabel("Логін")).toBeVisible();
    await holdsNoBarrier(page, "sign-in");
    await signIn(page, await person("Галина Старша", { diia: ["supervisor"] }));
    await page.getByRole("button", { name: "Чекають" }).click();
    await holdsNoBarrier(page, "list");
    await page.getByRole("link", { name: citizen.name }).click();
    await page.getByRole("button", { name: /Взяти діалог/ }).click();
    await expect(page.getByRole("textbox", { name: "Відповідь" })).toBeVisible();
    await holdsNoBarrier(page, "dialogue");
    await page.getByRole("button", { name: /Передати/ }).first().click();
    await holdsNoBarrier(page, "transfer");
    await page.keyboard.press("Escape");
    await page.keyboard.press("Control+k");
    await expect(page.getByRole("search")).toBeVisible();
    await holdsNoBarrier(page, "search");
    await page.keyboard.press("Escape");
    for (const name of PAGES) {
      await page.goto(`/console/#/${name}`);
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      await holdsNoBarrier(page, name);
    }
  });
}
