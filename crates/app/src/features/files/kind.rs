//! What a file is, by what is in it: whoever sends it may say anything. Pure.

use std::collections::BTreeSet;

use sha2::{Digest, Sha256};

/// Of a file's beginning, this much is looked at: room for the largest header before an image's size.
const HEAD: usize = 256 * 1024;
/// Of an archive's end, this much: the list of what is in it.
const TAIL: usize = 64 * 1024;
/// Longer than any name that is looked for across the border of two chunks.
const OVERLAP: usize = 64;

const OLE: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";

/// Looks at a file while it passes.
#[derive(Debug, Default)]
pub(super) struct Look {
    size: u64,
    head: Vec<u8>,
    tail: Vec<u8>,
    text: Text,
    ole: Option<&'static str>,
    digest: Sha256,
}

/// What was seen of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Seen {
    pub(super) mimetype: Option<&'static str>,
    pub(super) width: Option<i64>,
    pub(super) height: Option<i64>,
    pub(super) digest: [u8; 32],
}

impl Look {
    /// The next bytes.
    pub(super) fn pass(&mut self, chunk: &[u8]) {
        self.size += chunk.len() as u64;
        self.digest.update(chunk);
        self.text.pass(chunk);
        let room = HEAD.saturating_sub(self.head.len());
        self.head.extend_from_slice(chunk.get(..room.min(chunk.len())).unwrap_or_default());
        if self.head.starts_with(b"PK") || self.head.starts_with(OLE) {
            self.keep_tail(chunk);
        }
    }

    fn keep_tail(&mut self, chunk: &[u8]) {
        if self.head.starts_with(OLE) && self.ole.is_none() {
            let from = self.tail.len().saturating_sub(OVERLAP);
            let mut window = self.tail.get(from..).unwrap_or_default().to_vec();
            window.extend_from_slice(chunk);
            self.ole = ole(&window);
        }
        self.tail.extend_from_slice(chunk);
        if self.tail.len() > 2 * TAIL {
            let surplus = self.tail.len() - TAIL;
            self.tail.drain(..surplus);
        }
    }

    /// The verdict. `name` only tells tables from other text.
    pub(super) fn end(self, name: &str, declared: &str) -> Seen {
        let mimetype = self.mimetype(name, declared);
        let (width, height) = match mimetype {
            Some("image/jpeg" | "image/png" | "image/gif" | "image/webp") => {
                let size = imagesize::blob_size(&self.head).ok();
                let pixels = |length: usize| i64::try_from(length).ok();
                (size.and_then(|size| pixels(size.width)), size.and_then(|size| pixels(size.height)))
            }
            _ => (None, None),
        };
        Seen { mimetype, width, height, digest: self.digest.finalize().into() }
    }

    fn mimetype(&self, name: &str, declared: &str) -> Option<&'static str> {
        let head = self.head.as_slice();
        if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
            return Some(archive(head, &self.tail));
        }
        if head.starts_with(OLE) {
            return self.ole;
        }
        match infer::get(head).map(|found| found.mime_type()) {
            Some("image/jpeg") => return Some("image/jpeg"),
            Some("image/png") => return Some("image/png"),
            Some("image/gif") => return Some("image/gif"),
            Some("image/webp") => return Some("image/webp"),
            Some("application/pdf") => return Some("application/pdf"),
            Some("application/vnd.rar" | "application/x-rar-compressed") => {
                return Some("application/vnd.rar");
            }
            _ => {}
        }
        if !self.text.is_text() {
            return None;
        }
        // The head may end within a character.
        let head = String::from_utf8_lossy(head);
        match root(&head).as_deref() {
            Some("svg") => Some("image/svg+xml"),
            Some("html") => None,
            _ if infer::is(head.trim_start_matches('\u{feff}').as_bytes(), "html") => None,
            _ => {
                let table = declared.eq_ignore_ascii_case("text/csv")
                    || name.rsplit_once('.').is_some_and(|(_, end)| end.eq_ignore_ascii_case("csv"));
                Some(if table { "text/csv" } else { "text/plain" })
            }
        }
    }
}

/// Whether what passes is UTF-8 without U+0000.
#[derive(Debug, Default)]
struct Text {
    /// The beginning of a character whose rest is still to come.
    begun: Vec<u8>,
    broken: bool,
}

impl Text {
    fn pass(&mut self, chunk: &[u8]) {
        if self.broken {
            return;
        }
        let joined;
        let bytes = if self.begun.is_empty() {
            chunk
        } else {
            joined = [self.begun.as_slice(), chunk].concat();
            joined.as_slice()
        };
        let rest = match std::str::from_utf8(bytes) {
            Ok(_) => Vec::new(),
            Err(error) if error.error_len().is_none() => {
                bytes.get(error.valid_up_to()..).unwrap_or_default().to_vec()
            }
            Err(_) => {
                self.broken = true;
                return;
            }
        };
        self.broken = memchr::memchr(0, chunk).is_some();
        self.begun = rest;
    }

    fn is_text(&self) -> bool {
        !self.broken && self.begun.is_empty()
    }
}

/// What an archive is, by the names of what is in it, at its beginning and in the list at its end.
fn archive(head: &[u8], tail: &[u8]) -> &'static str {
    let mut names = BTreeSet::new();
    for (bytes, sign, name_at) in [(head, b"PK\x03\x04", 30), (tail, b"PK\x01\x02", 46)] {
        let length_at = if name_at == 30 { 26 } else { 28 };
        for at in memchr::memmem::find_iter(bytes, sign) {
            let length = bytes.get(at + length_at..at + length_at + 2).and_then(|two| two.try_into().ok());
            let length = usize::from(u16::from_le_bytes(length.unwrap_or_default()));
            if let Some(name) = bytes.get(at + name_at..at + name_at + length) {
                names.insert(name);
            }
        }
    }
    let within = |folder: &[u8]| names.iter().any(|name| name.starts_with(folder));
    match () {
        () if !names.contains(&b"[Content_Types].xml"[..]) => "application/zip",
        () if within(b"word/") => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        () if within(b"xl/") => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        () if within(b"ppt/") => "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        () => "application/zip",
    }
}

