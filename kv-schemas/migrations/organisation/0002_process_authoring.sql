-- Processes that people change here: who published what and why, drafts, a second person's look, and what the files
-- of a release held when they were taken in last.

ALTER TABLE process_versions ADD COLUMN published_by_name TEXT NOT NULL DEFAULT '';
ALTER TABLE process_versions ADD COLUMN reason TEXT NOT NULL DEFAULT '';
-- Until now only the files of a release were published.
ALTER TABLE process_versions ADD COLUMN origin TEXT NOT NULL DEFAULT 'files' CHECK (origin IN ('files', 'drafts', 'restored'));
ALTER TABLE process_versions ADD COLUMN restored_from INTEGER;
ALTER TABLE process_versions ADD COLUMN approved_by TEXT;
ALTER TABLE process_versions ADD COLUMN approved_by_name TEXT;

-- One draft of a process at the most. A revision is never used twice, not even after a draft was dropped and begun anew.
CREATE TABLE process_drafts (
    revision INTEGER PRIMARY KEY AUTOINCREMENT,
    alias TEXT NOT NULL UNIQUE,
    document TEXT NOT NULL,
    base_version INTEGER NOT NULL,
    changed_at_ms INTEGER NOT NULL,
    changed_by TEXT NOT NULL,
    changed_by_name TEXT NOT NULL
);

-- Drafts as they were when somebody asked a second person; `drafts` is [{alias, revision}].
CREATE TABLE process_proposals (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'approved', 'declined', 'withdrawn')),
    hash TEXT NOT NULL,
    bundle TEXT NOT NULL,
    base_version INTEGER NOT NULL,
    drafts TEXT NOT NULL,
    reason TEXT NOT NULL,
    proposed_at_ms INTEGER NOT NULL,
    proposed_by TEXT NOT NULL,
    proposed_by_name TEXT NOT NULL,
    settled_at_ms INTEGER,
    settled_by TEXT,
    settled_by_name TEXT,
    settled_reason TEXT,
    version INTEGER
);
CREATE UNIQUE INDEX process_proposals_open ON process_proposals (state) WHERE state = 'open';

-- What the files of the release were when they were taken in last; `kept` lists the processes that stayed as people
-- had published them.
CREATE TABLE process_folder (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    hash TEXT NOT NULL,
    bundle TEXT NOT NULL,
    kept TEXT NOT NULL DEFAULT '[]',
    taken_at_ms INTEGER NOT NULL
);
INSERT INTO process_folder (id, hash, bundle, taken_at_ms)
    SELECT 1, hash, bundle, published_at_ms FROM process_versions ORDER BY process_versions.id DESC LIMIT 1;
