-- What operators' consoles ask for: what changed since they asked last, canned answers, the words of dialogues.

-- The latest changes, one row for each conversation and who has to hear of it: everybody (audience '') when it begins or
-- ceases to wait, changes hands or queue, or somebody who waits writes; otherwise only the operator who has it (their id).
-- So what one operator's poll reads does not grow with what others write. Consoles that stayed away for longer than the rows
-- kept begin anew.
CREATE TABLE desk_changes (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    conversation_id TEXT NOT NULL,
    audience TEXT NOT NULL,
    UNIQUE (conversation_id, audience)
);
CREATE INDEX desk_changes_audience ON desk_changes (audience, seq);

CREATE TRIGGER desk_moved AFTER UPDATE ON conversations
WHEN (new.status IN ('waiting', 'with_operator') OR old.status IN ('waiting', 'with_operator'))
    AND (new.status = 'waiting' OR new.status <> old.status OR new.queue IS NOT old.queue OR new.operator_id IS NOT old.operator_id
        OR new.priority <> old.priority)
BEGIN DELETE FROM desk_changes WHERE conversation_id = new.id; INSERT INTO desk_changes (conversation_id, audience) VALUES (new.id, ''); DELETE FROM desk_changes WHERE seq <= (SELECT max(seq) FROM desk_changes) - 5000; END;

CREATE TRIGGER desk_begun AFTER INSERT ON conversations WHEN new.status IN ('waiting', 'with_operator')
BEGIN INSERT INTO desk_changes (conversation_id, audience) VALUES (new.id, ''); END;

CREATE TRIGGER desk_said AFTER UPDATE ON conversations
WHEN new.status = 'with_operator' AND old.status = 'with_operator' AND new.queue IS old.queue AND new.operator_id IS old.operator_id
    AND new.priority = old.priority AND new.operator_id IS NOT NULL
BEGIN DELETE FROM desk_changes WHERE conversation_id = new.id AND audience = new.operator_id; INSERT INTO desk_changes (conversation_id, audience) VALUES (new.id, new.operator_id); DELETE FROM desk_changes WHERE seq <= (SELECT max(seq) FROM desk_changes) - 5000; END;

-- Earlier conversations of a person; ratings of an operator.
CREATE INDEX conversations_citizen ON conversations (citizen_id, opened_at_ms);
CREATE INDEX ratings_operator ON ratings (operator_id, at_ms) WHERE operator_id IS NOT NULL;

-- Canned answers; `shortcut` is what they type after a slash.
CREATE TABLE canned_answers (
    id TEXT PRIMARY KEY,
    shortcut TEXT NOT NULL,
    language TEXT NOT NULL,
    title TEXT NOT NULL,
    text TEXT NOT NULL,
    changed_at_ms INTEGER NOT NULL,
    changed_by TEXT NOT NULL,
    UNIQUE (shortcut, language)
) WITHOUT ROWID;

-- Words of what citizens and operators said, and citizens' names, by the message's seq. Filled behind the messages, so that
-- none waits for it.
CREATE VIRTUAL TABLE said_words USING fts5(text, content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 0');
INSERT INTO counters (name, value) VALUES ('said_words_seq', 0);
CREATE INDEX citizens_phone ON citizens (phone) WHERE phone IS NOT NULL;
