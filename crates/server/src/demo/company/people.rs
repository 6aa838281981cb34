//! The twelve people of Larkmoor Instruments, a made-up maker of tide gauges.
//!
//! Their first names begin with A to L in order, which is how the scripts name
//! them.

use super::Person;

/// Everyone, in the order of their first names.
pub(super) fn people() -> Vec<Person> {
    [
        ("Anneke Holtby", "anneke@larkmoor.example", true, "leads IT, looks after servers and security"),
        ("Bram Okonjo", "bram@larkmoor.example", false, "IT support: laptops, printers, whatever beeps"),
        ("Celia Brandreth", "celia@larkmoor.example", false, "finance and payroll"),
        (
            "Dilip Thornbury",
            "dilip@larkmoor.example",
            false,
            "facilities: doors, heating, everything with a screw",
        ),
        ("Edda Quillfeather", "edda@larkmoor.example", true, "runs operations and approves things"),
        ("Farouk Lindgrove", "farouk@larkmoor.example", false, "warehouse and dispatch"),
        ("Gwen Abernoth", "gwen@larkmoor.example", false, "human resources"),
        ("Hamish Petrowell", "hamish@larkmoor.example", false, "sales, usually on a train"),
        ("Imogen Satterley", "imogen@larkmoor.example", false, "runs the calibration lab"),
        ("Jonas Wetherwick", "jonas@larkmoor.example", false, "writes the company's own software"),
        ("Kezia Moreaux", "kezia@larkmoor.example", false, "office, reception and travel"),
        ("Lorcan Iyerson", "lorcan@larkmoor.example", false, "customer support"),
    ]
    .into_iter()
    .map(|(name, email, role_admin, about)| Person { name, email, role_admin, about })
    .collect()
}

/// The position of the person whom a script calls by `letter`.
pub(super) fn by_letter(letter: char) -> Option<usize> {
    ('A'..='L').position(|l| l == letter)
}
