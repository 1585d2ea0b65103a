// The own account: password, second factor, passkeys, sessions.

import { useState } from "preact/hooks";
import { changePassword } from "../server/auth.ts";
import { Page } from "../parts/Page.tsx";
import { useRefusal } from "../parts/refusal.ts";
import { Submit } from "../parts/Submit.tsx";
import { person } from "../state/session.ts";
import { t } from "../state/words.ts";
import { Passkeys } from "./Passkeys.tsx";
import { SecondFactor } from "./SecondFactor.tsx";
import { Sessions } from "./Sessions.tsx";

const PASSWORD_CHARS_MIN = 8;

export function Account() {
  return (
    <Page title={t("page_account")}>
      <p>{person.value?.name}{person.value?.login && <span class="soft"> · {person.value.login}</span>}</p>
      <section>
        <h2>{t("password_change")}</h2>
        <PasswordChange />
      </section>
      <section>
        <h2>{t("second_factor")}</h2>
        <SecondFactor />
      </section>
      <section>
        <h2>{t("passkeys")}</h2>
        <Passkeys />
      </section>
      <section>
        <h2>{t("sessions")}</h2>
        <Sessions />
      </section>
    </Page>
  );
}

function PasswordChange() {
  const [current, setCurrent] = useState("");
  const [replacement, setReplacement] = useState("");
  const [done, setDone] = useState(false);
  const refused = useRefusal();
  const submit = async (event: Event) => {
    event.preventDefault();
    setDone(false);
    if (!(await refused.during(() => changePassword(current, replacement)))) return;
    setCurrent("");
    setReplacement("");
    setDone(true);
  };
  return (
    <form class="fields" onSubmit={submit}>
      <input type="text" name="username" autocomplete="username" value={person.value?.login ?? ""} hidden readOnly />
      <label>
        {t("password_current")}
        <input type="password" autocomplete="current-password" required value={current} onInput={(event) => setCurrent(event.currentTarget.value)} />
      </label>
      <label>
        {t("password_new")}
        <input type="password" autocomplete="new-password" required minLength={PASSWORD_CHARS_MIN} aria-describedby="password-hint" value={replacement} onInput={(event) => setReplacement(event.currentTarget.value)} />
      </label>
      <p class="soft" id="password-hint">{t("password_hint", { count: PASSWORD_CHARS_MIN })}</p>
      {done && <p role="status">{t("password_changed")}</p>}
      <Submit refused={refused} text={t("password_change")} />
    </form>
  );
}
