-- What people are to be told of (crates/app/src/features/inbox).

CREATE TABLE inbox (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id    BIGINT NOT NULL REFERENCES account (id),
    task_id    BIGINT NOT NULL REFERENCES task (id) ON DELETE CASCADE,
    message_id BIGINT REFERENCES message (id) ON DELETE CASCADE,
    -- The place in the ticket of what it is about; nobody is told of one twice.
    seq        BIGINT NOT NULL,
    kind       TEXT NOT NULL CHECK (kind IN ('mentioned', 'replied', 'assigned', 'review_requested', 'review_decided')),
    actor_id   BIGINT NOT NULL REFERENCES account (id),
    created_at BIGINT NOT NULL,
    read_at    BIGINT,
    done_at    BIGINT
);

CREATE UNIQUE INDEX inbox_event ON inbox (user_id, task_id, seq);
CREATE INDEX inbox_user ON inbox (user_id, id);
CREATE INDEX inbox_unread ON inbox (user_id, id) WHERE read_at IS NULL;
CREATE INDEX inbox_task ON inbox (task_id);
CREATE INDEX inbox_message ON inbox (message_id) WHERE message_id IS NOT NULL;
