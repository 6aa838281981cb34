//! How good the analysis is: conversations with what is to be found in them, and what counts as found.
//!
//! The set (`set/*.txt`) was written for this. Conversations are parted by an empty line:
//!
//! ```text
//! = Title
//! : status
//! | a line of the description
//! *ada [negative,escalate]: A message. {{date|12 March 2026}} is to be found as a date; \n is a new line.
//! ```
//!
//! `*` marks what a summary must not leave out. Labels are `positive`, `negative`, `escalate`, `contradicted` and `rude` (what is
//! rude is marked in the text as well). What is not marked must not be found.

pub(crate) mod measure;
pub(crate) mod set;
