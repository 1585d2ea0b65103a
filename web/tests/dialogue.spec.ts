// A whole dialogue between a citizen and operators of two organisations.

import { expect, type Page, test } from "@playwright/test";
import { Citizen, person, signIn } from "./support.ts";

const log = (page: Page) => page.getByRole("log");
const answer = (page: Page) => page.getByRole("textbox", { name: "Відповідь" });

async function openWaiting(page: Page, name: string): Promise<void> {
  await page.getByRole("button", { name: "Чекають" }).click();
  await page.getByRole("link", { name }).click();
  await page.getByRole("button", { name: /Взяти діалог/ }).click();
  await expect(answer(page)).toBeFocused();
}

async function say(page: Page, words: string): Promise<void> {
  await answer(page).fill(words);
  await page.keyboard.press("Enter");
  await expect(log(page).getByText(words)).toHaveCount(1);
}

test("citizen and operator talk, another organisation goes on and ends it", async ({ page, browser, baseURL, viewport }) => {
  const [here, there] = await Promise.all([
    person("Олена Перша", { ukc: ["operator"] }),
    person("Марко Другий", { mou: ["operator"] }),
  ]);
  const citizen = await Citizen.waiting("ukc");
  await signIn(page, here);
  await openWaiting(page, citizen.name);
  await say(page, "Доброго дня! Чим допомогти?");
  await citizen.hears("Чим допомогти?");
  await citizen.say("Питання про службу");
  await expect(log(page).getByText("Питання про службу")).toBeVisible();

  await page.getByRole("button", { name: /Передати/ }).first().click();
  await page.getByLabel("Іншій установі").check();
  await page.getByRole("combobox", { name: "Установа" }).selectOption("mou");
  await page.getByLabel("Причина").fill("Військове питання");
  await page.getByRole("dialog").getByRole("button", { name: "Передати" }).click();
  await expect(page.getByRole("dialog")).toBeHidden();

  const context = await browser.newContext({ baseURL: baseURL ?? "", viewport, locale: "uk-UA" });
  const other = await context.newPage();
  await signIn(other, there);
  await openWaiting(other, citizen.name);
  await say(other, "Вас слухає Міністерство оборони");
  await citizen.hears("Міністерство оборони");
  await other.getByRole("button", { name: /Завершити/ }).first().click();
  await other.getByRole("dialog").getByRole("button", { name: "Завершити" }).click();
  await citizen.isAskedForRating();
  await context.close();
  await expect(log(page).getByText("Питання про службу")).toBeVisible();
});

test("a wrong end is taken back by the operator and by the head of the shift, and a label is shown", async ({ page, browser, baseURL }) => {
  const operator = await person("Дарина Уважна", { osvita: ["operator"] });
  const citizen = await Citizen.waiting("osvita");
  await signIn(page, operator);
  await openWaiting(page, citizen.name);
  await page.getByRole("button", { name: /Завершити/ }).first().click();
  await page.getByRole("dialog").getByRole("button", { name: "Завершити" }).click();
  await citizen.isAskedForRating();
  await page.getByRole("button", { name: /Скасувати завершення/ }).click();
  await say(page, "Перепрошую, продовжуємо.");
  await citizen.hears("Перепрошую, продовжуємо.");

  const label = `мітка ${Date.now()}`;
  const card = page.getByRole("complementary");
  await card.getByLabel("Нова мітка").fill(label);
  await page.keyboard.press("Enter");
  await expect(card.getByRole("button", { name: `Прибрати мітку «${label}»` })).toBeVisible();
  await page.getByRole("button", { name: "Мої" }).click();
  await expect(page.getByRole("link", { name: citizen.name })).toContainText(label);

  await page.getByRole("button", { name: /Завершити/ }).first().click();
  await page.getByRole("dialog").getByRole("button", { name: "Завершити" }).click();
  await citizen.isAskedForRating();
  const context = await browser.newContext({ baseURL: baseURL ?? "", locale: "uk-UA" });
  const head = await context.newPage();
  await signIn(head, await person("Галина Старша", { osvita: ["supervisor"] }));
  await head.goto(`/console/${new URL(page.url()).hash}`);
  await head.getByRole("button", { name: /Скасувати завершення/ }).click();
  await expect(head.getByText(/Діалог веде Дарина Уважна/)).toBeVisible();
  await context.close();
});
