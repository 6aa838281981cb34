-- Lists of tickets that people have saved (crates/app/src/features/views).

CREATE TABLE saved_view (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    owner_id   BIGINT NOT NULL REFERENCES account (id),
    name       TEXT NOT NULL,
    -- Parameters of the list, as they stand in an address.
    query      TEXT NOT NULL,
    shared     BOOLEAN NOT NULL,
    -- Where it stands among its owner's.
    place      BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

CREATE INDEX saved_view_owner ON saved_view (owner_id, place, id);
