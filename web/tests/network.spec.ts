// Lost networks, reloads and others who are faster.

import { expect, test } from "@playwright/test";
import { Citizen, person, signIn } from "./support.ts";

test("what is answered without a network arrives once when it is back", async ({ page, context }) => {
  const citizen = await Citizen.waiting("mon");
  await signIn(page, await person("Ольга Мережа", { mon: ["operator"] }));
  await page.getByRole("button", { name: /Взяти наступний/ }).click();
  const answer = page.getByRole("textbox", { name: "Відповідь" });
  await expect(answer).toBeFocused();

  await context.setOffline(true);
  await page.keyboard.type("Написано без мережі");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("log").getByText("Написано без мережі")).toBeVisible();
  await expect(page.getByText(/Сервер недоступний з/)).toBeVisible();
  await page.keyboard.type("І ще недописан");

  await context.setOffline(false);
  expect(await citizen.hears("Написано без мережі")).toBe(1);
  await expect(page.getByText(/Сервер недоступний з/)).toBeHidden();
  await expect(page.getByRole("log").getByText("Написано без мережі")).toHaveCount(1);

  await page.reload();
  await expect(answer).toHaveValue("І ще недописан");
  await answer.press("End");
  await page.keyboard.type("е речення");
  await page.keyboard.press("Enter");
  expect(await citizen.hears("І ще недописане речення")).toBe(1);
});

test("who reaches for a dialogue second is told who has it", async ({ page, browser, baseURL }) => {
  const [first, second] = await Promise.all([
    person("Перша Швидка", { osvita: ["operator"] }),
    person("Друга Пізня", { osvita: ["operator"] }),
  ]);
  const citizen = await Citizen.waiting("osvita");
  const context = await browser.newContext({ baseURL: baseURL ?? "", locale: "uk-UA" });
  const other = await context.newPage();
  await Promise.all([signIn(page, first), signIn(other, second)]);
  for (const one of [page, other]) {
    await one.getByRole("button", { name: "Чекають" }).click();
    await one.getByRole("link", { name: citizen.name }).click();
    await expect(one.getByRole("button", { name: /Взяти діалог/ })).toBeVisible();
  }
  // The second one's console has not heard of it when its operator reaches for the dialogue.
  await other.route("**/core/operator/desk*", () => {});
  await page.getByRole("button", { name: /Взяти діалог/ }).click();
  await expect(page.getByRole("textbox", { name: "Відповідь" })).toBeFocused();
  await other.getByRole("button", { name: /Взяти діалог/ }).click();
  await expect(other.getByRole("alert")).toContainText("Діалог уже веде Перша Швидка");
  await expect(other.getByRole("log").getByText("Покликати консультанта", { exact: true }).last()).toBeVisible();
  await context.close();
});
