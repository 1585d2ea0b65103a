//! How fast the simulation is: `cargo run --release -p vikno-staffing --example speed`.

use std::io::Write;
use std::time::Instant;
use vikno_staffing::{Plan, outcome};

/// A busy centre: 120 operators, six topics, two languages, two chats at once, a week a run.
fn plan() -> String {
    const DAYS: [&str; 7] = [
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
    ];
    let mut text =
        "name = \"busy\"\n[languages]\nuk = 0.9\nen = 0.1\n[patience]\nmean_s = 600\n[arrivals]\n"
            .to_owned();
    for day in DAYS {
        let hours: Vec<String> = (0..24)
            .map(|hour| (600 + 200 * (hour % 12)).to_string())
            .collect();
        text += &format!("{day} = [{}]\n", hours.join(", "));
    }
    for topic in 1..=6 {
        text += &format!(
            "[[topics]]\nid = \"topic-{topic}\"\nqueue = \"queue-{}\"\nshare = 1\nautomated = 0.3\n\
             handling = {{ mean_s = 400, shape = \"lognormal\" }}\n",
            topic % 3
        );
    }
    for (group, languages, count) in [("some", "\"uk\"", 90), ("all", "\"uk\", \"en\"", 30)] {
        text += &format!(
            "[[operators]]\nid = \"{group}\"\nlanguages = [{languages}]\nchats_at_once = 2\nslowdown = 0.2\n\
             [[shifts]]\noperators = \"{group}\"\ncount = {count}\ndays = {DAYS:?}\nhours = \"00:00-24:00\"\n"
        );
    }
    text
}

fn main() -> std::io::Result<()> {
    let none = |name: &str| Err(format!("{name} is not expected"));
    let plan = Plan::parse(&plan(), none)
        .map_err(|problems| std::io::Error::other(format!("{problems:?}")))?;
    let start = Instant::now();
    let mut citizens = 0;
    let mut runs = 0;
    while citizens < 3_000_000 {
        citizens += outcome(&plan, 1, runs).citizens();
        runs += 1;
    }
    let seconds = start.elapsed().as_secs_f64();
    let rate = citizens as f64 / seconds / 1e6;
    writeln!(
        std::io::stdout(),
        "{citizens} citizens in {runs} runs: {seconds:.2} s, {rate:.2} million a second"
    )
}
