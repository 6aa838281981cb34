//! Receives files as they come: in parts of a form, with limits that hold while they arrive, into the store.

use axum::body::Body;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, Method, header};
use bytes::Bytes;
use faff_store::{Reader, Tx};
use faff_types::{AttachmentId, MessageId, Point, TaskId, Timestamp};
use multer::{Field, Multipart};
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

use super::attach::NewFiles;
use super::clear::{object, settle, thumbnail_of};
use super::kind::Look;
use super::meter::{Cut, Meter};
use super::storage::Writer;
use super::view::{Attachment, Links};
use super::{LARGEST, MOST_FILES, name, sql};
use crate::App;
use crate::access::{Caller, System};
use crate::features::tasks;
use crate::http::idempotency::{Key, Keyed};
use crate::http::{Code, Problem, Subject};

/// A form at most, in bytes: its files, and room for the rest.
const MOST_BYTES: u64 = MOST_FILES as u64 * LARGEST + 256 * 1024;
/// Parts of a form, at most: files, texts, and inputs that a browser sends empty.
const MOST_PARTS: usize = 32;
/// A text at most, in bytes; the number of its characters is checked later.
const LONGEST_TEXT: usize = 128 * 1024;

/// A body that is JSON, or a form with files.
#[derive(Debug)]
pub(crate) enum Sent<T> {
    /// JSON.
    Json(Keyed<T>),
    /// A form, not read yet.
    Form(Form),
}

/// A form that is still to be read.
#[derive(Debug)]
pub(crate) struct Form {
    method: Method,
    path: String,
    headers: HeaderMap,
    body: Body,
}

impl<T: DeserializeOwned> FromRequest<App> for Sent<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        if is_form(request.headers()) {
            return Form::from_request(request, app).await.map(Self::Form);
        }
        Keyed::from_request(request, app).await.map(Self::Json)
    }
}

impl FromRequest<App> for Form {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &App) -> Result<Self, Problem> {
        let unsupported = |message: &'static str| Problem::new(Code::UnsupportedMediaType, message);
        let (parts, body) = request.into_parts();
        let headers = parts.headers;
        if !is_form(&headers) {
            return Err(unsupported("Send files as multipart/form-data"));
        }
        if headers.get(header::CONTENT_ENCODING).is_some_and(|value| value != "identity") {
            return Err(unsupported("Send the body uncompressed"));
        }
        let length = headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
        if length.is_some_and(|length: u64| length > MOST_BYTES) {
            return Err(too_large());
        }
        Ok(Self { method: parts.method, path: parts.uri.path().to_owned(), headers, body })
    }
}

fn is_form(headers: &HeaderMap) -> bool {
    let given = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    given.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("multipart/form-data"))
}

/// A form that has arrived. Its files are stored, but nobody's yet: [`settle`] must follow, whatever becomes of them.
#[derive(Debug, Default)]
pub(crate) struct MessageForm {
    pub(crate) task_id: Option<TaskId>,
    pub(crate) content: Option<String>,
    pub(crate) reply_to_id: Option<MessageId>,
    pub(crate) client_id: Option<String>,
    pub(crate) files: NewFiles,
    pub(crate) key: Option<Key>,
}

/// A file that is stored, but no row yet.
#[derive(Debug, Clone)]
pub(super) struct NewFile {
    pub(super) id: AttachmentId,
    pub(super) stored: String,
    pub(super) original_name: String,
    pub(super) mimetype: &'static str,
    pub(super) size: i64,
    pub(super) width: Option<i64>,
    pub(super) height: Option<i64>,
    pub(super) digest: [u8; 32],
    /// The type of its thumbnail, if it has one.
    pub(super) thumbnail: Option<&'static str>,
}

impl NewFile {
    pub(super) fn view(&self, links: &Links, now: Timestamp) -> Attachment {
        let row = sql::AttachmentRow {
            id: self.id.as_str().to_owned(),
            message_id: None,
            stored: self.stored.clone(),
            original_name: self.original_name.clone(),
            mimetype: self.mimetype.to_owned(),
            size: self.size,
            width: self.width,
            height: self.height,
            created_at: now,
            place: 0,
            thumbnail: self.thumbnail.map(str::to_owned),
        };
        Attachment::new(row, links)
    }
}

