//! Path and query parameters, with refusals in our own shape.

use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use axum::http::Uri;
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

use super::{Code, Problem};

/// Ids in the path.
#[derive(Debug, Clone, Copy)]
pub struct Path<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Path<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let axum::extract::Path(value) = <axum::extract::Path<T> as FromRequestParts<S>>::from_request_parts(
            parts, state,
        )
        .await
        .map_err(|_| {
            Problem::new(Code::InvalidId, "An id in the path is not an integer from 1 to 9007199254740991")
        })?;
        Ok(Self(value))
    }
}

impl<S: Send + Sync, T: DeserializeOwned + Send> OptionalFromRequestParts<S> for Path<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Option<Self>, Problem> {
        <Self as FromRequestParts<S>>::from_request_parts(parts, state).await.map(Some)
    }
}

/// The query string. Unknown parameters are left alone: older clients and proxies add their own.
#[derive(Debug, Clone)]
pub struct Query<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        Self::read(&parts.uri).map(Self)
    }
}

impl<T: DeserializeOwned> Query<T> {
    /// The query of an address.
    ///
    /// # Errors
    /// `validation_failed`.
    pub(crate) fn read(uri: &Uri) -> Result<T, Problem> {
        let axum::extract::Query(value) =
            axum::extract::Query::<T>::try_from_uri(uri).map_err(|rejection| {
                let text = rejection.body_text();
                let text = text.strip_prefix("Failed to deserialize query string: ").unwrap_or(&text);
                let (field, message) = text.split_once(": ").unwrap_or(("query", text));
                Problem::field(field, "type", format!("{field}: {message}"))
            })?;
        Ok(value)
    }
}

/// Refuses `cursor` and `page` together, and pages below 1 or too deep to count to.
pub fn no_page(page: Option<i64>, cursor: Option<&str>) -> Result<(), Problem> {
    match page {
        Some(_) if cursor.is_some() => Err(Problem::field("page", "choice", "Give either page or cursor")),
        Some(page) if !(1..=10_000).contains(&page) => {
            Err(Problem::field("page", "range", "page must be from 1 to 10000; use cursor to go further"))
        }
        _ => Ok(()),
    }
}
