// Names, waits, pages that may embed the chat, and whether processes are agreed by a second person.

import { useEffect, useState } from "preact/hooks";
import type { PartName, PartValues } from "../server/administration.ts";
import { named, t } from "../state/words.ts";
import { Keep } from "./Keep.tsx";
import { TransferFields } from "./Transfers.tsx";
import { NameFields, NumberField } from "./fields.tsx";
import { type Kept, useSettings } from "./useSettings.ts";

export function General({ org }: { org: string }) {
  const kept = useSettings(org);
  const languages = kept.settings?.languages ?? [];
  if (!kept.settings) return <Keep part="name" kept={kept} />;
  return (
    <>
      {kept.settings.problems.length > 0 && (
        <div class="alarm" role="alert">
          <p>{t("admin_not_in_force")}</p>
          <ul>{kept.settings.problems.map((problem) => <li key={problem}>{problem}</li>)}</ul>
        </div>
      )}
      <PartForm part="name" title={t("general_name")} kept={kept}>
        {(name, change) => <NameFields languages={languages} name={name} change={change} />}
      </PartForm>
      <PartForm part="timers" title={t("general_timers")} kept={kept}>
        {(timers, change) =>
          Object.entries(timers).map(([name, value]) => (
            <NumberField key={name} text={named("timer", name)} value={value} change={(seconds) => change({ ...timers, [name]: seconds })} />
          ))}
      </PartForm>
      <PartForm part="origins" title={t("general_origins")} kept={kept}>
        {(origins, change) => (
          <label>
            {t("general_origins_hint")}
            <textarea rows={4} spellcheck={false} value={origins.join("\n")} onInput={(event) => change(event.currentTarget.value.split("\n").map((line) => line.trim()).filter((line, place, all) => line || place === all.length - 1))} />
          </label>
        )}
      </PartForm>
      <PartForm part="transfers" title={t("general_transfers")} kept={kept}>
        {(transfers, change) => <TransferFields org={org} transfers={transfers} change={change} />}
      </PartForm>
      <PartForm part="review_processes" title={t("general_review")} kept={kept}>
        {(review, change) => (
          <label class="switch">
            <input type="checkbox" checked={review} onChange={(event) => change(event.currentTarget.checked)} /> {t("general_review_hint")}
          </label>
        )}
      </PartForm>
    </>
  );
}

interface PartProps<Name extends PartName> {
  part: Name;
  title: string;
  kept: Kept;
  children: (value: PartValues[Name], change: (value: PartValues[Name]) => void) => preact.ComponentChildren;
}

function PartForm<Name extends PartName>({ part, title, kept, children }: PartProps<Name>) {
  const standing = kept.settings?.parts[part].value as PartValues[Name];
  const [value, setValue] = useState<PartValues[Name]>(standing);
  useEffect(() => setValue(() => standing), [standing]);
  const submit = (event: Event) => {
    event.preventDefault();
    void kept.keep(part, Array.isArray(value) ? (value.filter(Boolean) as PartValues[Name]) : value);
  };
  return (
    <form onSubmit={submit} class="admin-form fields">
      <h2>{title}</h2>
      {children(value, (changed) => setValue(() => changed))}
      <Keep part={part} kept={kept} />
    </form>
  );
}
