//! The SQL of people.

use faff_store::{Param, Reader, StoreError, Tx, params};
use faff_types::{SessionId, Timestamp, UserId};

use super::view::{User, UserRef};
use super::{Found, NewAccount};
use crate::access::Role;

const USER: &str = "id, name, email, role, active, created_at, updated_at";

/// The pattern is `$2`.
const MATCHES: &str = "(lower(name) like $2 escape '!' or email like $2 escape '!')";

/// Adds an account; `None` when the address is taken.
pub(super) async fn insert(
    tx: &mut Tx<'_>,
    account: &NewAccount,
    role: Role,
    now: Timestamp,
) -> Result<Option<User>, StoreError> {
    let sql = format!(
        "insert into account (name, email, password_hash, role, active, created_at, updated_at) \
         values ($1, $2, $3, $4, $5, $6, $6) on conflict (email) do nothing returning {USER}"
    );
    let NewAccount { name, email, password_hash } = account;
    tx.optional(&sql, &params![name, email, password_hash, role, true, now]).await
}

pub(super) async fn find(reader: &mut Reader<'_>, id: UserId) -> Result<Option<User>, StoreError> {
    reader.optional(&format!("select {USER} from account where id = $1"), &params![id]).await
}

pub(super) async fn find_by_email(reader: &mut Reader<'_>, email: &str) -> Result<Option<Found>, StoreError> {
    let sql = "select id, password_hash, active from account where email = $1";
    reader.optional(sql, &params![email]).await
}

pub(super) async fn password_hash(reader: &mut Reader<'_>, id: UserId) -> Result<Option<String>, StoreError> {
    reader.optional("select password_hash from account where id = $1 and active", &params![id]).await
}

/// Somebody who is there and may be given work.
pub(crate) async fn find_active(reader: &mut Reader<'_>, id: UserId) -> Result<Option<UserRef>, StoreError> {
    let sql = "select id, name, email from account where id = $1 and active";
    let found: Option<(UserId, String, String)> = reader.optional(sql, &params![id]).await?;
    Ok(found.map(UserRef::from))
}

/// The people with these ids, active or not.
pub(super) async fn refs(reader: &mut Reader<'_>, ids: &[UserId]) -> Result<Vec<UserRef>, StoreError> {
    // Few different numbers of placeholders, so that there are few statements to prepare.
    let count = ids.len().next_power_of_two();
    let places: Vec<String> = (1..=count).map(|n| format!("${n}")).collect();
    let sql = format!("select id, name, email from account where id in ({})", places.join(", "));
    let params: Vec<Param<'_>> =
        ids.iter().chain(ids.last().into_iter().cycle()).take(count).map(|id| Param::from(*id)).collect();
    let found: Vec<(UserId, String, String)> = reader.all(&sql, &params).await?;
    Ok(found.into_iter().map(UserRef::from).collect())
}

pub(super) async fn has_administrator(reader: &mut Reader<'_>) -> Result<bool, StoreError> {
    let sql = "select id from account where role = 'admin' and active limit 1";
    Ok(reader.optional::<UserId>(sql, &[]).await?.is_some())
}

pub(super) async fn has_other_administrator(
    reader: &mut Reader<'_>,
    but: UserId,
) -> Result<bool, StoreError> {
    let sql = "select id from account where role = 'admin' and active and id <> $1 limit 1";
    Ok(reader.optional::<UserId>(sql, &params![but]).await?.is_some())
}

/// The hash of somebody's password, if they are an active administrator.
pub(super) async fn administers(reader: &mut Reader<'_>, id: UserId) -> Result<Option<String>, StoreError> {
    let sql = "select password_hash from account where id = $1 and role = 'admin' and active";
    reader.optional(sql, &params![id]).await
}