impl Form {
    /// Reads a form of files and these texts, of a task that the path has named or the form will. A refusal leaves nothing
    /// behind.
    pub(crate) async fn receive(
        self,
        caller: &Caller,
        task: Option<TaskId>,
        texts: &'static [&'static str],
    ) -> Result<MessageForm, Problem> {
        let content_type = self.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let boundary =
            multer::parse_boundary(content_type.unwrap_or_default()).map_err(|error| malformed(&error))?;
        let (meter, stream) = Meter::new(self.body.into_data_stream(), MOST_BYTES);
        let form = MessageForm { task_id: task, ..MessageForm::default() };
        let mut intake =
            Intake { caller, meter, texts, form, hash: Sha256::new(), seen: Vec::new(), begun: false };
        intake.form.files.links = caller.app().files().links.clone();
        let read = intake.read(Multipart::new(stream, boundary)).await;
        let Intake { form, mut hash, .. } = intake;
        form.files.fingerprint(&mut hash);
        let key = read.and_then(|()| Key::of_parts(&self.headers, &self.method, &self.path, hash));
        match key {
            Ok(key) => Ok(MessageForm { key, ..form }),
            // What a store was asked for and has not answered, it may still do: what is left of that is the sweeper's.
            Err(problem) if problem.code() == Code::StorageUnavailable => Err(problem),
            Err(problem) => {
                settle(caller.app(), form.files.upload.as_deref()).await;
                Err(problem)
            }
        }
    }
}

/// A form while it arrives.
struct Intake<'a> {
    caller: &'a Caller,
    meter: Meter,
    texts: &'static [&'static str],
    form: MessageForm,
    hash: Sha256,
    seen: Vec<&'static str>,
    begun: bool,
}

