//! People as JSON.

use faff_types::{Timestamp, UserId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::access::{Role, Who};

faff_store::record! {
    /// An account, without anything that belongs to its owner alone.
    #[derive(Debug, Clone, Serialize, ToSchema)]
    #[serde(rename_all = "camelCase")]
    pub struct User {
        /// The account.
        #[schema(value_type = i64, example = 7)]
        pub id: UserId,
        /// The name that others see.
        #[schema(example = "Bo Ek")]
        pub name: String,
        /// The canonical e-mail address.
        #[schema(example = "bo@faff.example")]
        pub email: String,
        /// What the account may do.
        pub role: Role,
        /// Whether it may log in.
        pub active: bool,
        /// When it was made.
        #[schema(value_type = String, format = DateTime)]
        pub created_at: Timestamp,
        /// When it was changed last.
        #[schema(value_type = String, format = DateTime)]
        pub updated_at: Timestamp,
    }
}

/// A person as part of something else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct UserRef {
    /// The account.
    #[schema(value_type = i64, example = 7)]
    pub id: UserId,
    /// The name that others see.
    #[schema(example = "Bo Ek")]
    pub name: String,
    /// The canonical e-mail address.
    #[schema(example = "bo@faff.example")]
    pub email: String,
}

impl UserRef {
    /// A person who may be absent, from columns that are all there or all null.
    pub(crate) fn of(id: Option<UserId>, name: Option<String>, email: Option<String>) -> Option<Self> {
        Some(Self { id: id?, name: name?, email: email? })
    }
}

impl From<&Who> for UserRef {
    fn from(who: &Who) -> Self {
        Self { id: who.id, name: who.name.clone(), email: who.email.clone() }
    }
}

/// One account.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UserAnswer {
    pub(crate) user: User,
}

/// A fresh login.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LoginAnswer {
    /// Send it as `Authorization: Bearer TOKEN`.
    pub(crate) token: String,
    pub(crate) user: User,
}
