//! The statements that the application sends for each kind of request, for the bare drivers. A test holds them to the
//! application's source.

macro_rules! task {
    () => {
        "select t.id, t.title, t.description, t.description_html, t.priority, t.status, t.visibility, \
         (select string_agg(g.tag, ',') from task_tag g where g.task_id = t.id) as tags, \
         t.assigned_to_id, t.created_by_id, \
         t.message_count, t.last_message_at, coalesce(s.seq, 0) as seq, t.version, t.created_at, t.updated_at, \
         t.resolved_at \
         from task t left join stream s on s.id = t.id"
    };
}
macro_rules! scope {
    ($user:literal) => {
        concat!(
            "(t.visibility = 'team' or t.created_by_id = ",
            $user,
            " or t.assigned_to_id = ",
            $user,
            " or exists (select 1 from participant p where p.task_id = t.id and p.user_id = ",
            $user,
            "))"
        )
    };
}

/// A task, and whether it may be seen: `$1` the task, `$2` who asks.
pub(crate) const GET: &str = concat!(task!(), " where t.id = $1 and ", scope!("$2"));

/// A page of tasks, whose JSON is remembered: `$1` who asks, `$2` the status, `$3` the assignee.
pub(crate) const LIST: &str = concat!(
    "select t.id, coalesce(s.seq, 0) as seq, t.id as sort_key from task t left join stream s on s.id = t.id where ",
    scope!("$1"),
    " and t.status in ($2) and t.assigned_to_id = $3 order by t.id desc limit 21"
);

/// A page of messages: `$1` the task, `$2` the place, `$3` who asks.
pub(crate) const MESSAGES: &str = concat!(
    "select m.id, m.task_id, m.seq, m.sender_id, m.content, m.content_html, m.client_id, m.reply_to_id, \
     p.sender_id as parent_sender_id, substr(p.content, 1, 280) as parent_content, \
     m.reply_count, m.file_count, m.created_at, m.updated_at, m.edited_at, m.deleted_at",
    " from (select m.* from message m where m.task_id = $1 and m.seq > $2 and \
     (m.deleted_at is null or m.reply_count > 0) and exists (select 1 from task t where t.id = $1 and ",
    scope!("$3"),
    ") order by m.seq asc limit 21) m ",
    "left join message p on p.id = m.reply_to_id"
);

/// Posting a message, in order. Only PostgreSQL takes the lock, along with the key; only SQLite indexes the text, of
/// all messages of a commit at its end.
pub(crate) const LOCK: &str = "select pg_advisory_xact_lock($1)";
/// `$1` the task, `$2` who posts.
pub(crate) const KEY: &str = "select t.id, t.visibility, t.created_by_id, t.assigned_to_id, \
    exists (select 1 from participant p where p.task_id = t.id and p.user_id = $2) as participates, \
    t.version, s.seq, s.chain from task t join stream s on s.id = t.id where t.id = $1";
/// The message itself.
pub(crate) const INSERT: &str = "insert into message (task_id, seq, sender_id, content, content_html, client_id, \
    fingerprint, reply_to_id, root_id, reply_count, created_at, updated_at, file_count, private) \
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, $10, $10, $11, $12) \
    on conflict (sender_id, client_id) where client_id is not null do nothing returning id";
/// `$1` the message.
pub(crate) const INDEX: &str =
    "insert or replace into message_text (rowid, content) select id, words from message_words where id = $1";
/// `$1` the task, `$2` now.
pub(crate) const COUNT: &str =
    "update task set message_count = message_count + 1, last_message_at = $2 where id = $1";
/// The event.
pub(crate) const EVENT: &str = "insert into event (stream, seq, kind, actor_id, at, audience, payload, chain) \
    values ($1, $2, $3, $4, $5, $6, $7, $8)";
/// The end of the stream.
pub(crate) const HEAD: &str = "insert into stream (id, seq, chain) values ($1, $2, $3) \
    on conflict (id) do update set seq = excluded.seq, chain = excluded.chain";

#[cfg(test)]
mod tests {
    use super::*;

    /// What the source says, without the breaks and indents inside string literals.
    fn source() -> String {
        let files = [
            include_str!("../../app/src/access/scope.rs"),
            include_str!("../../app/src/access/sql.rs"),
            include_str!("../../app/src/features/messages/sql.rs"),
            include_str!("../../app/src/features/tasks/list/sql.rs"),
            include_str!("../../app/src/features/tasks/sql.rs"),
            include_str!("../../store/src/log.rs"),
            include_str!("../../store/src/text.rs"),
            include_str!("../../store/src/tx.rs"),
        ];
        files.concat().split("\\\n").map(str::trim_start).collect()
    }

    /// The parts of a statement between those that are put together at run time.
    #[test]
    fn statements_are_those_of_the_application() {
        let source = source();
        let (select_task, _) = GET.split_once(" where t.id = $1").unwrap();
        let (select_message, _) = MESSAGES.split_once(" from (select m.*").unwrap();
        let select_message = select_message.trim_start_matches("select ");
        let scope = scope!("${n}");
        let index = INDEX.replace("message_", "{table}_").replace('$', "?");
        for part in [select_task, select_message, scope, LOCK, KEY, INSERT, &index, COUNT, EVENT, HEAD] {
            assert!(source.contains(part), "the application does not send this any more: {part}");
        }
        for part in [
            "{SELECT} where t.id = $1 and {}",
            "select t.id, coalesce(s.seq, 0) as seq, {key} as sort_key from {first}task t left join stream s on s.id = t.id{join} \
             where {condition}{place} order by {order} limit {fetch}{skip}",
            "select {COLUMNS} from ({page}) m {PARENT}",
            "select m.* from message m where m.task_id = $1 and m.seq {sign} $2 and {THERE} and {scoped} order by m.seq {order} limit {fetch}{skip}",
            "(m.deleted_at is null or m.reply_count > 0)",
            "exists (select 1 from task t where t.id = {task} and {})",
        ] {
            assert!(source.contains(part), "the application puts this together otherwise now: {part}");
        }
    }
}
