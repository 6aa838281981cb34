-- Lists of tickets from indexes alone (crates/app/src/features/tasks): behind what a list is filtered and sorted by, these hold
-- what decides for whom a ticket exists. None of it changes when something is said, so no index is written then.

DROP INDEX task_status;
DROP INDEX task_priority;
DROP INDEX task_assigned;
DROP INDEX task_assigned_status;
DROP INDEX task_created_by;
DROP INDEX task_updated;
DROP INDEX task_rank;

CREATE INDEX task_status ON task (status, id, visibility, created_by_id, assigned_to_id);
CREATE INDEX task_priority ON task (priority, id, visibility, created_by_id, assigned_to_id);
CREATE INDEX task_assigned ON task (assigned_to_id, id, visibility, created_by_id);
CREATE INDEX task_assigned_status ON task (assigned_to_id, status, id, visibility, created_by_id);
CREATE INDEX task_created_by ON task (created_by_id, id, visibility, assigned_to_id);
CREATE INDEX task_updated ON task (updated_at, id, visibility, created_by_id, assigned_to_id);
CREATE INDEX task_rank ON task (CAST(CASE priority WHEN 'urgent' THEN 3 WHEN 'high' THEN 2 WHEN 'medium' THEN 1 ELSE 0 END AS BIGINT), id, visibility, created_by_id, assigned_to_id);
