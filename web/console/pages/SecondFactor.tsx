// The second factor: codes of an application, with recovery codes that are shown once.

import { useState } from "preact/hooks";
import { beginTotp, confirmTotp, removeTotp } from "../server/auth.ts";
import { takeFocus } from "../parts/focus.ts";
import { useRefusal } from "../parts/refusal.ts";
import { Submit } from "../parts/Submit.tsx";
import { WithPassword } from "../parts/WithPassword.tsx";
import { learnMe, person } from "../state/session.ts";
import { t } from "../state/words.ts";

interface Begun {
  secret: string;
  uri: string;
}

export function SecondFactor() {
  const [begun, setBegun] = useState<Begun | null>(null);
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  const factor = person.value?.second_factor ?? "none";
  if (codes) return <RecoveryCodes codes={codes} done={() => setCodes(null)} />;
  if (begun) {
    const confirmed = async (given: readonly string[]) => {
      setBegun(null);
      setCodes(given);
      await learnMe().catch(() => {});
    };
    return <Confirm begun={begun} confirmed={confirmed} />;
  }
  return (
    <>
      <p>{t(`factor_${factor}`)}</p>
      {factor === "totp"
        ? <WithPassword key="remove" text={t("totp_remove")} act={async (password) => { await removeTotp(password); await learnMe(); }} />
        : <WithPassword key="begin" text={t("totp_begin")} act={async (password) => setBegun(await beginTotp(password))} />}
    </>
  );
}

/** In groups of four, as people copy such things. */
const grouped = (secret: string) => secret.replace(/(.{4})(?=.)/g, "$1 ");

function Confirm({ begun, confirmed }: { begun: Begun; confirmed: (codes: readonly string[]) => Promise<void> }) {
  const [code, setCode] = useState("");
  const refused = useRefusal();
  const submit = (event: Event) => {
    event.preventDefault();
    void refused.during(async () => confirmed((await confirmTotp(code.replace(/\s/g, ""))).recovery_codes));
  };
  return (
    <form class="fields" onSubmit={submit}>
      <p>{t("totp_lead")}</p>
      <p class="secret"><code>{grouped(begun.secret)}</code></p>
      <p><a href={begun.uri}>{t("totp_open")}</a></p>
      <p class="soft break"><code>{begun.uri}</code></p>
      <label>
        {t("code")}
        <input inputMode="numeric" autocomplete="one-time-code" ref={takeFocus} required value={code} onInput={(event) => setCode(event.currentTarget.value)} />
      </label>
      <Submit refused={refused} text={t("confirm")} />
    </form>
  );
}

function RecoveryCodes({ codes, done }: { codes: readonly string[]; done: () => void }) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(codes.join("\n"));
    setCopied(true);
  };
  return (
    <div class="recovery">
      <p role="status">{t("recovery_lead")}</p>
      <ul class="codes">{codes.map((code) => <li key={code}><code>{code}</code></li>)}</ul>
      <p class="line">
        {"clipboard" in navigator && <button type="button" class="plain" onClick={copy}>{t(copied ? "copied" : "copy")}</button>}
        <button type="button" class="plain" onClick={() => print()}>{t("print")}</button>
        <button type="button" class="main-button" onClick={done}>{t("recovery_kept")}</button>
      </p>
    </div>
  );
}
