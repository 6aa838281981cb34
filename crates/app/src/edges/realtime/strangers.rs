//! Sockets that are not logged in yet: so many of one address.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

/// Sockets of one address that are not logged in yet.
const STRANGERS: u32 = 200;

/// How many there are, by their addresses.
#[derive(Debug, Clone, Default)]
pub(crate) struct Strangers(Arc<Mutex<HashMap<IpAddr, u32>>>);

/// The place of a socket that is not logged in yet.
#[derive(Debug)]
pub(crate) struct Stranger {
    strangers: Strangers,
    address: IpAddr,
}

impl Strangers {
    /// Counts a socket that is not logged in; `None` when its address has too many.
    pub(crate) fn admit(&self, address: IpAddr) -> Option<Stranger> {
        let mut strangers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = strangers.entry(address).or_insert(0);
        if *count >= STRANGERS {
            return None;
        }
        *count += 1;
        Some(Stranger { strangers: self.clone(), address })
    }
}

impl Drop for Stranger {
    fn drop(&mut self) {
        let mut strangers = self.strangers.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Entry::Occupied(mut entry) = strangers.entry(self.address) {
            *entry.get_mut() -= 1;
            if *entry.get() == 0 {
                entry.remove();
            }
        }
    }
}
