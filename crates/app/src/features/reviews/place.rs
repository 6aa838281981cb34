//! Places in a text, as JavaScript counts them. Pure.

use std::ops::Range;

/// The place of a quote in UTF-16 code units, so that `text.slice(start, end)` is the quote in JavaScript; `None` when the
/// quote does not stand in the text where the bytes say.
pub(super) fn in_utf16(text: &str, quote: &str, bytes: &Range<usize>) -> Option<(usize, usize)> {
    if quote.is_empty() || text.get(bytes.clone())? != quote {
        return None;
    }
    let length = |text: &str| text.encode_utf16().count();
    let start = length(text.get(..bytes.start)?);
    Some((start, start + length(quote)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_javascript_slices_is_the_quote(before in ".{0,20}", quote in ".{1,20}", after in ".{0,20}") {
            let text = format!("{before}{quote}{after}");
            let bytes = before.len()..before.len() + quote.len();
            let (start, end) = in_utf16(&text, &quote, &bytes).unwrap();
            let units: Vec<u16> = text.encode_utf16().collect();
            prop_assert_eq!(String::from_utf16(&units[start..end]).unwrap(), quote);
        }

        #[test]
        fn a_place_that_is_none_is_refused(text in ".{0,20}", quote in ".{0,5}", start in 0_usize..40, end in 0_usize..40) {
            let found = in_utf16(&text, &quote, &(start..end));
            prop_assert_eq!(found.is_some(), !quote.is_empty() && text.get(start..end) == Some(&quote));
        }
    }

    #[test]
    fn pairs_of_surrogates_count_twice() {
        assert_eq!(in_utf16("a🔥b", "b", &(5..6)), Some((3, 4)));
        assert_eq!(in_utf16("a🔥b", "🔥", &(1..5)), Some((1, 3)));
        assert_eq!(in_utf16("a🔥b", "🔥", &(1..4)), None);
    }
}
