-- The chain over the audit, as over an organisation's journal. What was written before is sealed from the first row on.
CREATE TABLE audit_seals (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    first_id INTEGER NOT NULL,
    last_id INTEGER NOT NULL,
    sealed_at_ms INTEGER NOT NULL,
    rows_sha256 BLOB NOT NULL,
    marks BLOB NOT NULL,
    key_name BLOB NOT NULL,
    previous BLOB NOT NULL,
    code BLOB NOT NULL
);
CREATE TRIGGER audit_seals_are_never_changed BEFORE UPDATE ON audit_seals BEGIN SELECT RAISE(ABORT, 'constraint: seals are append-only'); END;
CREATE TRIGGER audit_seals_are_never_deleted BEFORE DELETE ON audit_seals BEGIN SELECT RAISE(ABORT, 'constraint: seals are append-only'); END;
