//! Automatic answers and what came of them: remembered for the processes, written into the journal for statistics.

use crate::effects::Book;
use serde_json::json;
use vikno_domain::{Reaction, ReplyFacts};

/// Answers remembered of one dialogue: whoever has read sixteen is with an operator since long.
const GIVEN_MAX: usize = 16;

impl Book<'_> {
    /// An answer of the tree goes out.
    pub(crate) fn replied(&mut self, reply: String) {
        let now_ms = self.now_ms;
        let Some(conversation) = &mut self.conversation else {
            return;
        };
        let facts = &mut conversation.facts.replies;
        facts.given.push(reply.clone());
        if facts.given.len() > GIVEN_MAX {
            facts.given.remove(0);
        }
        facts.given_at_ms = now_ms;
        facts.reaction = None;
        let data = json!({ "reply": reply, "topic": conversation.topic });
        self.journal("process", "reply_given", data);
    }

    /// The citizen has done something about the newest answer: the first thing counts.
    pub(crate) fn reacted(&mut self, reaction: Reaction) {
        let now_ms = self.now_ms;
        let Some(conversation) = &mut self.conversation else {
            return;
        };
        let facts = &mut conversation.facts.replies;
        let Some(reply) = facts.pending().map(str::to_owned) else {
            return;
        };
        facts.reaction = Some(reaction);
        facts.unhelpful = unhelpful(facts, reaction);
        let data = json!({
            "reply": reply,
            "topic": conversation.topic,
            "reaction": reaction,
            "after_s": (now_ms - conversation.facts.replies.given_at_ms) / 1_000,
            "unhelpful": conversation.facts.replies.unhelpful,
        });
        self.journal("citizen", "reply_reaction", data);
    }
}

fn unhelpful(facts: &ReplyFacts, reaction: Reaction) -> u32 {
    match reaction {
        Reaction::NotHelped => facts.unhelpful.saturating_add(1),
        Reaction::Helped => 0,
        Reaction::Button | Reaction::Message | Reaction::Silence => facts.unhelpful,
    }
}
