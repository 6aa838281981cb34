-- What Sequelize does not make by itself: an index for every reference, filter and order that is asked for.

CREATE INDEX ON peer.tasks (created_at);
CREATE INDEX ON peer.tasks (status);
CREATE INDEX ON peer.tasks (priority);
CREATE INDEX ON peer.tasks (assigned_to_id);
CREATE INDEX ON peer.tasks (created_by_id);
CREATE INDEX ON peer.messages (task_id, created_at);
CREATE INDEX ON peer.messages (sender_id);
CREATE INDEX ON peer.messages (reply_to_id);
CREATE INDEX ON peer.attachments (message_id);
