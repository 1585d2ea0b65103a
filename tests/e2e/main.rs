//! The end-to-end tests: the real components in the real host, against stand-ins of the outside services.
//!
//! One installation serves all tests but those that kill or change one.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "tests"
)]

mod chat_api;
mod code;
mod console;
mod corezoid_api;
mod corezoid_operations;
mod crash;
mod delivery;
mod deployment;
mod dialogues;
mod exports;
mod fixtures;
mod interventions;
mod operator_api;
mod outside;
mod people;
mod permissions;
mod process_viewer;
mod processes;
mod routing;
mod settings;
mod site;
mod timers;
mod transfers;
mod typing;
mod verify;

use libtest_mimic::{Arguments, Trial};
use std::sync::{Arc, OnceLock};
use vikno_tests::installation::Installation;

/// Started by the first test that needs it.
#[derive(Clone, Default)]
pub(crate) struct Shared(Arc<OnceLock<Installation>>);

impl Shared {
    pub(crate) fn get(&self) -> &Installation {
        self.0.get_or_init(Installation::start)
    }

    /// A test over the shared installation.
    pub(crate) fn test(&self, name: impl Into<String>, run: fn(&Installation)) -> Trial {
        let shared = self.clone();
        Trial::test(name, move || {
            run(shared.get());
            Ok(())
        })
    }
}

/// A test with an installation of its own, or none.
pub(crate) fn alone(name: impl Into<String>, run: fn()) -> Trial {
    Trial::test(name, move || {
        run();
        Ok(())
    })
}

fn main() {
    let mut arguments = Arguments::from_args();
    // Two cores, a host beside us: more threads only wait for each other.
    arguments.test_threads = arguments.test_threads.or(Some(4));
    let shared = Shared::default();
    let trials = [
        // The longest one first: the others fill the cores beside it.
        console::tests(),
        dialogues::tests(&shared),
        fixtures::tests(&shared),
        chat_api::tests(&shared),
        corezoid_api::tests(&shared),
        corezoid_operations::tests(&shared),
        operator_api::tests(&shared),
        transfers::tests(&shared),
        typing::tests(&shared),
        people::tests(&shared),
        permissions::tests(&shared),
        processes::tests(&shared),
        interventions::tests(),
        outside::tests(),
        process_viewer::tests(&shared),
        routing::tests(),
        exports::tests(&shared),
        delivery::tests(),
        site::tests(&shared),
        code::tests(),
        timers::tests(),
        verify::tests(),
        settings::tests(&shared),
        crash::tests(),
    ];
    let conclusion = libtest_mimic::run(&arguments, trials.into_iter().flatten().collect());
    // Ends the installation before the process does.
    drop(shared);
    conclusion.exit();
}
