// The operator's own work, and the shift as its head sees it.

import { call } from "./http.ts";
import type { Figures, ShiftOrganisation, WorkState, WorkStatus } from "./types.ts";

export type Period = "day" | "week" | "month";

export const workStatus = () => call<WorkStatus>("GET", "/core/operator/status");
export const setWorkStatus = (status: WorkState) => call<WorkStatus>("POST", "/core/operator/status", { json: { status } });
export const figures = (period: Period) => call<Figures>("GET", `/core/operator/cabinet?period=${period}`);

export async function shift(): Promise<ShiftOrganisation[]> {
  return (await call<{ organisations: ShiftOrganisation[] }>("GET", "/core/operator/shift")).organisations;
}
