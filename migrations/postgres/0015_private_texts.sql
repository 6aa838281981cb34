-- Words of private tickets, apart from those that everybody may find (crates/app/src/features/search): a search leaves out
-- what hardly anybody may see without looking at each of it.

-- Whether the ticket was private when this was last written or the ticket last changed. Null where nobody said so, as versions
-- before this one do not: then it is looked at like any other.
ALTER TABLE message ADD COLUMN private BOOLEAN;

-- Not in the application: the version before, which knows no such column, can run beside this one. Before the rows are
-- written, so that no change of a ticket falls between.
CREATE FUNCTION task_visibility() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    UPDATE message SET private = (NEW.visibility = 'private') WHERE task_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER task_visibility AFTER UPDATE OF visibility ON task FOR EACH ROW
    WHEN (NEW.visibility <> OLD.visibility) EXECUTE FUNCTION task_visibility();

UPDATE message m SET private = TRUE FROM task t WHERE t.id = m.task_id AND t.visibility = 'private';

CREATE INDEX task_text_open ON task USING gin (text_index) WHERE visibility = 'team';
CREATE INDEX message_text_open ON message USING gin (text_index) WHERE private IS NOT TRUE;
