-- The tables of models.mjs, as Sequelize's `sync` makes them of those models, with what Faff's tables hold.

CREATE SCHEMA peer;

CREATE TABLE peer.users (
    id         SERIAL PRIMARY KEY,
    name       VARCHAR(100) NOT NULL,
    email      VARCHAR(255) NOT NULL UNIQUE,
    password   VARCHAR(255) NOT NULL,
    role       VARCHAR(255) NOT NULL DEFAULT 'user',
    active     BOOLEAN NOT NULL DEFAULT true,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL
);

CREATE TABLE peer.tasks (
    id               SERIAL PRIMARY KEY,
    title            VARCHAR(255) NOT NULL,
    description      TEXT NOT NULL,
    description_html TEXT NOT NULL,
    priority         VARCHAR(255) NOT NULL DEFAULT 'medium',
    status           VARCHAR(255) NOT NULL DEFAULT 'open',
    visibility       VARCHAR(255) NOT NULL DEFAULT 'team',
    tags             VARCHAR(255)[] NOT NULL DEFAULT '{}',
    assigned_to_id   INTEGER,
    created_by_id    INTEGER NOT NULL,
    message_count    INTEGER NOT NULL DEFAULT 0,
    last_message_at  TIMESTAMP WITH TIME ZONE,
    seq              INTEGER NOT NULL DEFAULT 0,
    version          INTEGER NOT NULL DEFAULT 1,
    resolved_at      TIMESTAMP WITH TIME ZONE,
    created_at       TIMESTAMP WITH TIME ZONE NOT NULL,
    updated_at       TIMESTAMP WITH TIME ZONE NOT NULL
);

CREATE TABLE peer.messages (
    id           SERIAL PRIMARY KEY,
    task_id      INTEGER NOT NULL,
    sender_id    INTEGER NOT NULL,
    content      TEXT NOT NULL,
    content_html TEXT NOT NULL,
    client_id    VARCHAR(255),
    reply_to_id  INTEGER,
    reply_count  INTEGER NOT NULL DEFAULT 0,
    seq          INTEGER NOT NULL,
    edited_at    TIMESTAMP WITH TIME ZONE,
    deleted_at   TIMESTAMP WITH TIME ZONE,
    created_at   TIMESTAMP WITH TIME ZONE NOT NULL,
    updated_at   TIMESTAMP WITH TIME ZONE NOT NULL
);

CREATE TABLE peer.attachments (
    id            UUID PRIMARY KEY,
    message_id    INTEGER NOT NULL,
    filename      VARCHAR(255) NOT NULL,
    original_name VARCHAR(255) NOT NULL,
    mimetype      VARCHAR(255) NOT NULL,
    size          INTEGER NOT NULL,
    created_at    TIMESTAMP WITH TIME ZONE NOT NULL
);

INSERT INTO peer.users
    SELECT id, name, email, password_hash, role, active, to_timestamp(created_at / 1000.0), to_timestamp(updated_at / 1000.0)
    FROM account ORDER BY id;

INSERT INTO peer.tasks
    SELECT t.id, t.title, t.description, t.description_html, t.priority, t.status, t.visibility,
           coalesce((SELECT array_agg(g.tag ORDER BY g.tag) FROM task_tag g WHERE g.task_id = t.id), '{}'),
           t.assigned_to_id, t.created_by_id, t.message_count, to_timestamp(t.last_message_at / 1000.0),
           coalesce(s.seq, 0), t.version, to_timestamp(t.resolved_at / 1000.0), to_timestamp(t.created_at / 1000.0),
           to_timestamp(t.updated_at / 1000.0)
    FROM task t LEFT JOIN stream s ON s.id = t.id ORDER BY t.id;

INSERT INTO peer.messages
    SELECT id, task_id, sender_id, content, content_html, client_id, reply_to_id, reply_count, seq,
           to_timestamp(edited_at / 1000.0), to_timestamp(deleted_at / 1000.0), to_timestamp(created_at / 1000.0),
           to_timestamp(updated_at / 1000.0)
    FROM message ORDER BY id;

SELECT setval('peer.users_id_seq', (SELECT max(id) FROM peer.users));
SELECT setval('peer.tasks_id_seq', (SELECT max(id) FROM peer.tasks));
SELECT setval('peer.messages_id_seq', (SELECT max(id) FROM peer.messages));
