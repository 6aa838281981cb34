//! Lists people: for everyone, those to assign or mention; for administrators, all accounts.

use faff_types::UserId;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::sql;
use super::view::{User, UserRef};
use crate::access::Caller;
use crate::http::{Cursor, Json, Limit, Problem, Query};

/// Without a limit, the list of people holds this many: a client that knows no pages gets everyone.
const EVERYONE: usize = 10_000;

/// Which people.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Params {
    /// Part of a name or address.
    search: Option<String>,
    /// 1 to 100.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<i64>,
    /// `nextCursor` of the page before.
    cursor: Option<String>,
}

/// People to assign or mention.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PeoplePage {
    users: Vec<UserRef>,
    next_cursor: Option<String>,
    has_more: bool,
}

/// Accounts.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AccountPage {
    users: Vec<User>,
    next_cursor: Option<String>,
    has_more: bool,
}

/// People to assign or mention: active accounts. Without `limit`, all of them.
#[utoipa::path(get, path = "/api/auth/users", tag = "people", params(Params),
    responses((status = 200, body = PeoplePage)))]
pub(crate) async fn people(
    caller: Caller,
    Query(params): Query<Params>,
) -> Result<Json<PeoplePage>, Problem> {
    let limit = Limit::check(params.limit)?;
    let (most, fetch) =
        if params.limit.is_none() { (EVERYONE, EVERYONE + 1) } else { (limit.get(), limit.fetch()) };
    let list = Place::new("people", &params)?;
    let (after, words) = (list.after, list.words.clone());
    let rows = caller.read(async move |reader| Ok(sql::people(reader, after, &words, fetch).await?)).await?;
    let (rows, next_cursor) = list.cut(rows, most, |row| row.0);
    let has_more = next_cursor.is_some();
    Ok(Json(PeoplePage { users: rows.into_iter().map(UserRef::from).collect(), next_cursor, has_more }))
}

/// All accounts, also those that were deactivated. Only for administrators.
#[utoipa::path(get, path = "/api/users", tag = "people", params(Params),
    responses((status = 200, body = AccountPage), (status = 403, description = "Only for administrators")))]
pub(crate) async fn accounts(
    caller: Caller,
    Query(params): Query<Params>,
) -> Result<Json<AccountPage>, Problem> {
    if !caller.is_admin() {
        return Err(Problem::forbidden("Only an administrator may list accounts"));
    }
    let limit = Limit::check(params.limit)?;
    let list = Place::new("accounts", &params)?;
    let (after, words) = (list.after, list.words.clone());
    let rows = caller
        .read(async move |reader| Ok(sql::accounts(reader, after, &words, limit.fetch()).await?))
        .await?;
    let (users, next_cursor) = list.cut(rows, limit.get(), |user| user.id);
    let has_more = next_cursor.is_some();
    Ok(Json(AccountPage { users, next_cursor, has_more }))
}

/// Where in a list a page begins.
struct Place {
    query: String,
    words: String,
    after: UserId,
}

impl Place {
    fn new(list: &str, params: &Params) -> Result<Self, Problem> {
        let words = params.search.clone().unwrap_or_default();
        if words.chars().count() > 200 || words.contains('\0') {
            return Err(Problem::field("search", "length", "search must have at most 200 characters"));
        }
        let query = format!("{list}:{words}");
        let after = params.cursor.as_deref().map(|cursor| Cursor::decode(cursor, &query)).transpose()?;
        Ok(Self { query, words, after: UserId::from_db(after.map_or(0, |cursor| cursor.id)) })
    }

    fn cut<T>(&self, mut rows: Vec<T>, most: usize, id: impl Fn(&T) -> UserId) -> (Vec<T>, Option<String>) {
        let more = rows.len() > most;
        rows.truncate(most);
        let last = rows.last().filter(|_| more).map(|row| id(row).get());
        (rows, last.map(|id| Cursor { key: 0, id }.encode(&self.query)))
    }
}
