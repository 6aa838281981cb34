//! Where clusters live, and removing what tasks left behind there that were
//! killed before they could clean up.

use super::account::Account;
use super::binaries::Binaries;
use crate::failure::Failure;
use crate::private::Place;
use crate::{user, workspace};

/// Where clusters may live, the preferred place first.
pub(super) fn places() -> Result<[Place; 2], Failure> {
    Ok([
        Place { parent: workspace::target()?, prefix: "postgres-test-" },
        Place { parent: std::env::temp_dir(), prefix: "faff-postgres-test-" },
    ])
}

/// Stops and removes every cluster that has lost its task.
pub(super) fn all(binaries: &Binaries) {
    let (Ok(places), Ok(account), Ok(me)) = (places(), Account::for_server(), user::me()) else {
        return;
    };
    for place in places {
        place.sweep(me, |directory| super::stop(binaries, &account, directory, "immediate"));
    }
}
