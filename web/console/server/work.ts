// The operator's own work, and the shift as its head sees it.

import { call } from "./http.ts";
import type { Figures, ShiftOrganisation, WorkState, WorkStatus } from "./types.ts";

export type Period = "day" | "week" | "month";

/** Days begin where the person is. */
const offset = () => `offset_min=${-new Date().getTimezoneOffset()}`;

export const workStatus = () => call<WorkStatus>("GET", `/core/operator/status?${offset()}`);

export const setWorkStatus = (status: WorkState) =>
  call<WorkStatus>("POST", `/core/operator/status?${offset()}`, { json: { status } });

export const figures = (period: Period) => call<Figures>("GET", `/core/operator/cabinet?period=${period}&${offset()}`);

export async function shift(): Promise<ShiftOrganisation[]> {
  return (await call<{ organisations: ShiftOrganisation[] }>("GET", "/core/operator/shift")).organisations;
}
