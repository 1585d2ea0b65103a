-- The Corezoid API: tasks that outside systems made, calls that were taken, addresses that need no signature.

-- A task is no dialogue: it is in no list, count or export of conversations. `world` holds it and the tasks that it
-- made, as long as one of them lives; `callbacks` the callback addresses of its process's nodes.
CREATE TABLE tasks (
    id INTEGER PRIMARY KEY,
    process TEXT NOT NULL,
    reference TEXT,
    status TEXT NOT NULL CHECK (status IN ('created', 'processing', 'delayed', 'processed', 'canceled', 'deleted')),
    node TEXT NOT NULL DEFAULT '',
    previous_node TEXT,
    data TEXT NOT NULL,
    process_version INTEGER NOT NULL,
    world TEXT NOT NULL DEFAULT '',
    callbacks TEXT NOT NULL DEFAULT '{}',
    answer TEXT,
    wake_at_ms INTEGER,
    created_at_ms INTEGER NOT NULL,
    changed_at_ms INTEGER NOT NULL,
    ended_at_ms INTEGER
);
-- A reference is free again when its task has ended.
CREATE UNIQUE INDEX tasks_reference ON tasks (process, reference)
    WHERE reference IS NOT NULL AND status IN ('created', 'processing', 'delayed');
CREATE INDEX tasks_named ON tasks (process, reference, created_at_ms) WHERE reference IS NOT NULL;
CREATE INDEX tasks_node ON tasks (process, node, id);
CREATE INDEX tasks_wake ON tasks (wake_at_ms) WHERE wake_at_ms IS NOT NULL;
CREATE INDEX tasks_ended ON tasks (ended_at_ms) WHERE ended_at_ms IS NOT NULL;

-- A signed call is taken once; when its time is over, the clock in its address refuses it anyway.
CREATE TABLE api_calls (
    key TEXT PRIMARY KEY,
    expires_at_s INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX api_calls_expires ON api_calls (expires_at_s);

-- Direct addresses of processes; each opening makes another address.
CREATE TABLE direct_addresses (
    process TEXT PRIMARY KEY,
    generation INTEGER NOT NULL,
    is_open INTEGER NOT NULL
) WITHOUT ROWID;
