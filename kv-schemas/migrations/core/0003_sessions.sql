-- Where people are signed in, second factors of their own, and what they do now.

-- One row for each browser. A refresh token is good once; only its SHA-256 is kept. The one before is remembered, since
-- whoever brings it later has stolen it, or has been stolen from.
CREATE TABLE staff_sessions (
    id TEXT PRIMARY KEY,
    person_id TEXT NOT NULL REFERENCES people (id),
    token_sha256 TEXT NOT NULL UNIQUE,
    previous_sha256 TEXT,
    previous_until_ms INTEGER NOT NULL DEFAULT 0,
    created_at_ms INTEGER NOT NULL,
    used_at_ms INTEGER NOT NULL,
    expires_at_ms INTEGER NOT NULL,
    address TEXT,
    agent TEXT
) WITHOUT ROWID;
CREATE INDEX staff_sessions_person ON staff_sessions (person_id, created_at_ms);
CREATE UNIQUE INDEX staff_sessions_previous ON staff_sessions (previous_sha256) WHERE previous_sha256 IS NOT NULL;
CREATE INDEX staff_sessions_expires ON staff_sessions (expires_at_ms);

-- A token now ends with its session; those issued before this version name none and have ended.
DROP TABLE revoked_tokens;

-- Codes of an app (RFC 6238). `secret` is encrypted with a key made of the master key; `last_step` is the time step of the
-- last code taken, since each is good once.
CREATE TABLE totp (
    person_id TEXT PRIMARY KEY REFERENCES people (id),
    secret TEXT NOT NULL,
    confirmed INTEGER NOT NULL DEFAULT 0,
    last_step INTEGER NOT NULL DEFAULT 0,
    created_at_ms INTEGER NOT NULL
) WITHOUT ROWID;

-- For the day when the phone is lost; each is good once.
CREATE TABLE recovery_codes (
    person_id TEXT NOT NULL REFERENCES people (id),
    code_sha256 TEXT NOT NULL,
    PRIMARY KEY (person_id, code_sha256)
) WITHOUT ROWID;

-- What a person does now, and what they did before: `ended_at_ms` is empty in the row of now.
CREATE TABLE work_times (
    person_id TEXT NOT NULL REFERENCES people (id),
    began_at_ms INTEGER NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('at_work', 'break', 'finished')),
    ended_at_ms INTEGER,
    PRIMARY KEY (person_id, began_at_ms)
) WITHOUT ROWID;
CREATE UNIQUE INDEX work_times_now ON work_times (person_id) WHERE ended_at_ms IS NULL;

-- When a person's console asked last.
CREATE TABLE presence (
    person_id TEXT PRIMARY KEY REFERENCES people (id),
    seen_at_ms INTEGER NOT NULL
) WITHOUT ROWID;

-- Conversations that a person takes at once, and the queues that they serve; without a row in an organisation all of them.
ALTER TABLE people ADD COLUMN capacity INTEGER NOT NULL DEFAULT 5;
CREATE TABLE served_queues (
    person_id TEXT NOT NULL REFERENCES people (id),
    org TEXT NOT NULL,
    queue TEXT NOT NULL,
    PRIMARY KEY (person_id, org, queue)
) WITHOUT ROWID;
