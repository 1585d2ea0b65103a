-- Signing in through a provider of OpenID Connect.

-- Sign-ins under way, by SHA-256 of the state that the browser holds; each is good once.
CREATE TABLE sso_flows (
    state_sha256 TEXT PRIMARY KEY,
    nonce TEXT NOT NULL,
    verifier TEXT NOT NULL,
    expires_at_ms INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX sso_flows_expires ON sso_flows (expires_at_ms);

-- Who somebody of a provider is here; once linked, neither a new address nor a new login there changes it.
CREATE TABLE outside_identities (
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    person_id TEXT NOT NULL REFERENCES people (id),
    linked_at_ms INTEGER NOT NULL,
    PRIMARY KEY (issuer, subject)
) WITHOUT ROWID;
CREATE UNIQUE INDEX outside_identities_person ON outside_identities (person_id, issuer);
