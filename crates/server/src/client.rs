//! The web client within the binary.

use faff_app::http::Pages;

/// The files that the client's build has left, by their paths; none when it was not built. `build.rs` lists them.
const FILES: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/client.rs"));

/// The client, as far as there is one.
pub(crate) fn pages() -> Pages {
    Pages::new(FILES.iter().map(|(path, bytes)| ((*path).to_owned(), bytes.to_vec().into())))
}
