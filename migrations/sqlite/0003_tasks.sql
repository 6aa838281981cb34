-- Tickets (crates/app/src/features/tasks).

CREATE TABLE task (
    id               INTEGER PRIMARY KEY AUTOINCREMENT,
    title            TEXT NOT NULL,
    description      TEXT NOT NULL,
    description_html TEXT NOT NULL,
    priority         TEXT NOT NULL CHECK (priority IN ('low', 'medium', 'high', 'urgent')),
    status           TEXT NOT NULL CHECK (status IN ('open', 'in_progress', 'resolved', 'closed')),
    visibility       TEXT NOT NULL CHECK (visibility IN ('team', 'private')),
    assigned_to_id   BIGINT REFERENCES account (id),
    created_by_id    BIGINT NOT NULL REFERENCES account (id),
    message_count    BIGINT NOT NULL,
    last_message_at  BIGINT,
    version          BIGINT NOT NULL,
    created_at       BIGINT NOT NULL,
    updated_at       BIGINT NOT NULL,
    resolved_at      BIGINT
);

CREATE INDEX task_status ON task (status, id);
CREATE INDEX task_priority ON task (priority, id);
CREATE INDEX task_assigned ON task (assigned_to_id, id);
CREATE INDEX task_assigned_status ON task (assigned_to_id, status, id);
CREATE INDEX task_created_by ON task (created_by_id, id);
CREATE INDEX task_updated ON task (updated_at, id);
CREATE INDEX task_rank ON task (CAST(CASE priority WHEN 'urgent' THEN 3 WHEN 'high' THEN 2 WHEN 'medium' THEN 1 ELSE 0 END AS BIGINT), id);

CREATE TABLE participant (
    task_id BIGINT NOT NULL REFERENCES task (id),
    user_id BIGINT NOT NULL REFERENCES account (id),
    PRIMARY KEY (task_id, user_id)
);

CREATE INDEX participant_user ON participant (user_id, task_id);

CREATE TABLE task_tag (
    task_id BIGINT NOT NULL REFERENCES task (id),
    tag     TEXT NOT NULL,
    PRIMARY KEY (task_id, tag)
);

CREATE INDEX task_tag_tag ON task_tag (tag, task_id);

-- The text index: contentless, kept by the store beside the row. Letters with accents are letters of their own, as
-- on PostgreSQL.
CREATE VIRTUAL TABLE task_text USING fts5 (content, content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 0');
