-- The core database (DigitalCore): people, roles, organisations, sign-in, audit.
-- Times are Unix milliseconds (…_ms). One statement ends with a semicolon at the end of a line.

-- The centre's people. `generation` is raised by whatever must end older access tokens: a new password, other roles.
CREATE TABLE people (
    id TEXT PRIMARY KEY,
    login TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    phone TEXT,
    otp_required INTEGER NOT NULL DEFAULT 0,
    active INTEGER NOT NULL DEFAULT 1,
    generation INTEGER NOT NULL DEFAULT 0,
    created_at_ms INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    changed_at_ms INTEGER NOT NULL,
    signed_in_at_ms INTEGER
) WITHOUT ROWID;

-- `org` is an organisation id or '*' for all of them.
CREATE TABLE roles (
    person_id TEXT NOT NULL REFERENCES people (id),
    org TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('administrator', 'supervisor', 'operator', 'analyst', 'author', 'security')),
    PRIMARY KEY (person_id, org, role)
) WITHOUT ROWID;
CREATE INDEX roles_org ON roles (org, role);

-- Public halves of the keys that access tokens are signed with.
CREATE TABLE signing_keys (
    kid TEXT PRIMARY KEY,
    public_key TEXT NOT NULL,
    created_at_ms INTEGER NOT NULL
) WITHOUT ROWID;

-- Tokens signed out before they ended, by their own id.
CREATE TABLE revoked_tokens (
    jti TEXT PRIMARY KEY,
    expires_at_ms INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX revoked_tokens_expires ON revoked_tokens (expires_at_ms);

-- Wrong tries to sign in, by SHA-256 of the login or of the client address (also for logins that do not exist).
CREATE TABLE sign_in_throttle (
    key TEXT PRIMARY KEY,
    failures INTEGER NOT NULL,
    last_at_ms INTEGER NOT NULL,
    locked_until_ms INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX sign_in_throttle_last ON sign_in_throttle (last_at_ms);

-- Sign-ins that wait for their one-time code, by SHA-256 of the challenge.
CREATE TABLE login_challenges (
    challenge_sha256 TEXT PRIMARY KEY,
    person_id TEXT NOT NULL REFERENCES people (id),
    attempts INTEGER NOT NULL DEFAULT 0,
    created_at_ms INTEGER NOT NULL,
    expires_at_ms INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX login_challenges_expires ON login_challenges (expires_at_ms);

-- One-time codes sent by text message; only a keyed hash of a code is kept.
CREATE TABLE otp_codes (
    id TEXT PRIMARY KEY,
    purpose TEXT NOT NULL,
    subject TEXT NOT NULL,
    org TEXT,
    code_hash TEXT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    created_at_ms INTEGER NOT NULL,
    expires_at_ms INTEGER NOT NULL,
    used INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE INDEX otp_codes_subject ON otp_codes (purpose, subject, created_at_ms);
CREATE INDEX otp_codes_expires ON otp_codes (expires_at_ms);

-- What people did, written once and never changed.
CREATE TABLE audit (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at_ms INTEGER NOT NULL,
    person_id TEXT,
    what TEXT NOT NULL,
    org TEXT,
    target TEXT,
    address TEXT,
    data TEXT NOT NULL DEFAULT '{}'
);
CREATE INDEX audit_person ON audit (person_id, id) WHERE person_id IS NOT NULL;
CREATE INDEX audit_at ON audit (at_ms, id);
CREATE TRIGGER audit_is_never_changed BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'constraint: the audit is append-only'); END;
CREATE TRIGGER audit_is_never_deleted BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'constraint: the audit is append-only'); END;

-- Facts of the installation itself, e.g. when the first administrator was made.
CREATE TABLE installation (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL,
    at_ms INTEGER NOT NULL
) WITHOUT ROWID;
