// Queues with how they are served, and the topics that lead into them.

import { useEffect, useState } from "preact/hooks";
import type { Hours, QueueSettings, TopicSettings } from "../server/administration.ts";
import { local, t } from "../state/words.ts";
import { Keep } from "./Keep.tsx";
import { HoursFields } from "./Hours.tsx";
import { NameFields, NumberField, SkillsField } from "./fields.tsx";
import { type Kept, useSettings } from "./useSettings.ts";

const DELIVERED_SERVICE = { first_answer_s: 300, next_answer_s: 180, resolution_s: 3600 };
const OVERFLOW_AFTER_S = 600;
const PRIORITIES = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] as const;

export function Queues({ org }: { org: string }) {
  const kept = useSettings(org);
  return (
    <>
      <QueuesForm kept={kept} />
      {kept.settings && <TopicsForm kept={kept} />}
    </>
  );
}

function QueuesForm({ kept }: { kept: Kept }) {
  const standing = kept.settings?.parts.queues.value;
  const [queues, setQueues] = useState<QueueSettings[]>([]);
  useEffect(() => setQueues(standing ?? []), [standing]);
  const languages = kept.settings?.languages ?? [];
  const set = (place: number, change: Partial<QueueSettings>) =>
    setQueues((known) => known.map((queue, index) => (index === place ? { ...queue, ...change } : queue)));
  const setDefault = (place: number) =>
    setQueues((known) => known.map((queue, index) => ({ ...queue, default: index === place })));
  const submit = (event: Event) => {
    event.preventDefault();
    void kept.keep("queues", queues);
  };
  return (
    <form onSubmit={submit} class="admin-form">
      <h2>{t("admin_queues")}</h2>
      {queues.map((queue, place) => (
        <fieldset key={place} class="card-fields">
          <legend>{local(queue.name, queue.id) || t("queue_new")}</legend>
          <label>
            {t("field_id")}
            <input required pattern="[a-z][a-z0-9\-]*" title={t("field_id_hint")} value={queue.id} onInput={(event) => set(place, { id: event.currentTarget.value })} />
          </label>
          <NameFields languages={languages} name={queue.name} change={(name) => set(place, { name })} />
          <label class="switch"><input type="radio" name="default" checked={queue.default} onChange={() => setDefault(place)} /> {t("queue_default")}</label>
          <label class="switch">
            <input type="checkbox" checked={queue.distributed} onChange={(event) => set(place, { distributed: event.currentTarget.checked })} />
            <span>{t("queue_distributed")}<span class="soft">{t("queue_distributed_hint")}</span></span>
          </label>
          {(["first_answer_s", "next_answer_s", "resolution_s"] as const).map((name) => (
            <NumberField key={name} text={t(`queue_${name}`)} value={queue.service[name]} change={(value) => set(place, { service: { ...queue.service, [name]: value } })} />
          ))}
          <SkillsField text={t("queue_skills")} value={queue.skills} change={(skills) => set(place, { skills })} />
          <OwnHours queue={queue} common={kept.settings?.parts.hours.value} change={(hours) => set(place, { hours })} />
          <Overflow queue={queue} others={queues.filter((other) => other !== queue)} change={(overflow) => set(place, { overflow })} />
          <p><button type="button" class="plain" disabled={queue.default} onClick={() => setQueues(queues.filter((other) => other !== queue))}>{t("queue_remove")}</button></p>
        </fieldset>
      ))}
      <p>
        <button type="button" class="plain" onClick={() => setQueues([...queues, { id: "", default: false, name: {}, distributed: false, skills: [], service: DELIVERED_SERVICE }])}>
          {t("queue_add")}
        </button>
      </p>
      <Keep part="queues" kept={kept} />
    </form>
  );
}

interface OwnHoursProps {
  queue: QueueSettings;
  common: Hours | undefined;
  change: (hours: Hours | undefined) => void;
}

/** Those of the organisation are where a queue's own begin; its days without work hold anyway. */
function OwnHours({ queue, common, change }: OwnHoursProps) {
  const { hours } = queue;
  return (
    <>
      <label class="switch">
        <input type="checkbox" checked={hours !== undefined} onChange={(event) => change(event.currentTarget.checked && common ? { ...common, holidays: [] } : undefined)} />
        {t("queue_own_hours")}
      </label>
      {hours && <HoursFields hours={hours} change={change} />}
    </>
  );
}

interface OverflowProps {
  queue: QueueSettings;
  others: readonly QueueSettings[];
  change: (overflow: { queue: string; after_s: number } | undefined) => void;
}

function Overflow({ queue, others, change }: OverflowProps) {
  const { overflow } = queue;
  const choose = (id: string) => change(id ? { queue: id, after_s: overflow?.after_s ?? OVERFLOW_AFTER_S } : undefined);
  return (
    <>
      <label>
        {t("queue_overflow")}
        <select value={overflow?.queue ?? ""} onChange={(event) => choose(event.currentTarget.value)}>
          <option value="">{t("queue_overflow_none")}</option>
          {others.map((other) => <option key={other.id} value={other.id}>{local(other.name, other.id)}</option>)}
        </select>
      </label>
      {overflow && <NumberField text={t("queue_overflow_after")} value={overflow.after_s} change={(after_s) => change({ ...overflow, after_s })} />}
    </>
  );
}

function TopicsForm({ kept }: { kept: Kept }) {
  const standing = kept.settings?.parts.topics.value;
  const queues = kept.settings?.parts.queues.value ?? [];
  const [topics, setTopics] = useState<TopicSettings[]>([]);
  useEffect(() => setTopics(standing ?? []), [standing]);
  const set = (place: number, change: Partial<TopicSettings>) =>
    setTopics((known) => known.map((topic, index) => (index === place ? { ...topic, ...change } : topic)));
  const submit = (event: Event) => {
    event.preventDefault();
    void kept.keep("topics", topics);
  };
  return (
    <form onSubmit={submit} class="admin-form">
      <h2>{t("topics_title")}</h2>
      <p class="soft">{t("topics_lead")}</p>
      <div class="scrolled">
        <table>
          <thead><tr><th scope="col">{t("topic")}</th><th scope="col">{t("queue")}</th><th scope="col">{t("topic_priority")}</th></tr></thead>
          <tbody>
            {topics.map((topic, place) => (
              <tr key={topic.id}>
                <th scope="row">{topic.id}</th>
                <td>
                  <select aria-label={`${t("queue")}: ${topic.id}`} value={topic.queue} onChange={(event) => set(place, { queue: event.currentTarget.value })}>
                    {queues.map((queue) => <option key={queue.id} value={queue.id}>{local(queue.name, queue.id)}</option>)}
                  </select>
                </td>
                <td>
                  <select aria-label={`${t("topic_priority")}: ${topic.id}`} value={topic.priority} onChange={(event) => set(place, { priority: Number(event.currentTarget.value) })}>
                    {PRIORITIES.map((priority) => <option key={priority} value={priority}>{priority}</option>)}
                  </select>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <Keep part="topics" kept={kept} />
    </form>
  );
}
