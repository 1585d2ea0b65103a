-- Passkeys (Web Authentication) of people: public keys, no secrets. `rp_id` is the site's name that they are bound to.
CREATE TABLE passkeys (
    id TEXT PRIMARY KEY,
    person_id TEXT NOT NULL REFERENCES people (id),
    rp_id TEXT NOT NULL,
    name TEXT NOT NULL,
    public_key TEXT NOT NULL,
    sign_count INTEGER NOT NULL,
    backed_up INTEGER NOT NULL,
    created_at_ms INTEGER NOT NULL,
    used_at_ms INTEGER
) WITHOUT ROWID;
CREATE INDEX passkeys_person ON passkeys (person_id, created_at_ms);
-- Questions that a passkey has answered, until they would have ended: each is good once.
CREATE TABLE passkey_answers (
    challenge_sha256 TEXT PRIMARY KEY,
    expires_at_ms INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX passkey_answers_expiry ON passkey_answers (expires_at_ms);
