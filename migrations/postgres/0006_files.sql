-- Files that people attach to messages (crates/app/src/features/files).

CREATE TABLE attachment (
    id            TEXT NOT NULL PRIMARY KEY,
    task_id       BIGINT NOT NULL REFERENCES task (id),
    uploader_id   BIGINT NOT NULL REFERENCES account (id),
    -- The message that it belongs to; none while it is staged.
    message_id    BIGINT REFERENCES message (id),
    place         BIGINT NOT NULL,
    -- The name of the object that holds it: random, nothing that a person chose.
    stored        TEXT NOT NULL,
    original_name TEXT NOT NULL,
    mimetype      TEXT NOT NULL,
    size          BIGINT NOT NULL,
    width         BIGINT,
    height        BIGINT,
    created_at    BIGINT NOT NULL
);

CREATE UNIQUE INDEX attachment_stored ON attachment (stored);
CREATE INDEX attachment_message ON attachment (message_id) WHERE message_id IS NOT NULL;
CREATE INDEX attachment_task ON attachment (task_id);
CREATE INDEX attachment_staged ON attachment (created_at) WHERE message_id IS NULL;

-- Uploads under way: noted before their first byte is stored, gone with the transaction that takes their files.
CREATE TABLE upload (
    id         TEXT NOT NULL PRIMARY KEY,
    started_at BIGINT NOT NULL
);

CREATE INDEX upload_started ON upload (started_at);

-- Objects that nothing refers to any more, until they are deleted.
CREATE TABLE file_removal (
    stored TEXT NOT NULL PRIMARY KEY,
    since  BIGINT NOT NULL
);

ALTER TABLE message ADD COLUMN file_count BIGINT NOT NULL DEFAULT 0;
