//! Requests to stop. Without handlers the first ctrl-c would end this process at
//! once and leave a database cluster behind; with them a task notes the signal,
//! sees its child end and cleans up. Handlers, unlike ignored signals, are not
//! inherited: children keep the default behaviour.

use crate::failure::{Doing, Outcome};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock};

/// Not yet passed on.
static NEW: LazyLock<Arc<AtomicUsize>> = LazyLock::new(Arc::default);
/// The latest one ever, passed on or not.
static LATEST: LazyLock<Arc<AtomicUsize>> = LazyLock::new(Arc::default);

/// The requests to stop that a task listens to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Signal {
    /// ctrl-c, or `kill -INT`.
    Interrupt,
    /// `kill`.
    Terminate,
    /// The terminal has gone.
    Hangup,
}

impl Signal {
    const ALL: [(Self, i32, &'static str); 3] =
        [(Self::Interrupt, SIGINT, "INT"), (Self::Terminate, SIGTERM, "TERM"), (Self::Hangup, SIGHUP, "HUP")];

    fn from_cell(cell: &AtomicUsize, then: impl FnOnce(&AtomicUsize) -> usize) -> Option<Self> {
        let number = i32::try_from(then(cell)).ok()?;
        Self::ALL.iter().find(|(_, known, _)| *known == number).map(|(signal, _, _)| *signal)
    }

    /// The name that `kill` knows it by.
    pub(crate) fn name(self) -> &'static str {
        Self::ALL.iter().find(|(signal, _, _)| *signal == self).map_or("TERM", |(_, _, name)| *name)
    }

    /// The exit code of a program that this signal ended.
    pub(crate) fn exit_code(self) -> u8 {
        match self {
            Self::Interrupt => 130,
            Self::Terminate => 143,
            Self::Hangup => 129,
        }
    }
}

/// Starts listening.
pub(crate) fn install() -> Outcome {
    for (_, number, name) in Signal::ALL {
        let value = usize::try_from(number).unwrap_or_default();
        for cell in [&NEW, &LATEST] {
            signal_hook::flag::register_usize(number, Arc::clone(cell), value)
                .doing(|| format!("listen to SIG{name}"))?;
        }
    }
    Ok(())
}

/// A signal that has come since the last call.
pub(crate) fn take() -> Option<Signal> {
    Signal::from_cell(&NEW, |cell| cell.swap(0, Ordering::SeqCst))
}

/// The signal that told this task to stop, if one ever did.
pub(crate) fn latest() -> Option<Signal> {
    Signal::from_cell(&LATEST, |cell| cell.load(Ordering::SeqCst))
}
