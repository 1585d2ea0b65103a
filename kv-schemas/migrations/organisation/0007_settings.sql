-- What people change in the running installation: settings and texts over the deployment's files, and the channels' bots.

-- Each change of a part of the settings (`hours`, `queues`, …) or of a text (`texts.<id>`), with the whole new value as JSON;
-- NULL: as delivered again. Never changed or removed; the last one of each part counts.
CREATE TABLE settings_changes (
    revision INTEGER PRIMARY KEY AUTOINCREMENT,
    part TEXT NOT NULL,
    value TEXT,
    at_ms INTEGER NOT NULL,
    person_id TEXT NOT NULL,
    person_name TEXT NOT NULL
);
CREATE INDEX settings_changes_part ON settings_changes (part, revision);

CREATE TRIGGER settings_changes_kept BEFORE UPDATE ON settings_changes
BEGIN SELECT RAISE(ABORT, 'changes of settings are only added'); END;

CREATE TRIGGER settings_changes_stay BEFORE DELETE ON settings_changes
BEGIN SELECT RAISE(ABORT, 'changes of settings are only added'); END;

-- Bots that were made known here, in place of those of the deployment's variables. The token is sealed with a key derived from
-- the master key.
CREATE TABLE channel_bots (
    channel TEXT PRIMARY KEY CHECK (channel IN ('telegram', 'viber')),
    sealed_token TEXT NOT NULL,
    -- SHA-256 in hex of what Telegram sends in X-Telegram-Bot-Api-Secret-Token.
    secret_sha256 TEXT,
    name TEXT NOT NULL,
    username TEXT,
    changed_at_ms INTEGER NOT NULL,
    person_id TEXT NOT NULL,
    person_name TEXT NOT NULL
) WITHOUT ROWID;
