-- What failed and no person has looked at yet: the lines of the journal that tell of it, as a list to work off.
CREATE TABLE open_failures (
    journal_id INTEGER PRIMARY KEY REFERENCES journal (id)
);

INSERT INTO open_failures (journal_id)
SELECT id FROM journal WHERE what IN ('step_failed', 'process_failed', 'event_failed');

CREATE TRIGGER journal_failures AFTER INSERT ON journal
WHEN new.what IN ('step_failed', 'process_failed', 'event_failed')
BEGIN INSERT INTO open_failures (journal_id) VALUES (new.id); END;

-- What the tasks of all dialogues and of outside systems have added to sums (`api_sum`).
CREATE TABLE process_sums (
    process TEXT NOT NULL,
    node TEXT NOT NULL,
    name TEXT NOT NULL,
    amount REAL NOT NULL,
    PRIMARY KEY (process, node, name)
) WITHOUT ROWID;

INSERT INTO process_sums (process, node, name, amount)
SELECT data ->> 'process', data ->> 'node', data ->> 'sum', sum(data ->> 'amount') FROM journal
WHERE what = 'sum_added' GROUP BY 1, 2, 3;