/// What an older document is, by the stream that holds it; the names are in UTF-16.
fn ole(bytes: &[u8]) -> Option<&'static str> {
    const STREAMS: [(&str, &str); 4] = [
        ("WordDocument", "application/msword"),
        ("Workbook", "application/vnd.ms-excel"),
        ("Book", "application/vnd.ms-excel"),
        ("PowerPoint Document", "application/vnd.ms-powerpoint"),
    ];
    STREAMS.into_iter().find_map(|(name, mimetype)| {
        let name: Vec<u8> = name.encode_utf16().chain([0]).flat_map(u16::to_le_bytes).collect();
        memchr::memmem::find(bytes, &name).map(|_| mimetype)
    })
}

/// The name of the first element of XML or HTML, in small letters and without its prefix; that of the document type, if
/// it is HTML.
fn root(text: &str) -> Option<String> {
    let mut rest = text.trim_start_matches('\u{feff}').trim_start();
    loop {
        rest = if let Some(inside) = rest.strip_prefix("<?") {
            inside.split_once("?>")?.1
        } else if let Some(inside) = rest.strip_prefix("<!--") {
            inside.split_once("-->")?.1
        } else if let Some(inside) = rest.strip_prefix("<!") {
            let name = inside.get(..7).unwrap_or_default();
            let of = inside.get(7..).unwrap_or_default().trim_start();
            if name.eq_ignore_ascii_case("doctype")
                && of.get(..4).is_some_and(|of| of.eq_ignore_ascii_case("html"))
            {
                return Some("html".to_owned());
            }
            // A document type may hold declarations of its own.
            let end = inside.find('>')?;
            match inside.find('[').filter(|bracket| *bracket < end) {
                Some(_) => inside.split_once(']')?.1.split_once('>')?.1,
                None => inside.get(end + 1..)?,
            }
        } else {
            break;
        }
        .trim_start();
    }
    let name = rest.strip_prefix('<')?;
    let name = name.split(|c: char| c.is_whitespace() || matches!(c, '>' | '/')).next()?;
    let name = name.rsplit(':').next().unwrap_or(name);
    (!name.is_empty()).then(|| name.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(bytes: &[u8], name: &str, step: usize) -> Seen {
        let mut look = Look::default();
        bytes.chunks(step).for_each(|chunk| look.pass(chunk));
        look.end(name, "")
    }

    #[test]
    fn what_is_inside_decides_whatever_the_name_and_however_it_is_cut() {
        let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x07\0\0\0\x05\x08\x06\0\0\0";
        let mut exe = b"MZ\x90\0".to_vec();
        exe.extend([0; 200]);
        let mut old = OLE.to_vec();
        old.extend([0; 600]);
        let msi = old.clone();
        old.extend("WordDocument\0".encode_utf16().flat_map(u16::to_le_bytes));
        let entry = |name: &str| {
            let mut bytes = b"PK\x03\x04".to_vec();
            bytes.extend([0; 22]);
            bytes.extend(u16::try_from(name.len()).unwrap().to_le_bytes());
            bytes.extend([0; 2]);
            bytes.extend(name.as_bytes());
            bytes
        };
        let docx = [entry("[Content_Types].xml"), entry("word/document.xml")].concat();
        let cases: [(&[u8], &str, Option<&str>); 20] = [
            (png, "a.txt", Some("image/png")),
            (b"GIF89a/*\x01\0\x01\0*/=1;alert(1)", "a.js", Some("image/gif")),
            (b"%PDF-1.7\n", "a.png", Some("application/pdf")),
            (&exe, "cat.png", None),
            (&old, "a.doc", Some("application/msword")),
            (&msi, "a.doc", None),
            (&docx, "a.zip", Some("application/vnd.openxmlformats-officedocument.wordprocessingml.document")),
            (&entry("word/x"), "a.docx", Some("application/zip")),
            (b"Rar!\x1a\x07\x01\0", "a", Some("application/vnd.rar")),
            ("a;b\nä;€\n".as_bytes(), "a.CSV", Some("text/csv")),
            ("Grüße €".as_bytes(), "a.png", Some("text/plain")),
            (b"BMW prices", "a.txt", Some("text/plain")),
            (b"", "empty.txt", Some("text/plain")),
            (b"a\0b", "a.txt", None),
            (b"\xff\xfea\0", "a.txt", None),
            (
                b"<?xml version='1.0'?><!-- x --><!DOCTYPE svg [<!ENTITY a 'b'>]>\n<svg:svg/>",
                "a.txt",
                Some("image/svg+xml"),
            ),
            (b"  <!DocType HTML><p>", "a.txt", None),
            (b"<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'/>", "a.svg", None),
            ("\u{feff}<script>alert(1)</script>".as_bytes(), "a.txt", None),
            (b"<note>fine</note>", "a.xml", Some("text/plain")),
        ];
        for (bytes, name, mimetype) in cases {
            for step in [1, 7, 4096] {
                assert_eq!(
                    seen(bytes, name, step).mimetype,
                    mimetype,
                    "{name} {:?}",
                    String::from_utf8_lossy(bytes)
                );
            }
        }
        assert_eq!((seen(png, "a", 3).width, seen(png, "a", 3).height), (Some(7), Some(5)));
    }
}
