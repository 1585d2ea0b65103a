-- The chain over the journal: each seal covers rows with consecutive ids and names the seal before it. What was written
-- before this migration is sealed from the first row on. `marks` holds eight bytes of each row's digest.
CREATE TABLE journal_seals (
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
CREATE TRIGGER journal_seals_are_never_changed BEFORE UPDATE ON journal_seals BEGIN SELECT RAISE(ABORT, 'constraint: seals are append-only'); END;
CREATE TRIGGER journal_seals_are_never_deleted BEFORE DELETE ON journal_seals BEGIN SELECT RAISE(ABORT, 'constraint: seals are append-only'); END;
CREATE TRIGGER journal_is_never_changed BEFORE UPDATE ON journal BEGIN SELECT RAISE(ABORT, 'constraint: the journal is append-only'); END;
CREATE TRIGGER journal_is_never_deleted BEFORE DELETE ON journal BEGIN SELECT RAISE(ABORT, 'constraint: the journal is append-only'); END;

-- When a person last read a conversation; partial, so that no other line of the journal touches it.
CREATE INDEX journal_reads ON journal (conversation_id, actor, at_ms) WHERE what = 'conversation_read';
