// The operator's own work in figures.

import { useEffect, useState } from "preact/hooks";
import { figures, type Period } from "../server/work.ts";
import type { Figures } from "../server/types.ts";
import { Page } from "../parts/Page.tsx";
import { useRefusal } from "../parts/refusal.ts";
import { Verdict } from "../parts/Submit.tsx";
import { decimal, shortDay, span, t } from "../state/words.ts";

const PERIODS: readonly Period[] = ["day", "week", "month"];

export function Cabinet() {
  const [period, setPeriod] = useState<Period>("day");
  const [found, setFound] = useState<Figures | null>(null);
  const refused = useRefusal();
  useEffect(() => {
    void refused.during(async () => setFound(await figures(period)));
  }, [period]);
  return (
    <Page title={t("page_cabinet")}>
      <div class="tabs" role="group" aria-label={t("period")}>
        {PERIODS.map((one) => (
          <button key={one} type="button" aria-pressed={period === one} onClick={() => setPeriod(one)}>{t(`period_${one}`)}</button>
        ))}
      </div>
      <Verdict refused={refused} />
      {!found && refused.busy && <p class="soft" role="status">{t("reading")}</p>}
      {found && <Sums found={found} />}
      {found && found.days.length > 1 && <Days days={found.days} />}
    </Page>
  );
}

function Sums({ found }: { found: Figures }) {
  const seconds = (value: number | null) => (value === null ? "—" : span(value));
  const { mean, count } = found.rating;
  const sums: [string, string][] = [
    [t("sum_chats"), String(found.chats)],
    [t("sum_closed"), String(found.closed)],
    [t("sum_rating"), mean === null ? "—" : `${decimal(mean)} (${count})`],
    [t("sum_first_answer"), seconds(found.first_answer_s)],
    [t("sum_handling"), seconds(found.handling_s)],
    [t("sum_at_work"), span(found.at_work_s)],
    [t("sum_break"), span(found.break_s)],
  ];
  return (
    <dl class="sums">
      {sums.map(([name, value]) => <div key={name}><dt>{name}</dt><dd>{value}</dd></div>)}
    </dl>
  );
}

function Days({ days }: { days: Figures["days"] }) {
  return (
    <table>
      <thead><tr><th scope="col">{t("day")}</th><th scope="col" class="number">{t("sum_chats")}</th><th scope="col" class="number">{t("sum_closed")}</th></tr></thead>
      <tbody>
        {days.map(({ day, chats, closed }) => (
          <tr key={day}><th scope="row">{shortDay(day)}</th><td class="number">{chats}</td><td class="number">{closed}</td></tr>
        ))}
      </tbody>
    </table>
  );
}
