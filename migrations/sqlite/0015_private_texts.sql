-- Words of private tickets, apart from those that everybody may find (crates/app/src/features/search): a search leaves out
-- what hardly anybody may see without looking at each of it.

-- Whether the ticket was private when this was last written or the ticket last changed. Null where nobody said so, as versions
-- before this one do not: then it is looked at like any other.
ALTER TABLE message ADD COLUMN private BOOLEAN;

-- What the text index holds of a row. The mark is a letter for private use (U+F0000), which is a word to the index, and which
-- nobody can search for, since it is no letter or digit.
CREATE VIEW task_words AS
    SELECT id, replace(title || ' ' || description, char(983040), ' ')
        || CASE visibility WHEN 'private' THEN ' ' || char(983040) ELSE '' END AS words
    FROM task;
CREATE VIEW message_words AS
    SELECT id, replace(content, char(983040), ' ')
        || CASE WHEN private THEN ' ' || char(983040) ELSE '' END AS words
    FROM message WHERE deleted_at IS NULL;

UPDATE message SET private = TRUE WHERE task_id IN (SELECT id FROM task WHERE visibility = 'private');
INSERT OR REPLACE INTO task_text (rowid, content)
    SELECT w.id, w.words FROM task t JOIN task_words w ON w.id = t.id WHERE t.visibility = 'private' ORDER BY t.id;
INSERT OR REPLACE INTO message_text (rowid, content)
    SELECT w.id, w.words FROM message m JOIN message_words w ON w.id = m.id WHERE m.private ORDER BY m.id;

-- Not in the application: the version before, which knows no marks, can run beside this one.
CREATE TRIGGER task_visibility AFTER UPDATE OF visibility ON task WHEN new.visibility <> old.visibility
BEGIN
    UPDATE message SET private = new.visibility = 'private' WHERE task_id = new.id;
    INSERT OR REPLACE INTO task_text (rowid, content) SELECT id, words FROM task_words WHERE id = new.id;
    INSERT OR REPLACE INTO message_text (rowid, content)
        SELECT w.id, w.words FROM message m JOIN message_words w ON w.id = m.id WHERE m.task_id = new.id ORDER BY m.id;
END;
