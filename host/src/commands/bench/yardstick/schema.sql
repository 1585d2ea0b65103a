-- What a bare server of one organisation keeps: the same records as the application, without its processes.
CREATE TABLE inbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    channel TEXT NOT NULL,
    chat TEXT NOT NULL,
    dedupe_key TEXT NOT NULL,
    event TEXT NOT NULL,
    received_at_ms INTEGER NOT NULL,
    state TEXT NOT NULL DEFAULT 'pending',
    UNIQUE (channel, dedupe_key)
);
CREATE INDEX inbox_pending ON inbox (id) WHERE state = 'pending';
CREATE TABLE conversations (
    id INTEGER PRIMARY KEY,
    channel TEXT NOT NULL,
    chat TEXT NOT NULL,
    status TEXT NOT NULL DEFAULT 'open',
    last_at_ms INTEGER NOT NULL,
    UNIQUE (channel, chat)
);
CREATE INDEX conversations_last ON conversations (last_at_ms);
CREATE TABLE messages (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    conversation_id INTEGER NOT NULL REFERENCES conversations (id),
    author TEXT NOT NULL,
    text TEXT NOT NULL,
    buttons TEXT,
    delivery TEXT NOT NULL,
    at_ms INTEGER NOT NULL
);
CREATE INDEX messages_conversation ON messages (conversation_id, seq);
CREATE INDEX messages_at ON messages (at_ms);
CREATE TABLE journal (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at_ms INTEGER NOT NULL,
    conversation_id INTEGER NOT NULL,
    what TEXT NOT NULL,
    data TEXT NOT NULL
);
CREATE INDEX journal_conversation ON journal (conversation_id, id);
CREATE TABLE outbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    message_seq INTEGER NOT NULL,
    channel TEXT NOT NULL,
    chat TEXT NOT NULL,
    payload TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'pending',
    created_at_ms INTEGER NOT NULL
);
CREATE INDEX outbox_pending ON outbox (id) WHERE state = 'pending';
CREATE TABLE sessions (
    token_sha256 TEXT PRIMARY KEY,
    chat TEXT NOT NULL,
    created_at_ms INTEGER NOT NULL
) WITHOUT ROWID;
