// The administration in the browser: people, hours and journals, and every section without a barrier.

import { randomUUID } from "node:crypto";
import { expect, type Page, test } from "@playwright/test";
import { holdsContrast, holdsNoBarrier } from "./barriers.ts";
import { Citizen, giveLogin, person, sectionsOf, signIn } from "./support.ts";

const administrator = () => person("Алла Адміністраторка", { "*": ["administrator"] });
const saved = (page: Page) => page.getByRole("status").filter({ hasText: "Збережено" });
const choose = (page: Page, org: string) => page.getByRole("combobox", { name: "Установа" }).selectOption(org);

test("an administrator makes a person, who signs in, and takes the way in from them", async ({ page, browser, baseURL }) => {
  const login = `p${randomUUID().slice(0, 12)}`;
  await signIn(page, await administrator());
  await page.getByRole("button", { name: "Меню" }).click();
  await page.getByRole("link", { name: "Адміністрування" }).click();
  await page.getByRole("link", { name: "Нова людина" }).click();
  await page.getByLabel("Логін").fill(login);
  await page.getByLabel("Ім’я").fill("Тарас Новий");
  await page.getByLabel("Телефон").fill("не номер");
  await page.getByRole("checkbox", { name: "Усі установи: Консультант" }).check();
  await page.getByRole("button", { name: "Зберегти" }).click();
  await expect(page.getByRole("alert")).toBeVisible();
  await expect(page.getByLabel("Ім’я"), "nothing is lost when it is refused").toHaveValue("Тарас Новий");
  await page.getByLabel("Телефон").fill("");
  await page.getByRole("button", { name: "Зберегти" }).click();
  await expect(saved(page)).toBeVisible();
  const password = await page.locator(".secret").innerText();

  const context = await browser.newContext({ baseURL: baseURL ?? "", locale: "uk-UA" });
  const other = await context.newPage();
  const enter = async () => {
    await other.goto("/console/");
    await other.getByLabel("Логін").fill(login);
    await other.getByLabel("Пароль").fill(password);
    await other.keyboard.press("Enter");
  };
  await enter();
  await expect(other.getByRole("button", { name: "Мої" })).toBeVisible();

  await page.goto("/console/#/administration/people");
  await page.getByLabel("Знайти людину").fill(login);
  await page.getByRole("link", { name: "Тарас Новий" }).click();
  await page.getByLabel("Скільки діалогів веде одночасно").fill("3");
  await page.getByLabel("Може входити").uncheck();
  await page.getByRole("button", { name: "Зберегти" }).click();
  await expect(saved(page)).toBeVisible();
  await other.reload();
  await enter();
  await expect(other.getByRole("alert")).toBeVisible();
  await context.close();
  await page.reload();
  await expect(page.getByLabel("Скільки діалогів веде одночасно")).toHaveValue("3");
  await expect(page.getByLabel("Може входити")).not.toBeChecked();
});

test("an administrator changes an hour, sees who did it, and takes it back", async ({ page }) => {
  await signIn(page, await administrator());
  await page.goto("/console/#/administration/hours");
  await choose(page, "minsoc");
  await page.getByLabel("Цілодобово").uncheck();
  const monday = page.getByLabel("Понеділок");
  await monday.fill("25:00-26:00");
  await page.getByRole("button", { name: "Зберегти" }).click();
  await expect(page.getByRole("alert")).toBeVisible();
  await monday.fill("8-12, 13:00–17:30");
  await page.getByRole("button", { name: "Зберегти" }).click();
  await expect(saved(page)).toBeVisible();
  await page.reload();
  await choose(page, "minsoc");
  await expect(monday).toHaveValue("08:00-12:00, 13:00-17:30");

  await page.getByRole("link", { name: "Історія змін" }).click();
  const newest = page.locator(".lines > li").first();
  await expect(newest).toContainText("Робочий час");
  await expect(newest).toContainText("Алла Адміністраторка");

  await page.getByRole("link", { name: "Робочий час" }).click();
  await page.getByRole("button", { name: "Повернути початкове" }).click();
  await expect(monday).not.toHaveValue("08:00-12:00, 13:00-17:30");
});

