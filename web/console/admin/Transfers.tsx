// Where dialogues of an organisation may be passed, and what goes along.

import type { Shared, Transfers } from "../server/administration.ts";
import { withOne } from "../logic/people.ts";
import { organisationName, organisations } from "../state/session.ts";
import { t } from "../state/words.ts";

const SHARED: readonly Shared[] = ["name", "history"];

interface Props {
  org: string;
  transfers: Transfers;
  change: (transfers: Transfers) => void;
}

export function TransferFields({ org, transfers, change }: Props) {
  const { to, shares } = transfers;
  const others = organisations.value.filter(({ id }) => id !== org);
  return (
    <>
      {[undefined, to ?? []].map((choice) => (
        <label class="switch" key={choice ? "some" : "all"}>
          <input type="radio" name="transfers" checked={(choice === undefined) === (to === undefined)} onChange={() => change({ ...transfers, to: choice })} />
          {t(choice ? "transfers_some" : "transfers_all")}
        </label>
      ))}
      {to && (
        <div role="group" aria-label={t("transfers_some")} class="choices">
          {others.map(({ id }) => (
            <label key={id}>
              <input type="checkbox" checked={to.includes(id)} onChange={(event) => change({ ...transfers, to: withOne(to, id, event.currentTarget.checked) })} />
              {organisationName(id)}
            </label>
          ))}
        </div>
      )}
      <div role="group" aria-label={t("transfers_shares")} class="choices">
        <span>{t("transfers_shares")}:</span>
        {SHARED.map((one) => (
          <label key={one}>
            <input type="checkbox" checked={shares.includes(one)} onChange={(event) => change({ ...transfers, shares: withOne(shares, one, event.currentTarget.checked) })} />
            {t(`shares_${one}`)}
          </label>
        ))}
      </div>
    </>
  );
}