/// Changes name and address; `None` when the address is another's.
pub(super) async fn set_profile(
    tx: &mut Tx<'_>,
    id: UserId,
    name: &str,
    email: &str,
    now: Timestamp,
) -> Result<Option<User>, StoreError> {
    let sql = format!(
        "update account set name = $2, email = $3, updated_at = $4 where id = $1 \
         and not exists (select 1 from account other where other.email = $3 and other.id <> $1) returning {USER}"
    );
    tx.optional(&sql, &params![id, name, email, now]).await
}

pub(super) async fn set_access(
    tx: &mut Tx<'_>,
    id: UserId,
    role: Role,
    active: bool,
    now: Timestamp,
) -> Result<User, StoreError> {
    let sql =
        format!("update account set role = $2, active = $3, updated_at = $4 where id = $1 returning {USER}");
    tx.one(&sql, &params![id, role, active, now]).await
}

pub(super) async fn set_password(
    tx: &mut Tx<'_>,
    id: UserId,
    hash: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    tx.later("update account set password_hash = $2, updated_at = $3 where id = $1", &params![id, hash, now])
        .await
}

/// Begins a login, if the account is still active and its password still the one that was compared.
pub(super) async fn begin_session(
    tx: &mut Tx<'_>,
    user: UserId,
    hash: &str,
    now: Timestamp,
    expires_at: Timestamp,
) -> Result<Option<SessionId>, StoreError> {
    let sql = "insert into session (user_id, created_at, expires_at) \
               select id, cast($3 as bigint), cast($4 as bigint) from account \
               where id = $1 and active and password_hash = $2 returning id";
    tx.optional(sql, &params![user, hash, now, expires_at]).await
}

/// Ends one login; false when it had ended.
pub(super) async fn end_session(tx: &mut Tx<'_>, id: SessionId, now: Timestamp) -> Result<bool, StoreError> {
    let sql = "update session set ended_at = $2 where id = $1 and ended_at is null";
    Ok(tx.execute(sql, &params![id, now]).await? == 1)
}

/// Ends every login of an account, but for one that may go on.
pub(super) async fn end_sessions(
    tx: &mut Tx<'_>,
    user: UserId,
    but: Option<SessionId>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let sql = "update session set ended_at = $3 where user_id = $1 and ended_at is null and id <> $2";
    let but = but.map_or(Param::Int(0), Param::from);
    tx.later(sql, &[user.into(), but, now.into()]).await
}

/// People to assign or mention: active accounts behind a place in the order of names.
pub(super) async fn people(
    reader: &mut Reader<'_>,
    after: UserId,
    words: &str,
    fetch: usize,
) -> Result<Vec<(UserId, String, String)>, StoreError> {
    let sql = format!(
        "select id, name, email from account where active and id > $1 and {MATCHES} order by id limit {fetch}"
    );
    reader.all(&sql, &params![after, contains(words)]).await
}

/// All accounts, in the order they were made.
pub(super) async fn accounts(
    reader: &mut Reader<'_>,
    after: UserId,
    words: &str,
    fetch: usize,
) -> Result<Vec<User>, StoreError> {
    let sql = format!("select {USER} from account where id > $1 and {MATCHES} order by id limit {fetch}");
    reader.all(&sql, &params![after, contains(words)]).await
}

/// A pattern that finds the words anywhere, with nothing special in them.
fn contains(words: &str) -> String {
    let words = words.trim().to_lowercase().replace('!', "!!").replace('%', "!%").replace('_', "!_");
    format!("%{words}%")
}

/// Clears away logins that ended or expired a month ago.
pub(crate) async fn sweep(tx: &mut Tx<'_>, now: Timestamp) -> Result<u64, StoreError> {
    let before = now.plus_millis(-30 * 24 * 3600 * 1000);
    tx.execute("delete from session where expires_at < $1 or ended_at < $1", &params![before]).await
}

impl From<(UserId, String, String)> for UserRef {
    fn from((id, name, email): (UserId, String, String)) -> Self {
        Self { id, name, email }
    }
}
