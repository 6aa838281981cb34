-- How far each person has read each ticket (crates/app/src/features/reading).

CREATE TABLE reading (
    user_id BIGINT NOT NULL REFERENCES account (id),
    task_id BIGINT NOT NULL REFERENCES task (id) ON DELETE CASCADE,
    -- The number of the last event that they have seen.
    seq     BIGINT NOT NULL,
    PRIMARY KEY (user_id, task_id)
);

CREATE INDEX reading_task ON reading (task_id);
