// What rules can find of barriers (WCAG 2.1 AA and axe-core's good practice).

import { AxeBuilder } from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";

/** Looks at the page as it stands; `where` names it in what is found. */
export async function holdsNoBarrier(page: Page, where: string): Promise<void> {
  await look(page, where, (axe) => axe);
}

/** Looks at colours alone, where the rest has been looked at in other ones. */
export async function holdsContrast(page: Page, where: string): Promise<void> {
  await look(page, where, (axe) => axe.withRules("color-contrast"));
}

async function look(page: Page, where: string, chosen: (axe: AxeBuilder) => AxeBuilder): Promise<void> {
  // There are no frames: the simple mode looks at the same and is faster.
  const { violations } = await chosen(new AxeBuilder({ page }).setLegacyMode()).analyze();
  const found = violations.map(({ id, nodes }) => `${where}: ${id} ${nodes.map(({ html }) => html).join(" ")}`);
  expect(found).toEqual([]);
}
