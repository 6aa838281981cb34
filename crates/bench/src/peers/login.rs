//! People who log in.

use std::io::Write as _;

use crate::Outcome;
use crate::load::Source;
use crate::random::Rng;
use crate::seed::email;
use crate::seed::world::USERS;

/// Everybody's password, and its hash at the cost that both sides hash with.
const PASSWORD: &str = "printer on fire 7";
pub(super) const HASH: &str = "$2b$10$B68p80j2aribnkrYQsm03OjPG1bTMKm.ZMpkNPr9kJCiggINwCzsW";

/// Somebody at random, each time.
#[derive(Debug)]
pub(super) struct Login(Rng);

impl Login {
    pub(super) fn new(n: usize) -> Self {
        Self(Rng::new(n as u64))
    }
}

impl Source for Login {
    fn next(&mut self, request: &mut Vec<u8>) -> Outcome<u16> {
        let body = format!(r#"{{"email":"{}","password":"{PASSWORD}"}}"#, email(1 + self.0.below(USERS)));
        request.clear();
        write!(
            request,
            "POST /api/auth/login HTTP/1.1\r\nhost: bench\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        )?;
        Ok(200)
    }
}
