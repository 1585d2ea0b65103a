//! Choosing: which keywords stand in the text, what each reply scores by them, which of the best may be given.

use crate::tree::{Replies, Reply};
use crate::vocabulary::{CORRECTIONS_MAX, Hit, How};
use crate::words::{Word, words};
use crate::{Conditions, Situation};
use std::collections::BTreeMap;
use vikno_domain::MediaRef;

/// A keyword of three letters, exactly written: below that nothing is sure enough to answer.
const SCORE_MIN: u32 = 30;
/// Words side by side are no chance.
const PHRASE_PERCENT: u32 = 150;

/// The answer to give.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chosen {
    /// Id of the reply.
    pub reply: String,
    /// The topic it belongs to.
    pub topic: String,
    /// Urgency where it differs from the topic's.
    pub priority: Option<i64>,
    /// Text id.
    pub text: String,
    /// Ids of the replies offered below it.
    pub buttons: Vec<String>,
    /// A file sent before the text.
    pub media: Option<MediaRef>,
}

/// A keyword found in the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Match {
    pub(crate) keyword: usize,
    /// Place of each part among the words, with its points.
    pub(crate) places: Vec<(usize, u32)>,
}

/// What one reply scores.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Score {
    pub(crate) reply: usize,
    pub(crate) points: u32,
    /// The topic is known, by its words or from the dialogue, so that hints count.
    pub(crate) known: bool,
    /// Its own words stand for all that counts here, so nothing of the replies above is lost with it.
    pub(crate) is_whole: bool,
    /// What is given when this one wins: itself, or what stands in for it.
    pub(crate) gives: Option<usize>,
}

/// Everything that is found out on the way to an answer.
#[derive(Debug)]
pub(crate) struct Weighing {
    pub(crate) words: Vec<(Word, Vec<Hit>)>,
    pub(crate) matches: Vec<Match>,
    /// Replies with a score, in the order of the file.
    pub(crate) scores: Vec<Score>,
    /// Place of the winner among them.
    pub(crate) winner: Option<usize>,
}

impl Replies {
    /// The answer to a text; none when nothing fits well enough.
    pub fn choose(&self, text: &str, situation: &Situation) -> Option<Chosen> {
        let weighing = self.weigh(text, situation);
        let winner = &weighing.scores[weighing.winner?];
        Some(self.give(winner.gives?, situation))
    }

    /// The answer to a pressed button; conditions decide as for a text.
    pub fn answer(&self, id: &str, situation: &Situation) -> Option<Chosen> {
        let reply = self.replies.iter().position(|reply| reply.id == id)?;
        // A button that was offered is answered even if its time has passed meanwhile.
        let gives = self.allowed(reply, situation).unwrap_or(reply);
        Some(self.give(gives, situation))
    }

    fn give(&self, reply: usize, situation: &Situation) -> Chosen {
        let reply = &self.replies[reply];
        let asked = self.was_asked(reply, situation);
        let fits = |when: &Conditions| when.hold(situation, asked);
        let variant = reply.variants.iter().find(|variant| fits(&variant.when));
        let buttons = variant.and_then(|variant| variant.buttons.clone());
        Chosen {
            reply: reply.id.clone(),
            topic: reply.topic.clone(),
            priority: reply.priority,
            text: variant.map_or_else(|| reply.text.clone(), |variant| variant.text.clone()),
            buttons: buttons.unwrap_or_else(|| reply.buttons.clone()),
            media: reply.media.clone(),
        }
    }

    /// Whether the reply, or one below it, has been given in this dialogue.
    pub(crate) fn was_asked(&self, reply: &Reply, situation: &Situation) -> bool {
        situation.asked.iter().any(|id| {
            let place = self.replies.iter().position(|known| known.id == *id);
            place.is_some_and(|place| {
                let line = self.line(place);
                line.iter().any(|above| self.replies[*above].id == reply.id)
            })
        })
    }

    /// The reply itself if it may be given, else what stands in for it.
    fn allowed(&self, reply: usize, situation: &Situation) -> Option<usize> {
        let mut at = reply;
        // At most every reply once, whatever circle the file describes.
        for _ in 0..self.replies.len() {
            let this = &self.replies[at];
            if this.only.hold(situation, self.was_asked(this, situation)) {
                return Some(at);
            }
            at = this.otherwise.or(this.under)?;
        }
        None
    }

    pub(crate) fn weigh(&self, text: &str, situation: &Situation) -> Weighing {
        let words = self.recognise(text);
        let matches = self.matches(&words);
        let current = situation.current.as_ref();
        let topic = current
            .and_then(|id| self.get(id))
            .map(|reply| reply.topic.as_str());
        let scores: Vec<Score> = (0..self.replies.len())
            .filter_map(|reply| self.score(reply, &matches, topic, situation))
            .collect();
        let winner = self.winner(&scores);
        Weighing {
            words,
            matches,
            scores,
            winner,
        }
    }

