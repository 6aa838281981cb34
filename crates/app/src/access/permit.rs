//! Proofs that somebody may do something to a row, now.

use std::marker::PhantomData;

use faff_store::Tx;
use faff_store::log::Stream;
use faff_types::{MessageId, ReviewId, TaskId, UserId, ViewId};

use super::rules::{self, Action};
use super::{Role, System, Who, sql};
use crate::http::{Code, Problem};

/// Proof that, in the transaction `'t`, the caller may do `A` to this row, and that no other transaction changes
/// it meanwhile.
#[derive(Debug)]
pub struct Permit<'t, A, Row> {
    row: Row,
    action: PhantomData<A>,
    /// Invariant, so that it fits only the transaction it came from.
    brand: PhantomData<fn(&'t ()) -> &'t ()>,
}

impl<A: Action<Row>, Row> Permit<'_, A, Row> {
    const fn new(row: Row) -> Self {
        Self { row, action: PhantomData, brand: PhantomData }
    }

    fn grant(who: &Who, row: Row) -> Result<Self, Problem> {
        if A::allows(who, &row) { Ok(Self::new(row)) } else { Err(Problem::forbidden(A::REFUSAL)) }
    }
}

impl<A, Row> std::ops::Deref for Permit<'_, A, Row> {
    type Target = Row;
    fn deref(&self) -> &Row {
        &self.row
    }
}

faff_store::record! {
    /// What access to a ticket depends on, and where its log ends.
    #[derive(Debug)]
    pub struct TaskKey {
        /// The ticket.
        pub id: TaskId,
        /// `team` or `private`.
        pub visibility: String,
        /// Who filed it.
        pub created_by_id: UserId,
        /// Who works on it.
        pub assigned_to_id: Option<UserId>,
        /// Whether the caller was let into it.
        pub participates: bool,
        /// Counts the changes of its fields.
        pub version: i64,
        pub(super) seq: i64,
        pub(super) chain: Vec<u8>,
    }
}

impl TaskKey {
    /// The number of the last event of its log.
    pub(crate) const fn seq(&self) -> i64 {
        self.seq
    }
}

/// What access to a message depends on.
#[derive(Debug)]
pub struct MessageKey {
    /// The message.
    pub id: MessageId,
    /// Its ticket.
    pub task_id: TaskId,
    /// Who said it.
    pub sender_id: UserId,
    /// What it answers.
    pub reply_to_id: Option<MessageId>,
    /// What began its thread.
    pub root_id: Option<MessageId>,
}

faff_store::record! {
    /// What access to a review depends on.
    #[derive(Debug)]
    pub struct ReviewKey {
        /// The review.
        pub id: ReviewId,
        /// Its ticket.
        pub task_id: TaskId,
        /// Its message.
        pub message_id: MessageId,
        /// Whether that was deleted.
        pub message_deleted: bool,
        /// Who wrote the message.
        pub sender_id: UserId,
        /// Who has decided.
        pub reviewer_id: Option<UserId>,
    }
}

faff_store::record! {
    /// What access to an account depends on.
    #[derive(Debug)]
    pub struct UserKey {
        /// The account.
        pub id: UserId,
        /// What it may do.
        pub role: Role,
        /// Whether it may log in.
        pub active: bool,
    }
}

faff_store::record! {
    /// What access to a saved view depends on.
    #[derive(Debug)]
    pub struct ViewKey {
        /// The view.
        pub id: ViewId,
        /// Whose it is.
        pub owner_id: UserId,
        /// Whether everybody sees it.
        pub shared: bool,
    }
}

/// Leave to do `A` to a ticket. Locks the ticket for this transaction.
pub async fn task<'t, A: Action<TaskKey>>(
    tx: &mut Tx<'t>,
    who: &Who,
    id: TaskId,
) -> Result<Permit<'t, A, TaskKey>, Problem> {
    Permit::grant(who, visible_task(tx, who, id).await?)
}

/// Leave for the system to do `A` to a ticket, if it is still there: a [`System`] is had only with a reason. Locks the
/// ticket for this transaction.
pub(crate) async fn task_for_system<'t, A: Action<TaskKey>>(
    tx: &mut Tx<'t>,
    _system: &System,
    id: TaskId,
) -> Result<Option<Permit<'t, A, TaskKey>>, Problem> {
    // Nobody has the id 0, and whether somebody takes part matters to nobody here.
    Ok(locked_task(tx, UserId::from_db(0), id).await?.map(Permit::new))
}

