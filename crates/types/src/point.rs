//! Lines of the server at which it can be made to die, to see that nothing is lost there: the fault checker's (`cargo xtask check
//! --fault die-at`), beside kills at any moment.
//!
//! Only a build with the Cargo feature `planted` dies at any, as with [`crate::Planted`]; everywhere else [`Point::pass`] is
//! nothing.

/// A line. What is done there, and what not yet, its name says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Point {
    /// A file that came is in its place whole; no row tells of it.
    FileStored,
    /// All rows and events of a transaction, or of a group of them, are written; nothing is committed.
    BeforeCommit,
    /// It is committed; whoever asked for it has not been told, nor anybody else.
    AfterCommit,
    /// It is committed, and nobody else has been told of it.
    BeforeTelling,
    /// Others have been told; whoever asked for it has not been answered.
    BeforeAnswer,
    /// What the log says was told; the place up to which it was is not yet moved.
    BeforeMoving,
}

impl Point {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::FileStored,
        Self::BeforeCommit,
        Self::AfterCommit,
        Self::BeforeTelling,
        Self::BeforeAnswer,
        Self::BeforeMoving,
    ];

    /// The environment variable that names a file. Who passes a point while it holds `NAME N` counts, and dies at the Nth time.
    pub const VARIABLE: &str = "DIE_AT_FILE";

    /// Its name, in that file.
    pub const fn name(self) -> &'static str {
        match self {
            Self::FileStored => "file-stored",
            Self::BeforeCommit => "before-commit",
            Self::AfterCommit => "after-commit",
            Self::BeforeTelling => "before-telling",
            Self::BeforeAnswer => "before-answer",
            Self::BeforeMoving => "before-moving",
        }
    }

    /// Dies, if it is time.
    #[cfg(not(feature = "planted"))]
    pub const fn pass(self) {}

    /// Dies, if it is time: as if killed, for nothing is finished or flushed.
    #[cfg(feature = "planted")]
    #[expect(clippy::disallowed_methods, reason = "this is no setting, and no build for users has it")]
    pub fn pass(self) {
        use std::sync::OnceLock;
        use std::sync::atomic::{AtomicU64, Ordering};

        static FILE: OnceLock<Option<std::path::PathBuf>> = OnceLock::new();
        static PASSED: AtomicU64 = AtomicU64::new(0);
        let file = FILE.get_or_init(|| std::env::var_os(Self::VARIABLE).map(Into::into));
        let Some(order) = file.as_ref().and_then(|file| std::fs::read_to_string(file).ok()) else { return };
        let times = order.trim().strip_prefix(self.name()).and_then(|times| times.trim().parse::<u64>().ok());
        if times.is_some_and(|times| PASSED.fetch_add(1, Ordering::Relaxed) + 1 >= times) {
            std::process::abort();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_have_names_of_their_own_and_an_ordinary_build_lives() {
        let names: std::collections::BTreeSet<&str> = Point::ALL.map(Point::name).into();
        assert_eq!(names.len(), Point::ALL.len());
        for point in Point::ALL {
            point.pass();
        }
    }
}
