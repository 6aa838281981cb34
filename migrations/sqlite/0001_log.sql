-- The event log (crates/store/src/log.rs). A stream is a ticket (its id) or an account (its id below zero).

CREATE TABLE stream (
    id    INTEGER PRIMARY KEY,
    seq   BIGINT NOT NULL,
    chain BLOB NOT NULL
);

CREATE TABLE event (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    tx       BIGINT NOT NULL DEFAULT 0,
    stream   BIGINT NOT NULL,
    seq      BIGINT NOT NULL,
    kind     TEXT NOT NULL,
    actor_id BIGINT,
    at       BIGINT NOT NULL,
    audience TEXT NOT NULL,
    payload  TEXT NOT NULL,
    chain    BLOB NOT NULL
);

CREATE UNIQUE INDEX event_stream_seq ON event (stream, seq);
CREATE INDEX event_position ON event (tx, id);
CREATE INDEX event_actor ON event (actor_id, id);
CREATE INDEX event_kind ON event (kind, id);

-- How far each consumer of the log has come.
CREATE TABLE consumer (
    name TEXT NOT NULL PRIMARY KEY,
    tx   BIGINT NOT NULL,
    id   BIGINT NOT NULL
);
