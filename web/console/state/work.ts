// Whether the operator is at work, has a break, or has finished.

import { effect, signal } from "@preact/signals";
import type { WorkState, WorkStatus } from "../server/types.ts";
import { setWorkStatus, workStatus } from "../server/work.ts";
import { said } from "./acts.ts";
import { phase } from "./session.ts";
import { t } from "./words.ts";

export const work = signal<WorkStatus | null>(null);

export function knowWork(): void {
  effect(() => {
    if (phase.value === "signed_in") void read();
    else work.value = null;
  });
}

async function read(): Promise<void> {
  work.value = await workStatus().catch(() => null);
}

export async function choose(status: WorkState): Promise<void> {
  const before = work.peek();
  if (before) work.value = { ...before, status, since: new Date().toISOString() };
  try {
    work.value = await setWorkStatus(status);
  } catch {
    work.value = before;
    said.value = { text: t("act_unreachable"), alarm: true };
  }
}
