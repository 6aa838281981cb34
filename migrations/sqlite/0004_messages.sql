-- What is said in tickets (crates/app/src/features/messages).

CREATE TABLE message (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    task_id      BIGINT NOT NULL REFERENCES task (id),
    -- The number of the event that posted it, and so its place in the ticket.
    seq          BIGINT NOT NULL,
    sender_id    BIGINT NOT NULL REFERENCES account (id),
    content      TEXT NOT NULL,
    content_html TEXT NOT NULL,
    -- The sender's own name for it, and a digest of what was sent under that name.
    client_id    TEXT,
    fingerprint  BLOB,
    reply_to_id  BIGINT REFERENCES message (id),
    -- The message that began the thread.
    root_id      BIGINT REFERENCES message (id),
    reply_count  BIGINT NOT NULL,
    created_at   BIGINT NOT NULL,
    updated_at   BIGINT NOT NULL,
    edited_at    BIGINT,
    deleted_at   BIGINT
);

CREATE UNIQUE INDEX message_task_seq ON message (task_id, seq);
CREATE UNIQUE INDEX message_client_id ON message (sender_id, client_id) WHERE client_id IS NOT NULL;
CREATE INDEX message_root ON message (root_id, seq) WHERE root_id IS NOT NULL;
CREATE INDEX message_reply_to ON message (reply_to_id) WHERE reply_to_id IS NOT NULL;

CREATE VIRTUAL TABLE message_text USING fts5 (content, content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 0');
