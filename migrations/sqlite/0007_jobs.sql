-- What is to be done later (crates/store/src/jobs.rs).

CREATE TABLE job (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    kind       TEXT NOT NULL,
    -- What it is about; with the kind, its key.
    subject    BIGINT NOT NULL,
    -- The stream that it belongs to, and goes with.
    stream     BIGINT NOT NULL,
    -- Who wants it; nobody when the system does.
    asked_by   BIGINT,
    state      TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'parked')),
    -- When it may be taken: of one that runs, when its lease ends.
    due_at     BIGINT NOT NULL,
    -- How often it was taken.
    attempt    BIGINT NOT NULL,
    -- Why the last attempt failed.
    reason     TEXT,
    created_at BIGINT NOT NULL
);

CREATE UNIQUE INDEX job_waiting ON job (kind, subject) WHERE state = 'waiting';
CREATE INDEX job_due ON job (due_at, id) WHERE state <> 'parked';
CREATE INDEX job_subject ON job (kind, subject);
CREATE INDEX job_stream ON job (stream);
