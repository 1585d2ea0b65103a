// Fields that several sections have.

import type { LocalName } from "../server/types.ts";
import { span, t } from "../state/words.ts";

export function NumberField({ text, value, change }: { text: string; value: number; change: (value: number) => void }) {
  return (
    <label>
      {text} <span class="soft">{t("seconds")}{value > 0 && ` · ${span(value)}`}</span>
      <input type="number" min={1} step={1} required value={value} onInput={(event) => change(event.currentTarget.valueAsNumber || 0)} />
    </label>
  );
}

/** Skills in one line, divided by commas. */
export function SkillsField({ text, value, change }: { text: string; value: readonly string[]; change: (value: string[]) => void }) {
  const set = (line: string) => change(line.split(",").map((skill) => skill.trim()).filter(Boolean));
  return (
    <label>
      {text} <span class="soft">{t("skills_hint")}</span>
      <input key={value.join()} autocomplete="off" pattern="[a-z0-9\-, ]*" title={t("skills_hint")} defaultValue={value.join(", ")} onChange={(event) => set(event.currentTarget.value)} />
    </label>
  );
}

interface NameProps {
  languages: readonly string[];
  name: LocalName;
  change: (name: LocalName) => void;
}

export function NameFields({ languages, name, change }: NameProps) {
  return (
    <>
      {languages.map((language) => (
        <label key={language}>
          {t("field_name")} <span class="soft">{language.toUpperCase()}</span>
          <input required lang={language} maxLength={200} value={name[language] ?? ""} onInput={(event) => change({ ...name, [language]: event.currentTarget.value })} />
        </label>
      ))}
    </>
  );
}