test("an administrator makes a topic that the robot answers, and takes it away", async ({ page }) => {
  await signIn(page, await administrator());
  await page.goto("/console/#/administration/replies");
  await choose(page, "cashback");
  await page.getByRole("button", { name: "Нова тема" }).click();
  const form = page.getByRole("dialog");
  const id = `raccoons-${randomUUID().slice(0, 6)}`;
  const label = `Єноти ${id}`;
  const shown = page.locator(".tree summary", { hasText: label });
  await form.getByLabel("Позначення").fill(id);
  const field = (name: string) => form.locator(`[name="${name}"]`);
  for (const [name, words] of [["words-uk", "єнот*"], ["words-en", "raccoon*"], ["label-uk", label], ["label-en", "Raccoons"], ["answer-uk", "Єноти корисні."]]) {
    await field(name!).fill(words!);
  }
  await form.getByRole("button", { name: "Зберегти" }).click();
  await expect(form.locator(".problems"), "it has to be said in English, too").toContainText(`texts.answer-${id}.en`);
  await holdsNoBarrier(page, "a reply's form");
  await field("answer-en").fill("Raccoons are useful.");
  await form.getByRole("button", { name: "Зберегти" }).click();
  await expect(form).toBeHidden();
  await expect(shown).toBeVisible();

  await page.getByLabel("Що напише заявник").fill("а що з єнотами?");
  await expect(async () => {
    await page.getByRole("button", { name: "Перевірити" }).click();
    await expect(page.locator(".outcome")).toContainText("Єноти корисні.", { timeout: 1000 });
  }, "a component goes on for a second with what it has read").toPass();

  await shown.click();
  await page.getByRole("button", { name: `Змінити: ${label}` }).click();
  await form.getByRole("button", { name: "Прибрати відповідь" }).click();
  await expect(shown).toBeHidden();
  await page.getByRole("button", { name: "Повернути початкове" }).click();
  await expect(page.getByRole("button", { name: "Повернути початкове" })).toBeHidden();
});

test("a security officer finds in the journal who read a dialogue, and nothing else is open to them", async ({ page }) => {
  const citizen = await Citizen.waiting("mon");
  const reader = await person("Ольга Читачка", { mon: ["operator"] });
  await signIn(page, reader);
  await page.getByRole("button", { name: "Чекають" }).click();
  await page.getByRole("link", { name: citizen.name }).click();
  await page.getByRole("button", { name: /Взяти діалог/ }).click();
  await expect(page.getByRole("textbox", { name: "Відповідь" })).toBeVisible();
  const conversation = new URL(page.url()).hash.split("/").at(-1) ?? "";
  await page.getByRole("button", { name: "Меню" }).click();
  await expect(page.getByRole("link", { name: "Адміністрування" })).toBeHidden();

  await page.context().clearCookies();
  await page.goto("/console/?again");
  await signIn(page, await person("Семен Безпека", { mon: ["security", "operator"] }));
  await page.goto("/console/#/administration");
  const sections = page.getByRole("navigation", { name: "Адміністрування" });
  await expect(sections.getByRole("link")).toHaveText(["Журнал установи"]);
  const search = page.getByRole("search");
  await search.getByLabel("Діалог").fill(conversation);
  await search.getByLabel("Подія").fill("conversation_read");
  await search.getByRole("button", { name: "Знайти" }).click();
  const lines = page.locator(".lines > li");
  await expect(lines.first()).toContainText(`person:${reader.id}`);
  await expect(lines.filter({ hasNotText: conversation })).toHaveCount(0);
  await lines.first().getByRole("link", { name: conversation }).click();
  await expect(page.getByRole("log")).toBeVisible();
});

