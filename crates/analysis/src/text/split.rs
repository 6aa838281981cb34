//! Where sentences end.

use std::ops::Range;

/// What ends with a full stop and does not end a sentence, in the languages that offices write. In lower case, without the
/// last full stop.
const ABBREVIATIONS: &[&str] = &[
    "abs", "approx", "apr", "art", "aug", "av", "bijv", "bl", "bspw", "bv", "bzgl", "bzw", "ca", "cf", "co",
    "corp", "d.h", "dec", "dept", "dez", "dipl", "dott", "dr", "dra", "e.g", "ecc", "ed", "ej", "eng", "enz",
    "env", "etc", "ex", "réf", "tél", "evtl", "ext", "f.eks", "feb", "febr", "fig", "fr", "geb", "ggf", "hr",
    "i.d.r", "i.e", "inc", "incl", "inkl", "jan", "jr", "jul", "jun", "kl", "ltd", "m.a.w", "m.fl", "max",
    "min", "mio", "mr", "mrd", "mrs", "ms", "mt", "n.b", "nl", "no", "nov", "np", "nr", "núm", "o.ä", "oct",
    "okt", "osv", "p.ej", "p.ex", "pag", "pág", "par", "pl", "pos", "prof", "resp", "rev", "sept", "sep",
    "sig", "sog", "sr", "sra", "st", "std", "str", "t.ex", "tel", "tj", "tlf", "ul", "u.a", "usw", "v",
    "vgl", "vol", "vs", "z.b", "z.zt", "zzgl",
];

/// Words between which and a number with a full stop the number is an ordinal: "am 3. März".
const BEFORE_ORDINALS: &[&str] =
    &["ab", "am", "bis", "dem", "den", "der", "die", "im", "seit", "vom", "zum", "den", "d"];

/// A line shorter than this, before one that begins anew, was ended on purpose.
const SHORT_LINE: usize = 70;

/// The sentences of a block of plain text, without the spaces around them.
pub(super) fn sentences(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = 0;
    let mut line = 0;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let mut end = at + c.len_utf8();
        let mut stop = false;
        match c {
            '\n' => {
                stop = line_ends(text, line, at, end);
                line = end;
            }
            '。' | '！' | '？' | '｡' => stop = true,
            '.' | '!' | '?' | '…' => {
                let mut marks = 1;
                while let Some(&(next, more)) = chars.peek()
                    && matches!(more, '.' | '!' | '?' | '…' | '"' | '\'' | '”' | '’' | '“' | '»' | ')' | ']')
                {
                    marks += usize::from(matches!(more, '.' | '!' | '?' | '…'));
                    end = next + more.len_utf8();
                    chars.next();
                }
                let rest = text.get(end..).unwrap_or_default();
                stop = rest.is_empty()
                    || rest.starts_with(char::is_whitespace)
                        && ends(text.get(start..at).unwrap_or_default(), c, marks, rest);
            }
            _ => {}
        }
        if stop {
            push(&mut found, text, start..end);
            start = end;
        }
    }
    push(&mut found, text, start..text.len());
    found
}

/// Whether a line break ends a sentence.
fn line_ends(text: &str, line: usize, at: usize, end: usize) -> bool {
    let rest = text.get(end..).unwrap_or_default();
    let before = text.get(line..at).unwrap_or_default();
    if rest.starts_with('\n') || before.trim_end().ends_with(['.', '!', '?', ':', ';', '…', '。']) {
        return true;
    }
    let anew = rest.trim_start().chars().next().is_some_and(|first| !first.is_lowercase());
    anew && before.chars().count() < SHORT_LINE && !before.trim_end().ends_with(',')
}

/// Whether a mark before a space ends the sentence `before`.
fn ends(before: &str, mark: char, marks: usize, rest: &str) -> bool {
    let next = rest.trim_start().chars().next();
    let lower = next.is_some_and(char::is_lowercase);
    if marks > 1 || mark == '…' {
        return !lower || mark == '!' || mark == '?';
    }
    if mark != '.' {
        return true;
    }
    let mut words = before.rsplit(char::is_whitespace).filter(|word| !word.is_empty());
    let last = words.next().unwrap_or_default().trim_start_matches(['(', '"', '„', '“', '«', '[', '¿', '¡']);
    if last.chars().count() <= 8 && ABBREVIATIONS.contains(&last.to_lowercase().as_str()) {
        // "etc." may end a sentence; "Dr." does not.
        return matches!(last, "etc" | "usw" | "enz" | "ecc" | "osv") && !lower;
    }
    let mut letters = last.chars();
    if let (Some(first), None) = (letters.next(), letters.next())
        && (first.is_uppercase() || first.is_lowercase())
        && first != 'I'
    {
        return false;
    }
    if !last.is_empty() && last.len() <= 2 && last.bytes().all(|byte| byte.is_ascii_digit()) {
        let ordinal = words.next().is_none_or(|word| BEFORE_ORDINALS.contains(&word.to_lowercase().as_str()));
        return !ordinal && !lower;
    }
    true
}

fn push(found: &mut Vec<Range<usize>>, text: &str, range: Range<usize>) {
    let part = text.get(range.clone()).unwrap_or_default();
    let start = range.start + (part.len() - part.trim_start().len());
    let end = range.end - (part.len() - part.trim_end().len());
    if start < end {
        found.push(start..end);
    }
}

#[cfg(test)]
mod tests {
    use super::sentences;

    fn split(text: &str) -> Vec<&str> {
        sentences(text).into_iter().map(|range| &text[range]).collect()
    }

    #[test]
    fn a_full_stop_is_not_always_an_end() {
        for whole in [
            "Version 5.2.0 needs 3.5 GB on db1.example.com now.",
            "Ask Dr. Smith, e.g. about no. 5, or J. R. Holtby.",
            "Wir treffen uns am 3. März, z. B. um 12 Uhr.",
            "Das ist z.B. der 2. Versuch.",
            "It was … odd",
            "Ça coûte env. 3,5 € par ex. ici.",
        ] {
            assert_eq!(split(whole), [whole]);
        }
    }

    #[test]
    fn sentences_end_where_they_end() {
        assert_eq!(
            split("It works. thanks! Is it \"done?\" Yes..."),
            ["It works.", "thanks!", "Is it \"done?\"", "Yes..."]
        );
        assert_eq!(
            split("Version 5 is out. It is 5. Then more."),
            ["Version 5 is out.", "It is 5.", "Then more."]
        );
        assert_eq!(split("動きません。再起動しました。"), ["動きません。", "再起動しました。"]);
        assert_eq!(split("¿Funciona? Sí, etc. Gracias."), ["¿Funciona?", "Sí, etc.", "Gracias."]);
    }

    #[test]
    fn short_lines_stand_alone_and_wrapped_ones_do_not() {
        assert_eq!(split("Printer: Brother\nFloor: 3"), ["Printer: Brother", "Floor: 3"]);
        assert_eq!(split("this goes\non and on"), ["this goes\non and on"]);
    }
}
