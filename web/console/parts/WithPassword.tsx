// An act for which the password is shown again.

import { useState } from "preact/hooks";
import { useRefusal } from "./refusal.ts";
import { Submit } from "./Submit.tsx";
import { t } from "../state/words.ts";

export function WithPassword({ text, act }: { text: string; act: (password: string) => Promise<void> }) {
  const [password, setPassword] = useState("");
  const refused = useRefusal();
  const submit = (event: Event) => {
    event.preventDefault();
    void refused.during(async () => {
      await act(password);
      setPassword("");
    });
  };
  return (
    <form class="fields" onSubmit={submit}>
      <label>
        {t("password_current")}
        <input type="password" autocomplete="current-password" required value={password} onInput={(event) => setPassword(event.currentTarget.value)} />
      </label>
      <Submit refused={refused} text={text} />
    </form>
  );
}
