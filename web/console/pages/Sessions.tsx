// Where one is signed in, with the possibility to end it.

import { useEffect, useState } from "preact/hooks";
import { endSession, sessions } from "../server/auth.ts";
import type { SignInSession } from "../server/types.ts";
import { device } from "../logic/agent.ts";
import { useRefusal } from "../parts/refusal.ts";
import { Verdict } from "../parts/Submit.tsx";
import { moment, t } from "../state/words.ts";

export function Sessions() {
  const [found, setFound] = useState<readonly SignInSession[] | null>(null);
  const refused = useRefusal();
  const read = () => refused.during(async () => setFound((await sessions()).sessions));
  useEffect(() => {
    void read();
  }, []);
  const end = (id: string) => refused.during(async () => {
    await endSession(id);
    setFound((await sessions()).sessions);
  });
  return (
    <>
      <Verdict refused={refused} />
      {!found && !refused.words && <p class="soft">{t("reading")}</p>}
      <ul class="sessions">
        {found?.map((one) => (
          <li key={one.id}>
            <div>
              <p>{one.agent ? device(one.agent) : t("unknown_device")}{one.current && <strong> · {t("this_session")}</strong>}</p>
              <p class="soft">{one.address ?? ""} {t("session_times", { created: moment(one.created_at), used: moment(one.used_at) })}</p>
            </div>
            {!one.current && <button type="button" class="plain" disabled={refused.busy} onClick={() => end(one.id)}>{t("session_end")}</button>}
          </li>
        ))}
      </ul>
    </>
  );
}
