-- An organisation's own database: what comes in, what is decided, what goes out.
-- Times are Unix milliseconds (…_ms). One statement ends with a semicolon at the end of a line.

-- What a channel, an operator, a timer or another organisation sent: written before it is acknowledged.
CREATE TABLE inbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    channel TEXT NOT NULL,
    chat TEXT NOT NULL,
    dedupe_key TEXT NOT NULL,
    event TEXT NOT NULL,
    received_at_ms INTEGER NOT NULL,
    state TEXT NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'done', 'ignored', 'failed')),
    outcome TEXT,
    UNIQUE (channel, dedupe_key)
);
CREATE INDEX inbox_pending ON inbox (id) WHERE state = 'pending';
CREATE INDEX inbox_pending_chat ON inbox (channel, chat, id) WHERE state = 'pending';
CREATE INDEX inbox_received ON inbox (received_at_ms);

-- One runner at a time for a chat; a lease that has run out may be taken over.
CREATE TABLE chat_leases (
    channel TEXT NOT NULL,
    chat TEXT NOT NULL,
    owner TEXT NOT NULL,
    until_ms INTEGER NOT NULL,
    takeovers INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (channel, chat)
) WITHOUT ROWID;
CREATE INDEX chat_leases_owner ON chat_leases (owner);

-- Runners of which an organisation has one at a time (delivery).
CREATE TABLE runners (
    name TEXT PRIMARY KEY,
    owner TEXT NOT NULL,
    until_ms INTEGER NOT NULL,
    state TEXT NOT NULL DEFAULT '{}'
) WITHOUT ROWID;

-- A person as one channel knows them.
CREATE TABLE citizens (
    id TEXT PRIMARY KEY,
    channel TEXT NOT NULL,
    chat TEXT NOT NULL,
    name TEXT,
    language TEXT NOT NULL,
    phone TEXT,
    phone_verified INTEGER NOT NULL DEFAULT 0,
    identity TEXT,
    blocked INTEGER NOT NULL DEFAULT 0,
    conversations INTEGER NOT NULL DEFAULT 0,
    conversation_id TEXT,
    created_at_ms INTEGER NOT NULL,
    UNIQUE (channel, chat)
) WITHOUT ROWID;

-- A dialogue. `world` holds the waiting process tasks; `process_version` pins the processes it began with.
CREATE TABLE conversations (
    id TEXT PRIMARY KEY,
    citizen_id TEXT NOT NULL REFERENCES citizens (id),
    channel TEXT NOT NULL,
    chat TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('open', 'waiting', 'with_operator', 'voting', 'closed')),
    queue TEXT,
    topic TEXT,
    language TEXT NOT NULL,
    priority INTEGER NOT NULL DEFAULT 0,
    operator_id TEXT,
    operator_name TEXT,
    peer TEXT,
    process_version INTEGER NOT NULL,
    world TEXT NOT NULL,
    facts TEXT NOT NULL,
    wake_at_ms INTEGER,
    opened_at_ms INTEGER NOT NULL,
    queued_at_ms INTEGER,
    taken_at_ms INTEGER,
    last_at_ms INTEGER NOT NULL,
    closed_at_ms INTEGER,
    close_reason TEXT
) WITHOUT ROWID;
CREATE INDEX conversations_wake ON conversations (wake_at_ms) WHERE wake_at_ms IS NOT NULL;
CREATE INDEX conversations_queue ON conversations (status, queue, priority DESC, queued_at_ms);
CREATE INDEX conversations_last ON conversations (last_at_ms, id);
CREATE INDEX conversations_status_last ON conversations (status, last_at_ms, id);
CREATE INDEX conversations_operator ON conversations (operator_id, status, last_at_ms) WHERE operator_id IS NOT NULL;
-- The queues' history for the console; partial, so that a message of a live dialogue does not touch it.
CREATE INDEX conversations_queue_closed ON conversations (queue, last_at_ms, id) WHERE status = 'closed';
CREATE INDEX conversations_opened ON conversations (opened_at_ms, id);
CREATE INDEX conversations_handled ON conversations (queue, closed_at_ms) WHERE taken_at_ms IS NOT NULL AND closed_at_ms IS NOT NULL;

