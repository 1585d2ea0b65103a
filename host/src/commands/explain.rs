//! `vikno explain`: why a text gets the automatic reply it gets.

use super::print;
use super::project::Project;
use anyhow::{Context, Result, bail};
use clap::Args;
use std::fs;
use std::time::{SystemTime, UNIX_EPOCH};
use vikno_domain::{Channel, Language};
use vikno_organisation::{Organisation, Problem};
use vikno_replies::{Moment, Situation};

/// `vikno explain`.
#[derive(Args)]
pub struct Explain {
    /// The organisation.
    #[arg(long)]
    org: String,
    /// What the citizen writes.
    text: String,
    /// Topic or reply that the dialogue is about.
    #[arg(long)]
    about: Option<String>,
    /// Language of the dialogue [default: the organisation's].
    #[arg(long)]
    language: Option<String>,
    /// Channel: telegram, viber or web.
    #[arg(long, default_value = "telegram")]
    channel: String,
    /// Dialogues before this one.
    #[arg(long, default_value_t = 0)]
    dialogues: u32,
    /// Answers in a row that did not help.
    #[arg(long, default_value_t = 0)]
    unhelpful: u32,
    /// Unix milliseconds [default: now].
    #[arg(long)]
    at_ms: Option<i64>,
}

impl Explain {
    /// Prints words, stems, scores and conditions as JSON.
    pub fn run(self) -> Result<()> {
        let folder = Project::find(None)?
            .root
            .join("organisations")
            .join(&self.org);
        let read = |name: &str| {
            let path = folder.join(name);
            fs::read_to_string(&path).with_context(|| path.display().to_string())
        };
        let organisation = or_problems(Organisation::parse(&read("organisation.toml")?))?;
        let replies = or_problems(organisation.replies(&read("replies.toml")?))?;
        let situation = self.situation(&organisation)?;
        let explanation = replies.explain(&self.text, &situation);
        print::line(serde_json::to_string_pretty(&explanation)?);
        Ok(())
    }

    fn situation(&self, organisation: &Organisation) -> Result<Situation> {
        let language = self.language.as_deref().map(Language::parse).transpose()?;
        let local = organisation.hours.local(self.at_ms.unwrap_or_else(now_ms));
        Ok(Situation {
            language: organisation.language(language.as_ref()).clone(),
            channel: Channel::parse(&self.channel)?,
            identified: false,
            phone_known: false,
            dialogues: self.dialogues,
            moment: Moment {
                weekday: local.weekday,
                minute: local.minute,
                working: local.working,
                holiday: local.holiday,
            },
            current: self.about.clone(),
            asked: self.about.iter().cloned().collect(),
            unhelpful: self.unhelpful,
        })
    }
}

fn or_problems<T>(read: Result<T, Vec<Problem>>) -> Result<T> {
    match read {
        Ok(value) => Ok(value),
        Err(problems) => {
            for problem in &problems {
                print::line(problem);
            }
            bail!("{} problems", problems.len())
        }
    }
}

fn now_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| {
        i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
    })
}
