-- Browsers in which a person has given a one-time code: none is asked for there until it ends. By SHA-256 of what the browser holds;
-- several people may use one.
CREATE TABLE known_browsers (
    token_sha256 TEXT NOT NULL,
    person_id TEXT NOT NULL REFERENCES people (id),
    expires_at_ms INTEGER NOT NULL,
    PRIMARY KEY (token_sha256, person_id)
) WITHOUT ROWID;
CREATE INDEX known_browsers_person ON known_browsers (person_id);
