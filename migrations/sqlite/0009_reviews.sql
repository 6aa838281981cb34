-- Reviews of messages (crates/app/src/features/reviews).

CREATE TABLE review (
    id              INTEGER PRIMARY KEY AUTOINCREMENT,
    message_id      BIGINT NOT NULL REFERENCES message (id),
    task_id         BIGINT NOT NULL REFERENCES task (id),
    requested_by_id BIGINT NOT NULL REFERENCES account (id),
    reviewer_id     BIGINT REFERENCES account (id),
    status          TEXT NOT NULL CHECK (status IN ('pending', 'approved', 'rejected')),
    feedback        TEXT,
    feedback_html   TEXT,
    -- Whether the decision is the machine's verdict.
    used_ai         BOOLEAN NOT NULL,
    -- What the machine thinks, as JSON, and how often the message had been edited when it did.
    analysis        TEXT,
    analysed_edit   BIGINT,
    escalate        BOOLEAN NOT NULL,
    created_at      BIGINT NOT NULL,
    updated_at      BIGINT NOT NULL,
    decided_at      BIGINT
);

-- Of a message, one is open.
CREATE UNIQUE INDEX review_open ON review (message_id) WHERE status = 'pending';
CREATE INDEX review_message ON review (message_id);
CREATE INDEX review_status ON review (status, id);
CREATE INDEX review_task ON review (task_id, id);

-- What administrators ask of messages; one row, once they have.
CREATE TABLE review_guidance (
    id            INTEGER PRIMARY KEY,
    content       TEXT NOT NULL,
    version       BIGINT NOT NULL,
    updated_by_id BIGINT NOT NULL REFERENCES account (id),
    updated_at    BIGINT NOT NULL
);

ALTER TABLE message ADD COLUMN edit_count BIGINT NOT NULL DEFAULT 0;
