// The wall of the shift's head: queues and people as they are now.

import { shift } from "../server/work.ts";
import type { ShiftOrganisation } from "../server/types.ts";
import { mark } from "../logic/sla.ts";
import { Page } from "../parts/Page.tsx";
import { useLive } from "../parts/live.ts";
import { now } from "../state/clock.ts";
import { organisationName } from "../state/session.ts";
import { local, span, t } from "../state/words.ts";

const PAUSE_MS = 5000;

type QueueNow = ShiftOrganisation["queues"][number];
type PersonNow = ShiftOrganisation["people"][number];

export function Shift() {
  const { value, failed } = useLive(shift, PAUSE_MS);
  return (
    <Page title={t("page_shift")} wide>
      {failed && <p class="alarm" role="alert">{t("read_failed")}</p>}
      {!value && !failed && <p class="soft" role="status">{t("reading")}</p>}
      {value?.map(({ org, queues, people }) => (
        <section key={org} class="wall">
          <h2>{organisationName(org)}</h2>
          <div class="wall-tables">
            <Queues queues={queues} />
            <People people={people} />
          </div>
        </section>
      ))}
    </Page>
  );
}

const ago = (at: string | null | undefined) => (at ? span((now.value - Date.parse(at)) / 1000) : "—");

function Queues({ queues }: { queues: readonly QueueNow[] }) {
  return (
    <table>
      <thead>
        <tr><th scope="col">{t("queue")}</th><th scope="col" class="number">{t("tab_waiting")}</th><th scope="col" class="number">{t("longest_wait")}</th><th scope="col" class="number">{t("with_operators")}</th></tr>
      </thead>
      <tbody>
        {queues.map((queue) => (
          <tr key={queue.id}>
            <th scope="row">{local(queue.name, queue.id)}</th>
            <td class="number">{queue.waiting}</td>
            <td class={`number ${mark(queue, now.value)}`}>{ago(queue.waiting_since)}</td>
            <td class="number">{queue.with_operator}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function People({ people }: { people: readonly PersonNow[] }) {
  if (people.length === 0) return <p class="soft">{t("no_people")}</p>;
  return (
    <table>
      <thead>
        <tr><th scope="col">{t("operator")}</th><th scope="col">{t("work_status")}</th><th scope="col" class="number">{t("work_since")}</th><th scope="col" class="number">{t("chats_now")}</th></tr>
      </thead>
      <tbody>
        {people.map((one) => (
          <tr key={one.id}>
            <th scope="row">{one.name}</th>
            <td><span class={`work-mark ${one.status}`}>{t(`work_${one.status}`)}</span></td>
            <td class="number">{ago(one.since)}</td>
            <td class="number">{one.chats}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
