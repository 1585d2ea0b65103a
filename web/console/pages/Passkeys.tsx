// The own passkeys: added and removed after the password was shown again.

import { useEffect, useState } from "preact/hooks";
import { addPasskey, canHavePasskeys, type Passkey, passkeys, removePasskey } from "../server/passkeys.ts";
import { useRefusal } from "../parts/refusal.ts";
import { Verdict } from "../parts/Submit.tsx";
import { device } from "../logic/agent.ts";
import { learnMe } from "../state/session.ts";
import { moment, t } from "../state/words.ts";
import { WithPassword } from "../parts/WithPassword.tsx";

const NAME_CHARS_MAX = 60;

export function Passkeys() {
  const [found, setFound] = useState<readonly Passkey[] | null>(null);
  const [isOffered, setOffered] = useState(false);
  const [name, setName] = useState(() => device(navigator.userAgent));
  const [leaving, setLeaving] = useState<string | null>(null);
  const refused = useRefusal();
  const read = async () => {
    const { offered, passkeys: own } = await passkeys();
    setFound(own);
    setOffered(offered && canHavePasskeys());
  };
  useEffect(() => {
    void refused.during(read);
  }, []);
  const changed = () => Promise.all([read(), learnMe()]);
  const add = async (password: string) => {
    await addPasskey(name.trim(), password);
    await changed();
  };
  const remove = async (id: string, password: string) => {
    await removePasskey(id, password);
    setLeaving(null);
    await changed();
  };
  return (
    <>
      <p>{t("passkeys_lead")}</p>
      <Verdict refused={refused} />
      <ul class="sessions">
        {found?.map((one) => (
          <li key={one.id}>
            <div>
              <p>{one.name || t("passkey_unnamed")}{one.synchronised && <span class="soft"> · {t("passkey_synchronised")}</span>}</p>
              <p class="soft">{times(one)}</p>
              {leaving === one.id && <WithPassword text={t("passkey_remove")} act={(password) => remove(one.id, password)} />}
            </div>
            {leaving !== one.id && (
              <button type="button" class="plain" aria-label={t("passkey_remove_this", { name: one.name })} onClick={() => setLeaving(one.id)}>{t("passkey_remove")}</button>
            )}
          </li>
        ))}
      </ul>
      {found && !isOffered && <p class="soft">{t("passkeys_not_here")}</p>}
      {isOffered && (
        <>
          <div class="fields">
            <label>
              {t("passkey_name")}
              <input maxLength={NAME_CHARS_MAX} autocomplete="off" value={name} onInput={(event) => setName(event.currentTarget.value)} />
            </label>
          </div>
          <WithPassword text={t("passkey_add")} act={add} />
        </>
      )}
    </>
  );
}

function times({ created_at, used_at }: Passkey): string {
  const created = moment(created_at);
  return used_at ? t("passkey_times", { created, used: moment(used_at) }) : t("passkey_unused", { created });
}