impl Intake<'_> {
    async fn read(&mut self, mut parts: Multipart<'static>) -> Result<(), Problem> {
        for _ in 0..MOST_PARTS {
            let next = tokio::time::timeout_at(self.meter.deadline(), parts.next_field());
            let next = next.await.map_err(|_| late())?.map_err(|error| malformed(&error))?;
            let Some(part) = next else { return Ok(()) };
            self.meter.used();
            let field = part.name().unwrap_or_default();
            if matches!(field, "files" | "files[]") {
                self.file(part).await?;
            } else {
                let known = self.texts.iter().find(|known| **known == field).copied();
                let field: String = field.chars().take(64).collect();
                let known = known.ok_or_else(|| {
                    Problem::field(&field, "unknown", format!("There is no field {field:?} here"))
                })?;
                self.text(known, part).await?;
            }
        }
        Err(Problem::new(Code::TooLarge, format!("A form has at most {MOST_PARTS} parts")))
    }

    async fn chunk(&self, part: &mut Field<'static>) -> Result<Option<Bytes>, Problem> {
        let chunk = tokio::time::timeout_at(self.meter.deadline(), part.chunk()).await;
        let chunk = chunk.map_err(|_| late())?.map_err(|error| malformed(&error))?;
        self.meter.used();
        Ok(chunk)
    }

    async fn text(&mut self, field: &'static str, mut part: Field<'static>) -> Result<(), Problem> {
        if self.seen.contains(&field) {
            return Err(Problem::field(field, "duplicate", format!("The field {field:?} comes twice")));
        }
        self.seen.push(field);
        let mut bytes = Vec::new();
        while let Some(chunk) = self.chunk(&mut part).await? {
            if bytes.len() + chunk.len() > LONGEST_TEXT {
                return Err(Problem::new(Code::TooLarge, format!("{field} is too long")));
            }
            bytes.extend_from_slice(&chunk);
        }
        let text = String::from_utf8(bytes)
            .map_err(|_| Problem::field(field, "format", format!("{field} must be UTF-8")))?;
        self.hash.update(field.as_bytes());
        self.hash.update((text.len() as u64).to_be_bytes());
        self.hash.update(text.as_bytes());
        let id = || text.trim().parse::<i64>().ok();
        let wrong = |of: &str| Problem::field(field, "type", format!("{field} must be the id of a {of}"));
        match field {
            "taskId" => {
                let task = id().and_then(|id| TaskId::try_from(id).ok());
                self.form.task_id = Some(task.ok_or_else(|| wrong("task"))?);
            }
            // A form holds what was left empty, too.
            _ if text.is_empty() && field != "content" => {}
            "replyToId" => {
                let message = id().and_then(|id| MessageId::try_from(id).ok());
                self.form.reply_to_id = Some(message.ok_or_else(|| wrong("message"))?);
            }
            "clientId" => self.form.client_id = Some(text),
            _ => self.form.content = Some(text),
        }
        Ok(())
    }

    async fn file(&mut self, mut part: Field<'static>) -> Result<(), Problem> {
        let disposition = part.headers().get(header::CONTENT_DISPOSITION);
        let extended = disposition.and_then(|value| name::extended(value.to_str().ok()?));
        let given = extended.or_else(|| part.file_name().map(str::to_owned)).unwrap_or_default();
        let declared = part.content_type().map(ToString::to_string).unwrap_or_default();
        let full = self.form.files.come.len() == MOST_FILES;
        let too_many = || {
            let text = format!("At most {MOST_FILES} files may come at once and be with a message");
            Problem::new(Code::TooManyFiles, text)
        };
        if full && !given.is_empty() {
            return Err(too_many());
        }
        let first = self.chunk(&mut part).await?.filter(|chunk| !chunk.is_empty());
        if given.is_empty() && first.is_none() {
            // A browser's input that no file was chosen in.
            return Ok(());
        }
        if full {
            return Err(too_many());
        }
        let original_name = name::clean(&given);
        let n = self.form.files.come.len();
        let stored = object(self.begin().await?, n);
        let mut writer = self.caller.app().files().storage.write(&stored).await?;
        let poured = self.pour(&mut part, first, &mut writer).await;
        let seen = poured.and_then(|(look, size)| {
            let essence = declared.split(';').next().unwrap_or_default().trim();
            let seen = look.end(&original_name, essence);
            seen.mimetype.map(|mimetype| (mimetype, seen, size)).ok_or_else(unsupported)
        });
        let (mimetype, seen, size) = match seen {
            Ok(seen) => seen,
            Err(problem) => {
                writer.abort().await;
                return Err(problem);
            }
        };
        let local = writer.finish(&seen.digest).await?;
        Point::FileStored.pass();
        let files = self.caller.app().files();
        let made = files.thumbnails.make(mimetype, local).await;
        let thumbnail = match made.picture {
            Some((picture, kind)) => {
                files.storage.put(&thumbnail_of(&stored), picture).await?;
                Some(kind)
            }
            None => None,
        };
        let id = AttachmentId::random(self.caller.app().random()).map_err(Problem::internal)?;
        let (width, height) = if made.turned { (seen.height, seen.width) } else { (seen.width, seen.height) };
        let digest = seen.digest;
        let file = NewFile { id, stored, original_name, mimetype, size, width, height, digest, thumbnail };
        self.form.files.come.push(file);
        Ok(())
    }

    /// Notes the upload before its first byte is stored; refuses here what need not arrive whole to be refused.
    async fn begin(&mut self) -> Result<&str, Problem> {
        let app = self.caller.app();
        if !self.begun {
            app.limits().upload.count(Subject::User(self.caller.id), app.now()).await?;
            if let Some(task) = self.form.task_id {
                let scope = self.caller.scope();
                let there = self
                    .caller
                    .read(async move |reader: &mut Reader<'_>| {
                        Ok(tasks::visible(reader, &[task], scope).await?)
                    })
                    .await?;
                if there.is_empty() {
                    return Err(Problem::not_found("Task"));
                }
            }
            let upload = app.random().hex::<16>().map_err(Problem::internal)?;
            let (noted, now) = (upload.clone(), app.now());
            System::for_reason(app, "what a crash would leave must be found")
                .write(async move |tx: &mut Tx<'_>| {
                    tx.commit_quietly("nothing has happened yet");
                    Ok(sql::begin(tx, &noted, now).await?)
                })
                .await?;
            self.form.files.upload = Some(upload);
            self.begun = true;
        }
        Ok(self.form.files.upload.as_deref().unwrap_or_default())
    }

    /// Passes a file on to the store as it comes.
    async fn pour(
        &self,
        part: &mut Field<'static>,
        first: Option<Bytes>,
        writer: &mut Writer,
    ) -> Result<(Look, i64), Problem> {
        let (mut look, mut size) = (Look::default(), 0_u64);
        let mut next = first;
        while let Some(chunk) = next {
            size += chunk.len() as u64;
            if size > LARGEST {
                let text = format!("A file may have at most {LARGEST} bytes");
                return Err(Problem::new(Code::FileTooLarge, text));
            }
            look.pass(&chunk);
            writer.push(chunk).await?;
            next = self.chunk(part).await?;
        }
        Ok((look, i64::try_from(size).unwrap_or(i64::MAX)))
    }
}

fn too_large() -> Problem {
    Problem::new(Code::TooLarge, format!("The body is larger than {MOST_BYTES} bytes"))
}

fn late() -> Problem {
    Problem::new(Code::RequestTimeout, "The body came too slowly, or stopped")
}

fn unsupported() -> Problem {
    let text = "Files may be JPEG, PNG, GIF, WebP, SVG, PDF, Word, Excel, PowerPoint, text, CSV, ZIP or RAR; this is none \
                of them by its content";
    Problem::new(Code::UnsupportedFileType, text)
}

/// Why a form is not read on.
fn malformed(error: &multer::Error) -> Problem {
    use multer::Error;
    let whole = || Problem::new(Code::BadRequest, "The body did not arrive whole");
    match error {
        Error::StreamReadFailed(cause) => match cause.downcast_ref::<Cut>() {
            Some(Cut::TooLarge) => too_large(),
            Some(Cut::Headers) => {
                Problem::new(Code::TooLarge, "The headers of a part of the form are too long")
            }
            _ => whole(),
        },
        Error::IncompleteFieldData { .. } | Error::IncompleteHeaders | Error::IncompleteStream => whole(),
        error => Problem::new(Code::MalformedForm, format!("The body is not a valid form: {error}")),
    }
}
