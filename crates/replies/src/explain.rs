//! Why a reply was chosen: the words with their stems and corrections, the scores of all that came into
//! question, the conditions that held and that did not. For authors, in a test box and on the command line.

use crate::Situation;
use crate::choose::{Weighing, how};
use crate::stem::stem;
use crate::tree::Replies;
use crate::vocabulary::How;
use serde::Serialize;

/// All that led to an answer, or to none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Explanation {
    /// The words that count.
    pub words: Vec<WordSeen>,
    /// Replies that scored, the best first.
    pub candidates: Vec<Candidate>,
    /// Id of the reply given; none when the citizen gets the menu.
    pub reply: Option<String>,
    /// Its text, in this situation.
    pub text: Option<String>,
    /// The replies offered below it.
    pub buttons: Vec<String>,
}

/// A word of the text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WordSeen {
    /// In lower case.
    pub word: String,
    /// What its forms have in common.
    pub stem: String,
    /// Keywords it belongs to.
    pub found: Vec<Found>,
}

/// A keyword that a word belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Found {
    /// As the author wrote it.
    pub keyword: String,
    /// The reply it leads to.
    pub reply: String,
    /// It counts only where the topic is known.
    pub hint: bool,
    /// Form, beginning, Latin letters, layout, slips.
    #[serde(flatten)]
    pub how: How,
    /// What it counts.
    pub points: u32,
}

/// A reply that scored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Candidate {
    /// Its id.
    pub reply: String,
    /// Ten for each letter of a keyword that stands in the text as it should.
    pub score: u32,
    /// The topic was known, so hints counted.
    pub topic_known: bool,
    /// Its conditions.
    pub conditions: Vec<Verdict>,
    /// What is given when it wins; none when nothing may stand in for it.
    pub gives: Option<String>,
}

/// One condition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Verdict {
    /// Its field in the file.
    pub condition: &'static str,
    /// Whether it holds now.
    pub holds: bool,
}

impl Replies {
    /// Tells why [`Replies::choose`] chooses what it does.
    pub fn explain(&self, text: &str, situation: &Situation) -> Explanation {
        let weighing = self.weigh(text, situation);
        let chosen = self.choose(text, situation);
        let mut candidates = self.candidates(&weighing, situation);
        let winner = weighing.winner.map(|place| candidates.remove(place));
        candidates.sort_by_key(|candidate| std::cmp::Reverse(candidate.score));
        candidates.splice(0..0, winner);
        let words = (0..weighing.words.len()).map(|place| self.word(&weighing, place));
        Explanation {
            words: words.collect(),
            candidates,
            reply: chosen.as_ref().map(|chosen| chosen.reply.clone()),
            text: chosen.as_ref().map(|chosen| chosen.text.clone()),
            buttons: chosen.map(|chosen| chosen.buttons).unwrap_or_default(),
        }
    }

    fn word(&self, weighing: &Weighing, place: usize) -> WordSeen {
        let written = &weighing.words[place].0.written;
        let mut found = Vec::new();
        for matched in &weighing.matches {
            let keyword = &self.keywords[matched.keyword];
            for ((at, points), part) in matched.places.iter().zip(&keyword.parts) {
                if let (true, Some(how)) = (*at == place, how(&weighing.words, place, *part)) {
                    found.push(Found {
                        keyword: keyword.written.clone(),
                        reply: self.replies[keyword.reply].id.clone(),
                        hint: keyword.is_hint,
                        how,
                        points: *points,
                    });
                }
            }
        }
        WordSeen {
            word: written.clone(),
            stem: stem(written),
            found,
        }
    }

    fn candidates(&self, weighing: &Weighing, situation: &Situation) -> Vec<Candidate> {
        let candidate = |score: &crate::choose::Score| {
            let reply = &self.replies[score.reply];
            let verdicts = reply
                .only
                .verdicts(situation, self.was_asked(reply, situation));
            let verdicts = verdicts.into_iter();
            Candidate {
                reply: reply.id.clone(),
                score: score.points,
                topic_known: score.known,
                conditions: verdicts
                    .map(|(condition, holds)| Verdict { condition, holds })
                    .collect(),
                gives: score.gives.map(|reply| self.replies[reply].id.clone()),
            }
        };
        weighing.scores.iter().map(candidate).collect()
    }
}
