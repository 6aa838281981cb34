//! Shows a file to whoever may read its task now.

use std::ops::Range;

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use faff_store::Reader;

use super::clear::file_of;
use super::link::Visitor;
use super::sql::{self, AttachmentRow};
use super::{Storage, name, thumbnail_of};
use crate::http::{Code, Path, Problem};

/// What is shown must not do anything, whatever it holds.
const POLICY: &str = "sandbox; default-src 'none'";

/// A file of a message, or one that you have staged; or its thumbnail. One range of a file may be asked for. Instead of a
/// login, `pass` of a signed address will do.
#[utoipa::path(get, path = "/uploads/messages/{filename}", tag = "files",
    params(("filename" = String, Path, description = "As `url` or `thumbnailUrl` has it"),
        ("pass" = Option<String>, Query, description = "As a signed address has it"),
        ("Range" = Option<String>, Header, description = "One range of bytes", example = "bytes=0-1023"),
        ("If-None-Match" = Option<String>, Header, description = "The `ETag` of what you have")),
    responses((status = 200, description = "The file", content_type = "application/octet-stream", body = Vec<u8>),
        (status = 206, description = "The part of it", content_type = "application/octet-stream", body = Vec<u8>),
        (status = 304, description = "You have it"),
        (status = 416, description = "It has no such part; `Content-Range` says how long it is")))]
pub(crate) async fn handler(
    Visitor { caller, signed }: Visitor,
    Path(filename): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let file = file_of(&filename).to_owned();
    let is_ours = file.len() <= 64 && file.bytes().all(|byte| byte.is_ascii_hexdigit());
    if !is_ours {
        return Err(missing());
    }
    let small = file.len() < filename.len();
    let (user, scope) = (caller.id, caller.scope());
    let row = caller
        .read(async move |reader: &mut Reader<'_>| Ok(sql::stored(reader, &file, user, scope).await?))
        .await?
        .ok_or_else(missing)?;
    let storage = &caller.app().files().storage;
    let answered =
        if small { thumbnail(storage, &row, &headers).await } else { whole(storage, &row, &headers).await };
    let mut response = answered?;
    if signed {
        // Pages of other origins show it: whoever has made the address may read it.
        let anywhere = HeaderValue::from_static("cross-origin");
        response.headers_mut().insert("cross-origin-resource-policy", anywhere);
    }
    Ok(response)
}

fn missing() -> Problem {
    Problem::not_found("File")
}

/// The file itself, or a part of it.
async fn whole(storage: &Storage, row: &AttachmentRow, headers: &HeaderMap) -> Result<Response, Problem> {
    let tag = format!("\"{}\"", row.stored);
    let given = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    if given(header::IF_NONE_MATCH).is_some_and(|tags| names(tags, &tag)) {
        return Ok((StatusCode::NOT_MODIFIED, [(header::ETAG, tag)]).into_response());
    }
    let size = u64::try_from(row.size).unwrap_or(0);
    // Of something else than what the client has a part of, it needs the whole.
    let fits = given(header::IF_RANGE).is_none_or(|has| has == tag);
    let range = match given(header::RANGE).filter(|_| fits).map(|text| part(text, size)) {
        Some(Part::Bytes(range)) => Some(range),
        Some(Part::Outside) => {
            return Err(Problem::new(Code::RangeNotSatisfiable, "The file has no such part")
                .with_header("content-range", format!("bytes */{size}")));
        }
        Some(Part::Whole) | None => None,
    };
    let found = storage.read(&row.stored, range.clone()).await?;
    let Some(found) = found else {
        tracing::error!(stored = row.stored, "the object of a file is missing");
        return Err(missing());
    };
    let body = Body::from_stream(found.into_stream());
    let mut response =
        (if range.is_some() { StatusCode::PARTIAL_CONTENT } else { StatusCode::OK }, body).into_response();
    describe(response.headers_mut(), row, &tag, range.as_ref(), size)?;
    Ok(response)
}

/// The small picture of an image. It was made here, so that it is what it says.
async fn thumbnail(storage: &Storage, row: &AttachmentRow, headers: &HeaderMap) -> Result<Response, Problem> {
    let kind = row.thumbnail.as_deref().ok_or_else(missing)?;
    let object = thumbnail_of(&row.stored);
    let tag = format!("\"{object}\"");
    let has = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    if has.is_some_and(|tags| names(tags, &tag)) {
        return Ok((StatusCode::NOT_MODIFIED, [(header::ETAG, tag)]).into_response());
    }
    let Some(found) = storage.read(&object, None).await? else {
        tracing::error!(stored = row.stored, "the object of a thumbnail is missing");
        return Err(missing());
    };
    let described = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (header::CONTENT_LENGTH, found.size.to_string()),
        (header::CONTENT_DISPOSITION, "inline".to_owned()),
        (header::CONTENT_SECURITY_POLICY, POLICY.to_owned()),
        (header::ETAG, tag),
    ];
    Ok((described, Body::from_stream(found.into_stream())).into_response())
}

