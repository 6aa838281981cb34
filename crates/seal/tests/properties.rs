//! What is sealed comes back, and nothing that was changed does.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::io::{Cursor, Read as _, Seek as _, SeekFrom, Write as _};
use std::ops::Range;

use faff_seal::{
    CHUNK, HEADER, Header, Key, Keys, Layout, Opener, Part, Refused, Sealer, Seekable, TAG, is_sealed,
};
use faff_types::Random;
use proptest::prelude::*;

const PURPOSE: &str = "a test";
const SEALED: usize = CHUNK + TAG;

fn key(byte: u8) -> Key {
    Key::parse(&format!("{byte:02x}").repeat(32)).unwrap()
}

fn content(length: usize) -> Vec<u8> {
    (0_u32..).flat_map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes()).take(length).collect()
}

fn seal(content: &[u8], pieces: usize) -> Vec<u8> {
    let mut sealer = Sealer::begin(Vec::new(), &key(7), PURPOSE, Random).unwrap();
    for piece in content.chunks(pieces.max(1)) {
        sealer.write_all(piece).unwrap();
    }
    sealer.finish().unwrap()
}

/// What comes out, and why no more does.
fn open_with(sealed: &[u8], key: &Key, purpose: &str) -> (Vec<u8>, Option<Refused>) {
    let mut out = Vec::new();
    let opened = Opener::begin(sealed, key, purpose).and_then(|mut opener| {
        let read = opener.read_to_end(&mut out);
        if read.is_err() {
            let again = opener.read(&mut [0; 8]).map_err(|error| refused(&error));
            assert_eq!(again, Err(Refused::Broken), "what is broken stays so");
        }
        read
    });
    (out, opened.err().map(|error| refused(&error)))
}

fn open(sealed: &[u8]) -> (Vec<u8>, Option<Refused>) {
    open_with(sealed, &key(7), PURPOSE)
}

fn refused(error: &std::io::Error) -> Refused {
    error.get_ref().unwrap().downcast_ref::<Refused>().unwrap().clone()
}

fn keys() -> Keys {
    Keys::parse(&format!("{} {}", "08".repeat(32), "07".repeat(32))).unwrap()
}

/// A part of a content, whose sealed bytes come in pieces; the end is looked at first.
fn open_part(sealed: &[u8], range: Range<u64>, pieces: usize) -> Result<Vec<u8>, Refused> {
    let layout = Layout::of(sealed.len() as u64)?;
    let header = Header::read(sealed)?;
    let at = |place: u64| usize::try_from(place).unwrap();
    let bytes = |range: Range<u64>| sealed.get(at(range.start)..at(range.end)).unwrap();
    let mut end = bytes(layout.place(layout.last(), layout.last())).to_vec();
    header.open(&keys(), PURPOSE)?.open(layout.last(), true, &mut end)?;
    let mut part = Part::new(header.open(&keys(), PURPOSE)?, layout, range)?;
    let mut out = Vec::new();
    for mut piece in bytes(part.wanted()).chunks(pieces) {
        while !piece.is_empty() {
            out.extend(part.take(&mut piece)?.unwrap_or_default());
        }
    }
    assert!(part.is_done());
    Ok(out)
}

