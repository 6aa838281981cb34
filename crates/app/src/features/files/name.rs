//! Names that people gave their files: fit to be shown, and to be put into a header. Pure.

use std::fmt::Write as _;

/// Bytes of a name, at most: what common file systems take.
const LONGEST: usize = 255;

/// The name without folders, control characters, and what turns the direction of writing; never empty.
pub(super) fn clean(given: &str) -> String {
    let name = given.rsplit(['/', '\\']).next().unwrap_or_default();
    let name: String = name.chars().filter(|c| !c.is_control() && !is_invisible(*c)).collect();
    let name = shorten(name.trim());
    if name.trim_matches(['.', ' ']).is_empty() { "file".to_owned() } else { name }
}

/// What fits of a name. Its end, which says the kind, is kept.
fn shorten(name: &str) -> String {
    if name.len() <= LONGEST {
        return name.to_owned();
    }
    let end = name.rfind('.').map_or("", |dot| name.get(dot..).unwrap_or_default());
    let end = if end.len() <= 16 { end } else { "" };
    let mut cut = LONGEST - end.len();
    while !name.is_char_boundary(cut) {
        cut -= 1;
    }
    format!("{}{end}", name.get(..cut).unwrap_or_default().trim_end())
}

/// Characters that show nothing, or that show what follows in another order.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// The header `Content-Disposition` (RFC 6266) with the name in ASCII and, where that is not all of it, as RFC 8187 has it.
pub(super) fn disposition(name: &str, inline: bool) -> String {
    let how = if inline { "inline" } else { "attachment" };
    let plain = |c: char| (c.is_ascii_graphic() || c == ' ') && !matches!(c, '"' | '\\' | '%');
    let ascii: String = name.chars().map(|c| if plain(c) { c } else { '_' }).collect();
    let mut header = format!("{how}; filename=\"{ascii}\"");
    if ascii != name {
        header.push_str("; filename*=UTF-8''");
        for byte in name.bytes() {
            if byte.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(&byte) {
                header.push(char::from(byte));
            } else {
                // Writing to a String cannot fail.
                let _ = write!(header, "%{byte:02X}");
            }
        }
    }
    header
}

/// The name of a part's `filename*` (RFC 8187), if it has one that can be read.
pub(super) fn extended(disposition: &str) -> Option<String> {
    let at = disposition.to_ascii_lowercase().find("filename*=")?;
    let value = disposition.get(at + 10..)?.split(';').next()?.trim();
    let (charset, rest) = value.split_once('\'')?;
    let encoded = rest.split_once('\'')?.1.as_bytes();
    if !charset.eq_ignore_ascii_case("utf-8") {
        return None;
    }
    let mut bytes = Vec::with_capacity(encoded.len());
    let mut rest = encoded.iter();
    while let Some(byte) = rest.next() {
        if *byte != b'%' {
            bytes.push(*byte);
            continue;
        }
        let digits = [*rest.next()?, *rest.next()?];
        bytes.push(u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?);
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_lose_what_is_not_theirs() {
        for (given, name) in [
            ("../../etc/passwd", "passwd"),
            ("..\\..\\x.txt", "x.txt"),
            ("/abs.txt", "abs.txt"),
            ("C:\\con", "con"),
            ("evil\u{202e}gnp.exe", "evilgnp.exe"),
            ("a\r\nSet-Cookie: x", "aSet-Cookie: x"),
            ("a\0b", "ab"),
            ("", "file"),
            ("..", "file"),
            (" . ", "file"),
            ("x/", "file"),
            (".bashrc", ".bashrc"),
        ] {
            assert_eq!(clean(given), name, "{given:?}");
        }
        let long = clean(&format!("{}.pdf", "ä".repeat(300)));
        assert!(long.len() <= 255 && long.len() > 250 && long.ends_with("ä.pdf"), "{long}");
        // What is cut is clean as well.
        let (blank, dots) =
            (format!("{} b", "a".repeat(LONGEST - 1)), format!("{}{}", ".".repeat(LONGEST), "a".repeat(20)));
        assert_eq!((clean(&blank), clean(&dots)), ("a".repeat(LONGEST - 1), "file".to_owned()));
    }

    #[test]
    fn a_disposition_holds_the_name_and_nothing_else() {
        assert_eq!(disposition("a b.pdf", false), "attachment; filename=\"a b.pdf\"");
        assert_eq!(
            disposition("q\"\\.png", true),
            "inline; filename=\"q__.png\"; filename*=UTF-8''q%22%5C.png"
        );
        assert_eq!(
            disposition("€.txt", false),
            "attachment; filename=\"_.txt\"; filename*=UTF-8''%E2%82%AC.txt"
        );
        assert_eq!(
            extended("form-data; name=\"files\"; filename*=UTF-8''%e2%82%ac.txt"),
            Some("€.txt".to_owned())
        );
        assert_eq!(extended("form-data; filename*=latin1''x"), None);
        assert_eq!(extended("form-data; filename*=utf-8''%f"), None);
    }

    proptest! {
        #[test]
        fn every_name_is_clean_once_cleaned_and_fits_a_header(given: String) {
            let name = clean(&given);
            prop_assert!(!name.is_empty() && name.len() <= 255);
            prop_assert_eq!(&clean(&name), &name);
            let header = disposition(&name, false);
            prop_assert!(header.bytes().all(|b| (b' '..=b'~').contains(&b)), "{}", header);
            prop_assert_eq!(header.matches('"').count(), 2);
            if header.contains("filename*") {
                prop_assert_eq!(extended(&header), Some(name));
            }
        }
    }

    #[test]
    fn no_name_leaves_its_header_or_its_folder() {
        const CORPUS: &[&str] = &[
            "form-data; name=\"files\"; filename=\"a.txt\"",
            "form-data; name=\"files\"; filename*=UTF-8''%e2%82%ac%20rates.pdf; filename=\"x\"",
            "../../etc/passwd",
            "a\\..\\b.exe",
            "résumé \u{202e}gpj.exe",
            "form-data; filename*=utf-8'en'a%00b",
        ];
        const WORDS: &[&str] = &[
            "filename*=",
            "UTF-8''",
            "'",
            "\"",
            ";",
            "%",
            "%0d%0a",
            "%00",
            "%ff",
            "/",
            "\\",
            "..",
            ".",
            " ",
            "\r\n",
            "\0",
            "\u{202e}",
            "é",
            "🔥",
            "=",
            "FILENAME*=",
        ];
        faff_fuzz::Target { name: "names of files", source: file!(), corpus: CORPUS, words: WORDS }.check(
            |input| {
                let text = String::from_utf8_lossy(input);
                for given in [Some(text.to_string()), extended(&text)].into_iter().flatten() {
                    let name = clean(&given);
                    assert!(
                        !name.is_empty()
                            && name.len() <= LONGEST
                            && !name.contains(['/', '\\', '\0', '\r', '\n']),
                        "{name:?}"
                    );
                    assert!(name != "." && name != "..", "{name:?}");
                    assert_eq!(clean(&name), name, "a clean name stays as it is");
                    let header = disposition(&name, false);
                    assert!(header.bytes().all(|byte| (0x20..0x7f).contains(&byte)), "{header:?}");
                    assert_eq!(header.matches('"').count(), 2, "{header}");
                }
            },
        );
    }
}