/// Leave to keep something of one's own beside a ticket. Nobody else changes that, so the ticket is not locked: it exists for
/// the caller at this moment.
pub async fn beside<'t, A: Action<TaskKey>>(
    tx: &mut Tx<'t>,
    who: &Who,
    id: TaskId,
) -> Result<Permit<'t, A, TaskKey>, Problem> {
    let row = sql::task_key(tx, id, who.id).await?.filter(|row| rules::sees(who, row));
    Permit::grant(who, row.ok_or_else(|| Problem::not_found("Task"))?)
}

/// Leave to do `A` to a message that is not deleted. Locks its ticket for this transaction.
pub async fn message<'t, A: Action<MessageKey>>(
    tx: &mut Tx<'t>,
    who: &Who,
    id: MessageId,
) -> Result<Permit<'t, A, MessageKey>, Problem> {
    let missing = || Problem::not_found("Message");
    // A message never moves to another ticket, so this may be read before the lock.
    let task_id = sql::task_of_message(tx, id).await?.ok_or_else(missing)?;
    visible_task(tx, who, task_id).await.map_err(|problem| instead(problem, missing))?;
    let row = sql::message_row(tx, id).await?.ok_or_else(missing)?;
    if row.deleted {
        return Err(Problem::new(Code::MessageDeleted, "This message was deleted"));
    }
    let sql::MessageRow { sender_id, reply_to_id, root_id, .. } = row;
    Permit::grant(who, MessageKey { id, task_id, sender_id, reply_to_id, root_id })
}

/// Leave to do `A` to a review. Locks its ticket for this transaction.
pub async fn review<'t, A: Action<ReviewKey>>(
    tx: &mut Tx<'t>,
    who: &Who,
    id: ReviewId,
) -> Result<Permit<'t, A, ReviewKey>, Problem> {
    let missing = || Problem::not_found("Review");
    // Nor does a review.
    let task_id = sql::task_of_review(tx, id).await?.ok_or_else(missing)?;
    visible_task(tx, who, task_id).await.map_err(|problem| instead(problem, missing))?;
    Permit::grant(who, sql::review_key(tx, id).await?.ok_or_else(missing)?)
}

/// What is in a ticket that does not exist for somebody does not exist for them either.
fn instead(problem: Problem, missing: impl Fn() -> Problem) -> Problem {
    if problem.code() == Code::NotFound { missing() } else { problem }
}

/// Leave to do `A` to an account. Locks the account, and the rules that span accounts, for this transaction.
pub async fn user<'t, A: Action<UserKey>>(
    tx: &mut Tx<'t>,
    who: &Who,
    id: UserId,
) -> Result<Permit<'t, A, UserKey>, Problem> {
    tx.lock(Stream::Workspace).await?;
    tx.lock(Stream::User(id)).await?;
    let row = sql::user_key(tx, id).await?.ok_or_else(|| Problem::not_found("User"))?;
    // Roles change only under the first of these locks: whoever lost theirs while waiting for it has lost it.
    let caller = sql::user_key(tx, who.id).await?;
    if caller.is_none_or(|caller| !caller.active || caller.role != who.role) {
        return Err(Problem::unauthenticated());
    }
    Permit::grant(who, row)
}

/// Leave to do `A` to a saved view. Locks its owner's account for this transaction.
pub async fn view<'t, A: Action<ViewKey>>(
    tx: &mut Tx<'t>,
    who: &Who,
    id: ViewId,
) -> Result<Permit<'t, A, ViewKey>, Problem> {
    let missing = || Problem::not_found("View");
    // A view never changes its owner, so this may be read before the lock.
    let owner = sql::view_key(tx, id).await?.ok_or_else(missing)?.owner_id;
    tx.lock(Stream::User(owner)).await?;
    let row = sql::view_key(tx, id).await?.filter(|row| row.shared || row.owner_id == who.id);
    Permit::grant(who, row.ok_or_else(missing)?)
}

async fn visible_task(tx: &mut Tx<'_>, who: &Who, id: TaskId) -> Result<TaskKey, Problem> {
    let row = locked_task(tx, who.id, id).await?;
    row.filter(|row| rules::sees(who, row)).ok_or_else(|| Problem::not_found("Task"))
}

async fn locked_task(tx: &mut Tx<'_>, user: UserId, id: TaskId) -> Result<Option<TaskKey>, Problem> {
    let stream = Stream::Task(id);
    tx.lock(stream).await?;
    let row = sql::task_key(tx, id, user).await?;
    if let Some(row) = &row {
        tx.hold(stream, row.seq, &row.chain)?;
    }
    Ok(row)
}
