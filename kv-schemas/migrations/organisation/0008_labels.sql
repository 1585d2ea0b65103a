-- Labels that operators put on dialogues. `folded` is the label in lower case: the same label is there once, however it is written.
CREATE TABLE conversation_labels (
    conversation_id TEXT NOT NULL REFERENCES conversations (id),
    folded TEXT NOT NULL,
    label TEXT NOT NULL,
    PRIMARY KEY (conversation_id, folded)
) WITHOUT ROWID;
CREATE INDEX conversation_labels_label ON conversation_labels (folded, conversation_id);

-- What was used so far, to be offered again.
CREATE TABLE labels (
    folded TEXT PRIMARY KEY,
    label TEXT NOT NULL,
    used INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX labels_used ON labels (used DESC);
