-- What failed and no person has looked at yet: the lines of the journal that tell of it, as a list to work off.
CREATE TABLE open_failures (
    journal_id INTEGER PRIMARY KEY REFERENCES journal (id)
);

INSERT INTO open_failures (journal_id)
SELECT id FROM journal WHERE what IN ('step_failed', 'process_failed', 'event_failed');

CREATE TRIGGER journal_failures AFTER INSERT ON journal
WHEN new.what IN ('step_failed', 'process_failed', 'event_failed')
BEGIN INSERT INTO open_failures (journal_id) VALUES (new.id); END;
