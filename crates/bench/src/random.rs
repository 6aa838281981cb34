//! Randomness that is the same every time: SplitMix64 (Steele, Lea and Flood, 2014).

/// A generator.
#[derive(Debug, Clone)]
pub(crate) struct Rng(u64);

impl Rng {
    pub(crate) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// From 0 to below `end`, which is above 0.
    pub(crate) fn below(&mut self, end: i64) -> i64 {
        let wide = u128::from(self.next()) * u128::from(end.unsigned_abs());
        i64::try_from(wide >> 64).unwrap_or(0)
    }

    /// From 0 to below `end`; the higher `power`, the more of them near 0.
    pub(crate) fn skewed(&mut self, end: i64, power: u32) -> i64 {
        (0..power).fold(end, |end, _| self.below(end.max(1)))
    }

    pub(crate) fn pick<T: Copy>(&mut self, from: &[T], otherwise: T) -> T {
        let at = self.below(i64::try_from(from.len().max(1)).unwrap_or(1));
        usize::try_from(at).ok().and_then(|at| from.get(at)).copied().unwrap_or(otherwise)
    }
}

const BEGIN: [&str; 16] = [
    "pri", "ser", "lo", "net", "bac", "tic", "re", "up", "dri", "mo", "pa", "con", "dis", "fa", "sta", "que",
];
const MIDDLE: [&str; 16] =
    ["n", "ve", "ga", "wo", "ku", "ket", "boo", "da", "ni", "tor", "ssa", "nec", "pla", "il", "tu", "ry"];
const END: [&str; 16] =
    ["t", "r", "n", "rk", "p", "s", "ted", "ble", "ng", "re", "ge", "tion", "ying", "ed", "s", "ly"];

/// How many words there are.
pub(crate) const WORDS: i64 = 4096;

/// One of them; the lower its number, the more often it occurs.
pub(crate) fn word(number: i64) -> String {
    let number = usize::try_from(number).unwrap_or(0);
    let parts = [(number % 16, &BEGIN), (number / 256, &MIDDLE), (number / 16 % 16, &END)];
    parts.into_iter().map(|(part, of)| of.get(part).copied().unwrap_or_default()).collect()
}

/// Words with a space between, at least as many characters as asked for: markdown that says only itself.
pub(crate) fn prose(rng: &mut Rng, characters: i64) -> String {
    let least = usize::try_from(characters).unwrap_or(0);
    let mut text = String::with_capacity(least + 16);
    while text.len() < least {
        if !text.is_empty() {
            text.push(' ');
        }
        // Common words are common, as in language.
        text.push_str(&word(rng.skewed(WORDS, 2)));
    }
    text
}

/// The same as the HTML that the application makes of it.
pub(crate) fn html(prose: &str) -> String {
    format!("<p>{prose}</p>\n")
}

/// A message of 20 to 400 characters, most of them short.
pub(crate) fn message(rng: &mut Rng) -> String {
    let characters = 20 + rng.skewed(370, 2);
    prose(rng, characters)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prose_is_the_same_every_time_and_as_long_as_asked() {
        let texts: Vec<String> = (0..2000).map(|seed| message(&mut Rng::new(seed))).collect();
        assert_eq!(texts[7], message(&mut Rng::new(7)));
        assert!(texts.iter().all(|text| (20..=400).contains(&text.len())), "{texts:?}");
        assert!(texts.iter().all(|text| text.bytes().all(|b| b == b' ' || b.is_ascii_lowercase())));
    }

    #[tokio::test]
    async fn html_is_what_the_application_renders() {
        let text = message(&mut Rng::new(1));
        assert_eq!(faff_app::http::text::render(&text).await.unwrap(), html(&text));
    }
}
