// The language of the console's own words.

import { language, LANGUAGES, speak, t } from "../state/words.ts";

export function LanguageChoice() {
  return (
    <div class="languages" role="group" aria-label={t("language_choice")}>
      {LANGUAGES.map(({ id, name }) => (
        <button key={id} type="button" lang={id} aria-pressed={language.value === id} onClick={() => speak(id)}>{name}</button>
      ))}
    </div>
  );
}