fn describe(
    headers: &mut HeaderMap,
    row: &AttachmentRow,
    tag: &str,
    range: Option<&Range<u64>>,
    size: u64,
) -> Result<(), Problem> {
    let inline = matches!(row.mimetype.as_str(), "image/jpeg" | "image/png" | "image/gif" | "image/webp");
    let mimetype = if row.mimetype.starts_with("text/") {
        format!("{}; charset=utf-8", row.mimetype)
    } else {
        row.mimetype.clone()
    };
    let length = range.map_or(size, |range| range.end - range.start);
    let mut set = |name, value: String| {
        headers.insert(name, HeaderValue::try_from(value).map_err(Problem::internal)?);
        Ok::<_, Problem>(())
    };
    set(header::CONTENT_TYPE, mimetype)?;
    set(header::CONTENT_LENGTH, length.to_string())?;
    set(header::CONTENT_DISPOSITION, name::disposition(&row.original_name, inline))?;
    set(header::CONTENT_SECURITY_POLICY, POLICY.to_owned())?;
    set(header::ACCEPT_RANGES, "bytes".to_owned())?;
    set(header::ETAG, tag.to_owned())?;
    if let Some(range) = range {
        set(header::CONTENT_RANGE, format!("bytes {}-{}/{size}", range.start, range.end - 1))?;
    }
    Ok(())
}

/// Whether a list of tags names this one, or any.
fn names(tags: &str, tag: &str) -> bool {
    tags.split(',')
        .map(|given| given.trim().trim_start_matches("W/"))
        .any(|given| given == "*" || given == tag)
}

/// What a `Range` header asks for.
#[derive(Debug, PartialEq, Eq)]
enum Part {
    /// What cannot be read, or is several ranges, is left alone (RFC 9110, section 14.2).
    Whole,
    Bytes(Range<u64>),
    Outside,
}

fn part(text: &str, size: u64) -> Part {
    let Some((from, to)) = text.trim().strip_prefix("bytes=").and_then(|range| range.split_once('-')) else {
        return Part::Whole;
    };
    let number = |text: &str| {
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        digits.then(|| text.parse().unwrap_or(u64::MAX))
    };
    let (start, end) = match (number(from), number(to)) {
        (Some(from), Some(to)) if from <= to => (from, to.saturating_add(1).min(size)),
        (Some(from), None) if to.is_empty() => (from, size),
        (None, Some(last)) if from.is_empty() => (size.saturating_sub(last), size),
        _ => return Part::Whole,
    };
    if start < end { Part::Bytes(start..end) } else { Part::Outside }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_range_is_read_and_several_are_left_alone() {
        for (text, expected) in [
            ("bytes=0-3", Part::Bytes(0..4)),
            ("bytes=4-", Part::Bytes(4..10)),
            ("bytes=-3", Part::Bytes(7..10)),
            ("bytes=-99", Part::Bytes(0..10)),
            ("bytes=5-99999999999999999999999", Part::Bytes(5..10)),
            ("bytes=10-", Part::Outside),
            ("bytes=-0", Part::Outside),
            ("bytes=4-3", Part::Whole),
            ("bytes=0-1,3-4", Part::Whole),
            ("bytes=+1-2", Part::Whole),
            ("lines=0-1", Part::Whole),
            ("bytes=-", Part::Whole),
        ] {
            assert_eq!(part(text, 10), expected, "{text}");
        }
        assert_eq!(part("bytes=0-", 0), Part::Outside);
    }
}
