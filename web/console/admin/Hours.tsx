// When operators work: spans of each weekday, and the days without work.

import { useEffect, useState } from "preact/hooks";
import type { Hours } from "../server/administration.ts";
import { lineOf, spansOf, WEEKDAYS, type Weekday } from "../logic/hours.ts";
import { Icon } from "../parts/Icon.tsx";
import { day, t } from "../state/words.ts";
import { Keep } from "./Keep.tsx";
import { useSettings } from "./useSettings.ts";

export function HoursSection({ org }: { org: string }) {
  const kept = useSettings(org);
  const delivered = kept.settings?.parts.hours.value;
  const [hours, setHours] = useState<Hours | null>(null);
  useEffect(() => setHours(delivered ?? null), [delivered]);
  if (!hours) return <Keep part="hours" kept={kept} />;
  const submit = (event: Event) => {
    event.preventDefault();
    void kept.keep("hours", hours);
  };
  return (
    <form onSubmit={submit} class="admin-form">
      <p class="soft">{t("hours_lead", { zone: kept.settings?.time_zone ?? "" })}</p>
      <HoursFields hours={hours} change={setHours} />
      <Keep part="hours" kept={kept} />
    </form>
  );
}

export function HoursFields({ hours, change }: Part) {
  return (
    <>
      <label class="switch">
        <input type="checkbox" checked={hours.around_the_clock} onChange={(event) => change({ ...hours, around_the_clock: event.currentTarget.checked })} />
        {t("hours_around_the_clock")}
      </label>
      {!hours.around_the_clock && <Week hours={hours} change={change} />}
      {!hours.around_the_clock && <Holidays hours={hours} change={change} />}
    </>
  );
}

interface Part {
  hours: Hours;
  change: (hours: Hours) => void;
}

function Week({ hours, change }: Part) {
  const set = (weekday: Weekday) => (event: { currentTarget: { value: string } }) =>
    change({ ...hours, [weekday]: spansOf(event.currentTarget.value) });
  return (
    <fieldset class="week">
      <legend>{t("hours_week")}</legend>
      {WEEKDAYS.map((weekday) => (
        <label key={weekday}>
          <span>{t(`weekday_${weekday}`)}</span>
          <input inputMode="text" placeholder={t("hours_closed")} defaultValue={lineOf(hours, weekday)} onChange={set(weekday)} />
        </label>
      ))}
    </fieldset>
  );
}

function Holidays({ hours, change }: Part) {
  const [date, setDate] = useState("");
  const add = () => {
    if (date && !hours.holidays.includes(date)) change({ ...hours, holidays: [...hours.holidays, date].sort() });
    setDate("");
  };
  return (
    <fieldset class="holidays">
      <legend>{t("hours_holidays")}</legend>
      <ul>
        {hours.holidays.map((one) => (
          <li key={one}>
            {day(one)} {one.slice(0, 4)}
            <button type="button" class="icon-button" aria-label={`${t("remove")}: ${one}`} onClick={() => change({ ...hours, holidays: hours.holidays.filter((other) => other !== one) })}>
              <Icon name="close" size={16} />
            </button>
          </li>
        ))}
      </ul>
      <p class="line">
        <input type="date" aria-label={t("hours_holiday_new")} value={date} onInput={(event) => setDate(event.currentTarget.value)} />
        <button type="button" class="plain" disabled={!date} onClick={add}>{t("add")}</button>
      </p>
    </fieldset>
  );
}