test("a changed text is what the next citizen reads, and a mistake in it is told at its place", async ({ page }) => {
  await signIn(page, await administrator());
  await page.goto("/console/#/administration/texts");
  await choose(page, "mon");
  await page.getByLabel("Знайти текст").fill("welcome");
  await page.getByRole("button", { name: "Змінити: welcome", exact: true }).click();
  const field = page.getByRole("dialog").getByLabel("UK");
  await field.fill("Вітаємо, { $nobody }!");
  await page.getByRole("button", { name: "Зберегти" }).click();
  await expect(page.getByRole("dialog").getByRole("alert").first()).toContainText("nobody");
  await holdsNoBarrier(page, "a text with a mistake");
  const words = `Вітаємо! Пробний текст ${Date.now()}.`;
  await field.fill(words);
  await page.getByRole("button", { name: "Зберегти" }).click();
  await expect(page.getByRole("dialog")).toBeHidden();
  await expect(page.getByText(words)).toBeVisible();
  await expect(async () => expect(await Citizen.greeting("mon")).toContain(words)).toPass();
  await page.getByRole("button", { name: "Змінити: welcome", exact: true }).click();
  await page.getByRole("button", { name: "Повернути початкове" }).click();
  await expect(page.getByRole("dialog")).toBeHidden();
  await expect(page.getByText(words)).toHaveCount(0);
});

test("a role that is made opens its sections and no others, and a group gives it", async ({ page, browser, baseURL }) => {
  await signIn(page, await administrator());
  await page.goto("/console/#/administration/roles");
  await page.getByRole("button", { name: "Нова роль" }).click();
  const id = `r${Date.now()}`;
  await page.getByLabel("Позначення").fill(id);
  await page.getByLabel("Назва UK").fill(`Редактор ${id}`);
  await page.getByLabel("Назва EN").fill(`Editor ${id}`);
  await page.getByLabel("Змінювати налаштування й тексти").check();
  await holdsNoBarrier(page, "a role");
  await page.getByRole("button", { name: "Зберегти" }).click();
  await expect(page.getByRole("dialog")).toBeHidden();
  const editor = await person("Роман Редактор", {});
  await page.getByRole("link", { name: "Групи" }).click();
  await page.getByRole("button", { name: "Нова група" }).click();
  await page.getByLabel("Назва", { exact: true }).fill(`Редакція ${id}`);
  await page.getByRole("dialog").getByLabel("Установа").selectOption("mon");
  await page.getByLabel(`Редактор ${id}`).check();
  await page.getByLabel("Знайти учасника").fill(editor.login);
  await page.getByRole("button", { name: editor.name }).click();
  await holdsNoBarrier(page, "a group");
  await page.getByRole("dialog").getByRole("button", { name: "Зберегти" }).click();
  await expect(page.getByText(`Редакція ${id}`)).toBeVisible();

  const context = await browser.newContext({ baseURL: baseURL ?? "", locale: "uk-UA" });
  const other = await context.newPage();
  await giveLogin(other, editor);
  await other.getByRole("button", { name: "Меню" }).click();
  await other.getByRole("link", { name: "Адміністрування" }).click();
  await expect(other.getByRole("link", { name: "Тексти" })).toBeVisible();
  await expect(other.getByRole("link", { name: "Люди" })).toHaveCount(0);
  await context.close();
});

test("a reply is tried before a citizen meets it", async ({ page }) => {
  await signIn(page, await administrator());
  await page.goto("/console/#/administration/replies");
  await choose(page, "mzs");
  await page.getByLabel("Що напише заявник").fill("як замінити паспорт");
  await page.getByRole("button", { name: "Перевірити" }).click();
  await expect(page.getByRole("heading", { name: "Розпізнані слова" })).toBeVisible();
});

test("the administration has no barriers (light, and dark where there is room)", async ({ page }, { project }) => {
  await signIn(page, await administrator());
  for (const section of [...(await sectionsOf(page)), "people/new"]) {
    await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
    await page.goto(`/console/#/administration/${section}`);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await expect(page.getByText("Завантажуємо")).toHaveCount(0);
    await holdsNoBarrier(page, section);
    const wider = await page.locator("#main").evaluate((main) => main.scrollWidth - main.clientWidth);
    expect(wider, `${section} is wider than the screen`).toBeLessThanOrEqual(0);
    // Colours are the same on every width.
    if (project.name !== "desktop") continue;
    await page.emulateMedia({ colorScheme: "dark", reducedMotion: "reduce" });
    await holdsContrast(page, `${section} in the dark`);
  }
});
