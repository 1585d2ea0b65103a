// How this browser shows the console.

import { LanguageChoice } from "../parts/LanguageChoice.tsx";
import { Page } from "../parts/Page.tsx";
import { ring } from "../state/notices.ts";
import { set, settings, type Settings as Chosen, TEXT_SIZES, THEMES } from "../state/settings.ts";
import { t } from "../state/words.ts";

export function Settings() {
  const { theme, textSize } = settings.value;
  return (
    <Page title={t("page_settings")}>
      <section>
        <h2>{t("language_choice")}</h2>
        <LanguageChoice />
      </section>
      <section>
        <h2>{t("look")}</h2>
        <fieldset class="choices">
          <legend>{t("theme")}</legend>
          {THEMES.map((one) => (
            <label key={one}>
              <input type="radio" name="theme" checked={theme === one} onChange={() => set({ theme: one })} /> {t(`theme_${one}`)}
            </label>
          ))}
        </fieldset>
        <fieldset class="choices">
          <legend>{t("text_size")}</legend>
          {TEXT_SIZES.map((one) => (
            <label key={one}>
              <input type="radio" name="size" checked={textSize === one} onChange={() => set({ textSize: one })} /> {one} %
            </label>
          ))}
        </fieldset>
      </section>
      <section>
        <h2>{t("attention")}</h2>
        <Switch name="sound" text={t("sound")} hint={t("sound_hint")} changed={(on) => on && ring(true)} />
        <Notices />
      </section>
      <section>
        <h2>{t("page_shortcuts")}</h2>
        <Switch name="letters" text={t("letters")} hint={t("letters_hint")} />
      </section>
    </Page>
  );
}

interface SwitchProps {
  name: "sound" | "letters" | "notices";
  text: string;
  hint: string;
  changed?: (on: boolean) => void;
}

function Switch({ name, text, hint, changed }: SwitchProps) {
  return (
    <label class="switch">
      <input
        type="checkbox"
        role="switch"
        checked={settings.value[name]}
        aria-describedby={`${name}-hint`}
        onChange={(event) => {
          const on = event.currentTarget.checked;
          set({ [name]: on } as Partial<Chosen>);
          changed?.(on);
        }}
      />
      <span>{text}<span class="soft" id={`${name}-hint`}>{hint}</span></span>
    </label>
  );
}

/** The browser is asked only by this button. */
function Notices() {
  if (!("Notification" in window)) return null;
  if (Notification.permission === "denied") return <p class="soft">{t("notices_denied")}</p>;
  if (Notification.permission === "granted") return <Switch name="notices" text={t("notices")} hint={t("notices_hint")} />;
  const ask = async () => set({ notices: (await Notification.requestPermission()) === "granted" });
  return (
    <p>
      <button type="button" class="plain" onClick={ask}>{t("notices_ask")}</button>
      <span class="soft block">{t("notices_hint")}</span>
    </p>
  );
}
