//! Which tickets a list may hold.

use faff_store::Param;
use faff_types::{Planted, UserId};

use super::{Role, Who};

/// The tickets that exist for one person, as a condition in SQL: [`super::rules::sees`] in other words, and held to
/// it by a test.
#[derive(Debug, Clone, Copy)]
pub struct Scope {
    user: UserId,
    everything: bool,
}

impl Scope {
    /// The tickets that exist for this person.
    pub fn of(who: &Who) -> Self {
        Self { user: who.id, everything: who.role == Role::Admin || Planted::NoScope.is_on() }
    }

    /// The condition on `task t`, with [`Scope::param`] in placeholder `$n`.
    pub fn condition(self, n: usize) -> String {
        if self.everything {
            // The placeholder must occur.
            return format!("cast(${n} as bigint) is not null");
        }
        format!(
            "(t.visibility = 'team' or t.created_by_id = ${n} or t.assigned_to_id = ${n} \
             or exists (select 1 from participant p where p.task_id = t.id and p.user_id = ${n}))"
        )
    }

    /// Of the private ones among them, the condition on `task t`, found without looking at others; `None` for whom everything
    /// exists.
    pub fn private(self, n: usize) -> Option<String> {
        (!self.everything).then(|| {
            format!(
                "t.visibility = 'private' and t.id in (\
                 select c.id from task c where c.created_by_id = ${n} and c.visibility = 'private' \
                 union select a.id from task a where a.assigned_to_id = ${n} and a.visibility = 'private' \
                 union select p.task_id from participant p where p.user_id = ${n})"
            )
        })
    }

    /// The tickets that exist for `account a`, about whom nothing else is known: whether `task t` exists for it.
    pub const OF_ACCOUNT: &str = "(a.role = 'admin' or t.visibility = 'team' or t.created_by_id = a.id \
        or t.assigned_to_id = a.id or exists (select 1 from participant p where p.task_id = t.id and p.user_id = a.id))";

    /// The value of the placeholder.
    pub fn param(self) -> Param<'static> {
        self.user.into()
    }
}
