-- Tickets in short (crates/app/src/features/summaries).

CREATE TABLE summary (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    task_id       BIGINT NOT NULL REFERENCES task (id),
    source        TEXT NOT NULL CHECK (source IN ('ai', 'built-in', 'person')),
    model         TEXT,
    content       TEXT NOT NULL,
    content_html  TEXT NOT NULL,
    issue         TEXT NOT NULL,
    investigation TEXT NOT NULL,
    next_steps    TEXT NOT NULL,
    -- JSON: each with the ids of the messages that say so.
    key_points    TEXT NOT NULL,
    entities      TEXT NOT NULL,
    -- Where the ticket's log ended when it was read.
    up_to_seq     BIGINT NOT NULL,
    -- The number of the event that wrote it last.
    seq           BIGINT NOT NULL,
    created_by_id BIGINT REFERENCES account (id),
    created_at    BIGINT NOT NULL,
    updated_at    BIGINT NOT NULL
);

-- Of a ticket there is one that was made.
CREATE UNIQUE INDEX summary_generated ON summary (task_id) WHERE source <> 'person';
CREATE INDEX summary_task ON summary (task_id, source, id);
