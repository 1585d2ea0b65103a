-- Who is writing in a conversation just now, and until when that is believed. Nothing is said by it: it is neither journaled nor kept.
CREATE TABLE typing (
    conversation_id TEXT NOT NULL,
    side TEXT NOT NULL CHECK (side IN ('citizen', 'operator')),
    until_ms INTEGER NOT NULL,
    PRIMARY KEY (conversation_id, side)
) WITHOUT ROWID;
