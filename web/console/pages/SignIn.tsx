// Signing in: login and password, then a one-time code when it is asked for; or a passkey, or a provider.

import { useEffect, useState } from "preact/hooks";
import { answerChallenge, type Challenge, login, providerOffered } from "../server/auth.ts";
import { LanguageChoice } from "../parts/LanguageChoice.tsx";
import { canHavePasskeys, signInByPasskey } from "../server/passkeys.ts";
import { takeFocus } from "../parts/focus.ts";
import { useRefusal } from "../parts/refusal.ts";
import { Submit, Verdict } from "../parts/Submit.tsx";
import { endedByItself, enter } from "../state/session.ts";
import { t } from "../state/words.ts";

export function SignIn() {
  const [challenge, setChallenge] = useState<Challenge | null>(null);
  return (
    <main class="sign-in" id="main">
      <div class="sign-in-sheet">
        <div class="sign-in-head">
          <img src="/favicon.svg" alt="" width="40" height="40" />
          <h1>{t("sign_in_title")}</h1>
        </div>
        {endedByItself.value && <p class="notice" role="status">{t("session_ended")}</p>}
        <ProviderVerdict />
        {challenge
          ? <Code challenge={challenge} restart={() => setChallenge(null)} />
          : <Password challenged={setChallenge} />}
        {!challenge && canHavePasskeys() && <ByPasskey />}
        {!challenge && <Provider />}
        <LanguageChoice />
      </div>
    </main>
  );
}

/** The device says who is there: neither password nor code. */
function ByPasskey() {
  const refused = useRefusal();
  const act = () => refused.during(async () => {
    await signInByPasskey();
    await enter();
  });
  return (
    <div class="fields">
      <Verdict refused={refused} />
      <button type="button" class="plain" disabled={refused.busy} onClick={act}>{t("sign_in_passkey")}</button>
    </div>
  );
}

/** Signing in through somebody else's page, where one is set. */
function Provider() {
  const [offer, setOffer] = useState<string | null>(null);
  useEffect(() => {
    // Without an answer login and password are there.
    providerOffered().then(({ offered, name }) => setOffer(offered ? name ?? t("provider") : null), () => setOffer(null));
  }, []);
  if (offer === null) return null;
  return <a class="main-button provider" href="/core/auth/sso/start">{t("sign_in_by", { name: offer })}</a>;
}

const REASONS = ["not_begun", "declined", "provider", "no_person", "fault"] as const;

/** Why signing in there has not led in here. */
function ProviderVerdict() {
  const given = new URLSearchParams(location.search).get("sso");
  const reason = REASONS.find((one) => one === given);
  if (!reason) return null;
  return <p class="alarm" role="alert">{t(`sso_${reason}`)}</p>;
}

function Password({ challenged }: { challenged: (challenge: Challenge) => void }) {
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const refused = useRefusal();
  const submit = (event: Event) => {
    event.preventDefault();
    void refused.during(async () => {
      const challenge = await login(name.trim(), password);
      if (challenge) challenged(challenge);
      else await enter();
    });
  };
  return (
    <form class="fields" onSubmit={submit}>
      <label>
        {t("login")}
        <input name="username" autocomplete="username" autocapitalize="none" spellcheck={false} required ref={takeFocus} value={name} onInput={(event) => setName(event.currentTarget.value)} />
      </label>
      <label>
        {t("password")}
        <input name="password" type="password" autocomplete="current-password" required value={password} onInput={(event) => setPassword(event.currentTarget.value)} />
      </label>
      <Submit refused={refused} text={t("sign_in")} />
    </form>
  );
}

function Code({ challenge, restart }: { challenge: Challenge; restart: () => void }) {
  const [code, setCode] = useState("");
  const refused = useRefusal();
  const submit = (event: Event) => {
    event.preventDefault();
    void refused.during(async () => {
      await answerChallenge(challenge.challenge, code.replace(/\s/g, ""));
      await enter();
    });
  };
  return (
    <form class="fields" onSubmit={submit}>
      <p id="code-lead">{t(challenge.by === "totp" ? "code_totp" : "code_sms")}</p>
      <label>
        {t("code")}
        <input name="code" autocomplete="one-time-code" inputMode={challenge.by === "totp" ? "text" : "numeric"} required ref={takeFocus} aria-describedby="code-lead" value={code} onInput={(event) => setCode(event.currentTarget.value)} />
      </label>
      <Submit refused={refused} text={t("confirm")} />
      <button type="button" class="plain" onClick={restart}>{t("other_login")}</button>
    </form>
  );
}
