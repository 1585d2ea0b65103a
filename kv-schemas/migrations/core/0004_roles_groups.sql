-- Roles become data: a set of named permissions that administrators edit. Groups (units) give roles and queues to their members.

-- Who holds which role where; `*` counts for all organisations. It was called `roles` before and knew six roles only.
CREATE TABLE held_roles (
    person_id TEXT NOT NULL REFERENCES people (id),
    org TEXT NOT NULL,
    role TEXT NOT NULL,
    PRIMARY KEY (person_id, org, role)
) WITHOUT ROWID;
INSERT INTO held_roles (person_id, org, role) SELECT person_id, org, role FROM roles;
DROP TABLE roles;
CREATE INDEX held_roles_role ON held_roles (role);
CREATE INDEX held_roles_org ON held_roles (org, role);

-- What each role permits: a JSON list of permissions; `*` is everything, now and later.
CREATE TABLE roles (
    id TEXT PRIMARY KEY,
    names TEXT NOT NULL,
    permissions TEXT NOT NULL,
    built_in INTEGER NOT NULL DEFAULT 0,
    changed_at_ms INTEGER NOT NULL,
    changed_by TEXT NOT NULL
) WITHOUT ROWID;
INSERT INTO roles (id, names, permissions, built_in, changed_at_ms, changed_by) VALUES
    ('administrator', '{"uk":"Адміністратор","en":"Administrator"}', '["*"]', 1, 0, 'setup'),
    ('supervisor', '{"uk":"Старший зміни","en":"Shift head"}',
     '["view_conversations","handle_conversations","assign_conversations","edit_canned_answers","view_shift","view_deliveries","retry_deliveries","view_statistics","export","export_journal","view_processes"]', 1, 0, 'setup'),
    ('operator', '{"uk":"Консультант","en":"Operator"}', '["view_conversations","handle_conversations","view_statistics"]', 1, 0, 'setup'),
    ('analyst', '{"uk":"Аналітик","en":"Analyst"}', '["view_statistics","export","export_journal","view_processes"]', 1, 0, 'setup'),
    ('author', '{"uk":"Автор процесів","en":"Process author"}', '["view_processes","edit_processes"]', 1, 0, 'setup'),
    ('security', '{"uk":"Офіцер безпеки","en":"Security officer"}', '["view_deliveries","export_journal","read_audit"]', 1, 0, 'setup');

CREATE TABLE groups (
    id TEXT PRIMARY KEY,
    -- An organisation, or `*` for all.
    org TEXT NOT NULL,
    name TEXT NOT NULL,
    changed_at_ms INTEGER NOT NULL,
    changed_by TEXT NOT NULL,
    UNIQUE (org, name)
) WITHOUT ROWID;
CREATE TABLE group_roles (
    group_id TEXT NOT NULL REFERENCES groups (id),
    role TEXT NOT NULL,
    PRIMARY KEY (group_id, role)
) WITHOUT ROWID;
CREATE INDEX group_roles_role ON group_roles (role);
CREATE TABLE group_queues (
    group_id TEXT NOT NULL REFERENCES groups (id),
    queue TEXT NOT NULL,
    PRIMARY KEY (group_id, queue)
) WITHOUT ROWID;
CREATE TABLE group_members (
    group_id TEXT NOT NULL REFERENCES groups (id),
    person_id TEXT NOT NULL REFERENCES people (id),
    PRIMARY KEY (group_id, person_id)
) WITHOUT ROWID;
CREATE INDEX group_members_person ON group_members (person_id);