/// Lengths around the borders of chunks, and any other.
fn lengths() -> impl Strategy<Value = usize> {
    prop_oneof![
        0..=3_usize,
        (1..=3_usize, 0..=2_usize).prop_map(|(chunks, near)| chunks * CHUNK + near - 1),
        0..=3 * CHUNK,
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_sealed_comes_back_in_whatever_pieces_it_went(length in lengths(), pieces in 1..=2 * CHUNK) {
        let content = content(length);
        let sealed = seal(&content, pieces);
        prop_assert!(is_sealed(&sealed));
        prop_assert_eq!(sealed.len(), HEADER + length + length.div_ceil(CHUNK).max(1) * TAG);
        prop_assert!(open(&sealed) == (content, None));
    }

    #[test]
    fn any_part_opened_alone_is_that_part_of_the_whole(
        length in lengths(), from in any::<prop::sample::Index>(), to in any::<prop::sample::Index>(), pieces in 1000..=2 * CHUNK
    ) {
        let content = content(length);
        let sealed = seal(&content, CHUNK);
        let (from, to) = (from.index(length + 1), to.index(length + 1));
        let range = from.min(to)..from.max(to);
        let wide = range.start as u64..range.end as u64;
        prop_assert!(open_part(&sealed, wide.clone(), pieces).as_deref() == Ok(&content[range.clone()]));
        prop_assert_eq!(open_part(&sealed, 0..length as u64 + 1, pieces), Err(Refused::Broken));

        let mut seekable = Seekable::begin(Cursor::new(&sealed), &keys(), PURPOSE).unwrap();
        prop_assert_eq!(seekable.seek(SeekFrom::End(0)).unwrap(), length as u64);
        seekable.seek(SeekFrom::Start(wide.start)).unwrap();
        let mut out = Vec::new();
        seekable.by_ref().take(wide.end - wide.start).read_to_end(&mut out).unwrap();
        prop_assert!(out == content[range.clone()]);
        prop_assert_eq!(seekable.stream_position().unwrap(), wide.end);
    }

    #[test]
    fn a_part_of_what_was_cut_or_changed_is_refused(
        length in lengths(), place in any::<prop::sample::Index>(), bits in 1..=255_u8
    ) {
        let content = content(length);
        let sealed = seal(&content, CHUNK);
        // What asks for nothing else still looks at the beginning and at the end.
        let cuts = (0..length.div_ceil(CHUNK)).map(|chunks| HEADER + chunks * SEALED);
        for cut in cuts.chain([place.index(sealed.len())]) {
            prop_assert!(open_part(&sealed[..cut], 0..0, CHUNK).is_err());
            prop_assert!(Seekable::begin(Cursor::new(&sealed[..cut]), &keys(), PURPOSE).is_err());
        }
        let mut changed = sealed.clone();
        changed[place.index(sealed.len())] ^= bits;
        prop_assert!(open_part(&changed, 0..length as u64, CHUNK).is_err());
        let mut out = Vec::new();
        let read = Seekable::begin(Cursor::new(&changed), &keys(), PURPOSE).and_then(|mut all| all.read_to_end(&mut out));
        prop_assert!(read.is_err() && content.starts_with(&out));
    }

    #[test]
    fn any_changed_byte_is_refused(length in lengths(), place in any::<prop::sample::Index>(), bits in 1..=255_u8) {
        let content = content(length);
        let mut sealed = seal(&content, CHUNK);
        let place = place.index(sealed.len());
        sealed[place] ^= bits;
        let (out, refused) = open(&sealed);
        prop_assert!(refused.is_some());
        // All that was handed out before is genuine.
        prop_assert!(content.starts_with(&out));
        prop_assert!(out.len() <= place.saturating_sub(HEADER) / SEALED * CHUNK);
    }

    #[test]
    fn what_was_cut_is_refused_wherever_it_was(length in lengths(), place in any::<prop::sample::Index>()) {
        let sealed = seal(&content(length), CHUNK);
        let cut = place.index(sealed.len());
        prop_assert_eq!(open(&sealed[..cut]).1, Some(Refused::Broken));
        for chunks in 0..length.div_ceil(CHUNK) {
            let (out, refused) = open(&sealed[..HEADER + chunks * SEALED]);
            prop_assert!(refused == Some(Refused::Broken) && out.len() <= chunks * CHUNK);
        }
    }
}

#[test]
fn every_byte_of_the_header_counts() {
    let sealed = seal(b"what is within", 5);
    for place in 0..HEADER {
        let mut changed = sealed.clone();
        changed[place] ^= 1;
        let expected = match place {
            0..=7 => Refused::NotSealed,
            8 => Refused::Version(0),
            9..=16 => open(&changed).1.unwrap(),
            _ => Refused::Broken,
        };
        assert_eq!(open(&changed), (Vec::new(), Some(expected)), "byte {place}");
    }
}

#[test]
fn chunks_that_were_moved_doubled_left_out_or_added_are_refused() {
    let sealed = seal(&content(3 * CHUNK + 100), CHUNK);
    let (header, body) = sealed.split_at(HEADER);
    let chunks: Vec<&[u8]> = body.chunks(SEALED).collect();
    assert_eq!(chunks.len(), 4);
    for order in [
        vec![1, 0, 2, 3],
        vec![0, 2, 1, 3],
        vec![0, 0, 1, 2, 3],
        vec![0, 2, 3],
        vec![1, 2, 3],
        vec![0, 1, 2, 3, 3],
        vec![0, 1, 3],
        vec![3],
        vec![0, 1, 2],
    ] {
        let changed =
            std::iter::once(header).chain(order.iter().map(|n| chunks[*n])).collect::<Vec<_>>().concat();
        assert_eq!(open(&changed).1, Some(Refused::Broken), "{order:?}");
    }
    let longer = [&sealed[..], b"x"].concat();
    assert_eq!(open(&longer).1, Some(Refused::Broken));
    // A chunk of another stream under the same key.
    let other = seal(&content(3 * CHUNK + 100), CHUNK);
    let mixed = [&sealed[..HEADER + SEALED], &other[HEADER + SEALED..]].concat();
    assert_eq!(open(&mixed).1, Some(Refused::Broken));
}

#[test]
fn only_its_key_opens_it_and_only_for_its_purpose() {
    let sealed = seal(b"what is within", 5);
    let other = Refused::OtherKey { sealed: key(7).id(), given: key(8).id() };
    assert_eq!(open_with(&sealed, &key(8), PURPOSE), (Vec::new(), Some(other)));
    assert_eq!(open_with(&sealed, &key(7), "another"), (Vec::new(), Some(Refused::Broken)));
    let header = Header::read(&sealed).unwrap();
    assert!(header.open(&keys(), PURPOSE).is_ok(), "any of several keys opens it");
    assert_eq!(header.open(&keys(), "another").err(), Some(Refused::Broken));
    let others = Keys::parse(&"08".repeat(32)).unwrap();
    assert_eq!(header.open(&others, PURPOSE).err(), Some(Refused::UnknownKey(key(7).id())));
    assert_eq!(open(b"plain text").1, Some(Refused::NotSealed));
    assert_ne!(seal(b"the same", 5)[HEADER..], seal(b"the same", 5)[HEADER..], "each stream has its own key");
}
