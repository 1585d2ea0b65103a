//! What time does: reminders, closing after silence, also after downtime; and one organisation deployed alone.
use libtest_mimic::Trial;

pub(crate) fn tests() -> Vec<Trial> {
    vec![]
}