    fn recognise(&self, text: &str) -> Vec<(Word, Vec<Hit>)> {
        let mut corrections = CORRECTIONS_MAX;
        let look = |word: Word| {
            let hits = self.vocabulary.find(&word, corrections > 0);
            if hits.is_empty() {
                corrections = corrections.saturating_sub(1);
            }
            (word, hits)
        };
        words(text).into_iter().map(look).collect()
    }

    fn matches(&self, words: &[(Word, Vec<Hit>)]) -> Vec<Match> {
        let mut found: BTreeMap<usize, Match> = BTreeMap::new();
        for (place, (_, hits)) in words.iter().enumerate() {
            for hit in hits {
                for keyword in self.by_part.get(hit.part).into_iter().flatten() {
                    let Some(places) = self.places(*keyword, place, words) else {
                        continue;
                    };
                    let points =
                        |places: &[(usize, u32)]| places.iter().map(|(_, p)| p).sum::<u32>();
                    let better = found
                        .get(keyword)
                        .is_none_or(|known| points(&known.places) < points(&places));
                    if better {
                        let keyword = *keyword;
                        found.insert(keyword, Match { keyword, places });
                    }
                }
            }
        }
        found.into_values().collect()
    }

    /// Where the keyword's parts stand, if they stand side by side from this place on.
    fn places(
        &self,
        keyword: usize,
        start: usize,
        words: &[(Word, Vec<Hit>)],
    ) -> Option<Vec<(usize, u32)>> {
        let parts = &self.keywords[keyword].parts;
        let percent = if parts.len() > 1 { PHRASE_PERCENT } else { 100 };
        let place = |(offset, part): (usize, &usize)| {
            let (_, hits) = words.get(start + offset)?;
            let hit = hits.iter().find(|hit| hit.part == *part)?;
            let points = self.vocabulary.length(*part) * hit.how.points() * percent / 100;
            Some((start + offset, points))
        };
        parts.iter().enumerate().map(place).collect()
    }

    /// Points of a reply: its own words and hints and those of the replies above; each word of the text counts once.
    fn score(
        &self,
        reply: usize,
        matches: &[Match],
        topic: Option<&str>,
        situation: &Situation,
    ) -> Option<Score> {
        let line = self.line(reply);
        let named = |owner: &usize| self.of(*owner, matches, false).next().is_some();
        let known = topic == Some(self.replies[reply].topic.as_str()) || line.iter().any(named);
        let own = self.points(&[reply], matches, known);
        if own.is_empty() {
            return None;
        }
        let all = self.points(&line, matches, known);
        Some(Score {
            reply,
            points: all.values().sum::<u32>() * self.replies[reply].weight / 100,
            known,
            is_whole: own.len() == all.len(),
            gives: self.allowed(reply, situation),
        })
    }

    fn of<'a>(
        &'a self,
        owner: usize,
        matches: &'a [Match],
        is_hint: bool,
    ) -> impl Iterator<Item = &'a Match> {
        matches.iter().filter(move |found| {
            let keyword = &self.keywords[found.keyword];
            keyword.reply == owner && keyword.is_hint == is_hint
        })
    }

    /// The best points of each place by the words of these replies, and by their hints where the topic is known.
    fn points(&self, owners: &[usize], matches: &[Match], known: bool) -> BTreeMap<usize, u32> {
        let words = owners
            .iter()
            .flat_map(|owner| self.of(*owner, matches, false));
        let hints = owners
            .iter()
            .flat_map(|owner| self.of(*owner, matches, true));
        let mut best: BTreeMap<usize, u32> = BTreeMap::new();
        let found = words.chain(hints.filter(|_| known));
        for (place, points) in found.flat_map(|found| &found.places) {
            let most = best.entry(*place).or_default();
            *most = (*most).max(*points);
        }
        best
    }

    /// The most points; of equal ones the first, but within a topic the more particular that says it all.
    fn winner(&self, scores: &[Score]) -> Option<usize> {
        let mut best: Option<usize> = None;
        for (place, score) in scores.iter().enumerate() {
            if score.points < SCORE_MIN || score.gives.is_none() {
                continue;
            }
            let wins = best.is_none_or(|best| {
                let (old, new) = (
                    &self.replies[scores[best].reply],
                    &self.replies[score.reply],
                );
                let deeper = old.topic == new.topic && new.depth > old.depth && score.is_whole;
                score.points > scores[best].points
                    || (score.points == scores[best].points && deeper)
            });
            if wins {
                best = Some(place);
            }
        }
        best
    }
}

/// Only for explanations: how the word at a place was recognised for a part.
pub(crate) fn how(words: &[(Word, Vec<Hit>)], place: usize, part: usize) -> Option<How> {
    let (_, hits) = words.get(place)?;
    hits.iter().find(|hit| hit.part == part).map(|hit| hit.how)
}
