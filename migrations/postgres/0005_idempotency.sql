-- First answers to requests that carried an Idempotency-Key (crates/app/src/http/idempotency.rs).

CREATE TABLE idempotency (
    user_id     BIGINT NOT NULL REFERENCES account (id),
    key         TEXT NOT NULL,
    fingerprint BYTEA NOT NULL,
    status      BIGINT NOT NULL,
    answer      TEXT NOT NULL,
    created_at  BIGINT NOT NULL,
    PRIMARY KEY (user_id, key)
);

CREATE INDEX idempotency_created ON idempotency (created_at);
