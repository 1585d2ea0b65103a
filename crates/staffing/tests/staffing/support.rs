//! Plans for tests.

use vikno_staffing::{Estimate, Measure, Part, Plan, Report, simulate};

/// A plan that names no other file.
pub fn parse(text: &str) -> Plan {
    Plan::parse(text, |name| Err(format!("{name} is not expected"))).unwrap_or_else(|problems| {
        let told: Vec<String> = problems.iter().map(ToString::to_string).collect();
        panic!("{}", told.join("\n"))
    })
}

/// A centre in which nothing changes: one queue, around the clock. `operators` is text of the group, after its id.
pub struct Steady {
    pub chats_per_hour: f64,
    pub handling_s: f64,
    pub patience_s: Option<f64>,
    pub operators: u32,
    pub group: &'static str,
}

impl Steady {
    pub fn plan(&self) -> Plan {
        const DAYS: [&str; 7] = [
            "monday",
            "tuesday",
            "wednesday",
            "thursday",
            "friday",
            "saturday",
            "sunday",
        ];
        let hours = vec![self.chats_per_hour.to_string(); 24].join(", ");
        let arrivals: String = DAYS
            .iter()
            .map(|day| format!("{day} = [{hours}]\n"))
            .collect();
        let patience = self
            .patience_s
            .map_or_else(String::new, |mean| format!("[patience]\nmean_s = {mean}\n"));
        parse(&format!(
            "name = \"steady\"\n[period]\ndays = 7\nwarm_up_hours = 24\n[arrivals]\n{arrivals}{patience}\
             [[topics]]\nid = \"any\"\nqueue = \"general\"\nshare = 1\nhandling = {{ mean_s = {} }}\n\
             [[operators]]\nid = \"all\"\n{}\n\
             [[shifts]]\noperators = \"all\"\ncount = {}\ndays = {DAYS:?}\nhours = \"00:00-24:00\"\n",
            self.handling_s, self.group, self.operators,
        ))
    }
}

/// The report of some runs.
pub fn report(plan: &Plan, seed: u64, runs: u32) -> Report {
    Report::new(plan, seed, &simulate(plan, seed, runs))
}

/// A figure of the whole.
pub fn total(report: &Report, measure: Measure) -> Estimate {
    report.total().unwrap().figures[&measure]
}

/// A figure of a named row.
pub fn mean(report: &Report, part: Part, name: &str, measure: Measure) -> f64 {
    let row = report.part(part).find(|row| row.name == name);
    row.unwrap_or_else(|| panic!("no row {name}"))
        .mean(measure)
        .unwrap()
}