-- Every message in either direction; seq is the chat API's cursor.
CREATE TABLE messages (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    conversation_id TEXT NOT NULL,
    citizen_id TEXT NOT NULL,
    author TEXT NOT NULL CHECK (author IN ('citizen', 'robot', 'operator', 'system', 'note')),
    author_name TEXT,
    text TEXT,
    buttons TEXT,
    media_id TEXT,
    details TEXT,
    external_id TEXT,
    delivery TEXT NOT NULL DEFAULT 'none' CHECK (delivery IN ('none', 'queued', 'sent', 'delivered', 'seen', 'failed')),
    at_ms INTEGER NOT NULL
);
CREATE INDEX messages_conversation ON messages (conversation_id, seq);
CREATE INDEX messages_citizen ON messages (citizen_id, seq);
CREATE INDEX messages_at ON messages (at_ms, seq);
CREATE INDEX messages_external ON messages (citizen_id, external_id) WHERE external_id IS NOT NULL;

-- Everything that people and processes did, in order.
CREATE TABLE journal (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at_ms INTEGER NOT NULL,
    conversation_id TEXT,
    actor TEXT NOT NULL,
    what TEXT NOT NULL,
    data TEXT NOT NULL DEFAULT '{}'
);
CREATE INDEX journal_conversation ON journal (conversation_id, id) WHERE conversation_id IS NOT NULL;
CREATE INDEX journal_at ON journal (at_ms, id);

-- What still has to leave: messages to channels ('send'), events to another organisation ('relay'), attachments to fetch ('fetch').
CREATE TABLE outbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL CHECK (kind IN ('send', 'relay', 'fetch')),
    channel TEXT NOT NULL,
    chat TEXT NOT NULL,
    conversation_id TEXT,
    message_id TEXT,
    payload TEXT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    -- Calls of a message in several parts that have succeeded: a later attempt goes on from there.
    parts_done INTEGER NOT NULL DEFAULT 0,
    next_at_ms INTEGER NOT NULL,
    state TEXT NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'dead')),
    last_error TEXT,
    created_at_ms INTEGER NOT NULL
);
CREATE INDEX outbox_pending ON outbox (id, next_at_ms) WHERE state = 'pending';
CREATE INDEX outbox_chat ON outbox (channel, chat, id) WHERE state = 'pending';
CREATE INDEX outbox_dead ON outbox (id) WHERE state = 'dead';

-- Files of the media store (the bytes are in the key-value store `media` under `<org>/<id>`).
CREATE TABLE media (
    id TEXT PRIMARY KEY,
    citizen_id TEXT,
    state TEXT NOT NULL CHECK (state IN ('stored', 'fetching', 'refused', 'lost')),
    type TEXT NOT NULL,
    name TEXT NOT NULL,
    size INTEGER NOT NULL,
    sha256 TEXT,
    reason TEXT,
    created_at_ms INTEGER NOT NULL
) WITHOUT ROWID;

-- Ratings, one for a conversation at the most.
CREATE TABLE ratings (
    conversation_id TEXT PRIMARY KEY,
    operator_id TEXT,
    operator_name TEXT,
    queue TEXT,
    topic TEXT,
    channel TEXT NOT NULL,
    score INTEGER NOT NULL CHECK (score BETWEEN 1 AND 5),
    comment TEXT,
    at_ms INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX ratings_at ON ratings (at_ms, conversation_id);

-- Sessions of the chat API; only the SHA-256 of a token is kept.
CREATE TABLE sessions (
    token_sha256 TEXT PRIMARY KEY,
    chat TEXT NOT NULL,
    language TEXT NOT NULL,
    name TEXT,
    identity TEXT,
    tokens REAL NOT NULL,
    tokens_at_ms INTEGER NOT NULL,
    created_at_ms INTEGER NOT NULL,
    expires_at_ms INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX sessions_chat ON sessions (chat);
CREATE INDEX sessions_expires ON sessions (expires_at_ms);
CREATE INDEX sessions_identity ON sessions (identity, created_at_ms) WHERE identity IS NOT NULL;

-- Token buckets by some key (client address, organisation).
CREATE TABLE rate_limits (
    key TEXT PRIMARY KEY,
    tokens REAL NOT NULL,
    at_ms INTEGER NOT NULL
) WITHOUT ROWID;

-- Published process bundles; conversations stay on the one they began with.
CREATE TABLE process_versions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    hash TEXT NOT NULL,
    bundle TEXT NOT NULL,
    published_at_ms INTEGER NOT NULL,
    published_by TEXT NOT NULL
);

-- Counters for statistics that must not be counted by scanning.
CREATE TABLE counters (
    name TEXT PRIMARY KEY,
    value INTEGER NOT NULL
) WITHOUT ROWID;
