//! Which of the due messages leave now, and in which order.

use crate::{Limiter, Limits};
use std::collections::BTreeMap;
use vikno_domain::Channel;

/// A message whose time has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueMessage {
    /// Row of the outbox; a lower one of the same chat goes first.
    pub id: i64,
    /// By which channel.
    pub channel: Channel,
    /// To whom.
    pub chat: String,
    /// How many calls of the channel it takes.
    pub calls: u32,
}

/// What to do with the due messages; each is in exactly one of the three lists.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    /// Sequences of ids: chats side by side, the messages of one chat one after the other. When one fails, the rest
    /// of its sequence is not sent.
    pub send: Vec<Vec<i64>>,
    /// Chats that have had enough for now, and until when.
    pub defer: Vec<(Channel, String, i64)>,
    /// Ids that stay as they are: their bot is waiting.
    pub left: Vec<i64>,
}

/// Plans the due messages and counts those that leave. Within a chat no message overtakes another.
pub fn plan(due: &[DueMessage], limiter: &mut Limiter, limits: &Limits, now_ms: i64) -> Plan {
    let mut in_order: Vec<&DueMessage> = due.iter().collect();
    in_order.sort_by_key(|message| message.id);
    limiter.forget_quiet_chats(limits, now_ms);
    let mut plan = Plan::default();
    let mut chats: BTreeMap<(Channel, &str), Chat> = BTreeMap::new();
    for message in in_order {
        let (channel, chat) = (message.channel, message.chat.as_str());
        let known = chats.get(&(channel, chat)).copied();
        match known {
            Some(Chat::Deferred) => continue,
            Some(Chat::Left) => {
                plan.left.push(message.id);
                continue;
            }
            Some(Chat::Sending(_)) | None => {}
        }
        let chat_ready_at_ms = limiter.chat_ready_at_ms(channel, chat, limits);
        let now_is = if limiter.ready_at_ms(channel, limits) > now_ms {
            plan.left.push(message.id);
            Chat::Left
        } else if chat_ready_at_ms > now_ms {
            plan.defer
                .push((channel, chat.to_owned(), chat_ready_at_ms));
            Chat::Deferred
        } else {
            limiter.take(channel, chat, message.calls, limits, now_ms);
            match known {
                Some(Chat::Sending(place)) => {
                    plan.send[place].push(message.id);
                    Chat::Sending(place)
                }
                _ => {
                    plan.send.push(vec![message.id]);
                    Chat::Sending(plan.send.len() - 1)
                }
            }
        };
        chats.insert((channel, chat), now_is);
    }
    plan
}

/// What was decided for a chat so far.
#[derive(Clone, Copy)]
enum Chat {
    Sending(usize),
    Deferred,
    Left,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn due(id: i64, chat: &str) -> DueMessage {
        DueMessage {
            id,
            channel: Channel::Telegram,
            chat: chat.into(),
            calls: 1,
        }
    }

    fn planned(due: &[DueMessage]) -> Plan {
        plan(due, &mut Limiter::default(), &Limits::default(), 0)
    }

    #[test]
    fn chats_go_side_by_side_and_their_messages_in_order() {
        let plan = planned(&[due(3, "a"), due(1, "a"), due(2, "b")]);
        assert_eq!(plan.send, [vec![1, 3], vec![2]]);
        assert!(plan.defer.is_empty() && plan.left.is_empty());
    }

    #[test]
    fn the_rest_of_a_burst_waits_for_its_second() {
        let burst: Vec<_> = (1..=7).map(|id| due(id, "a")).collect();
        let plan = planned(&burst);
        assert_eq!(plan.send, [vec![1, 2, 3, 4, 5]]);
        assert_eq!(plan.defer, [(Channel::Telegram, "a".to_owned(), 1_000)]);
    }

    #[test]
    fn when_the_bot_has_to_wait_everything_of_it_stays() {
        let mut limiter = Limiter::default();
        limiter.pause(Channel::Telegram, 5_000);
        let viber = DueMessage {
            channel: Channel::Viber,
            ..due(2, "v")
        };
        let plan = plan(&[due(1, "a"), viber], &mut limiter, &Limits::default(), 0);
        assert_eq!((plan.send, plan.left), (vec![vec![2]], vec![1]));
    }

    #[test]
    fn a_bot_sends_thirty_a_second() {
        let crowd: Vec<_> = (0..40).map(|id| due(id, &id.to_string())).collect();
        let plan = planned(&crowd);
        assert_eq!((plan.send.len(), plan.left.len()), (30, 10));
    }

    #[test]
    fn another_organisation_has_no_limits() {
        let relays: Vec<_> = (0..200)
            .map(|id| DueMessage {
                channel: Channel::Organisation,
                ..due(id, "mzs")
            })
            .collect();
        assert_eq!(planned(&relays).send[0].len(), 200);
    }

    proptest! {
        #[test]
        fn no_message_overtakes_another_of_its_chat(
            chats in proptest::collection::vec(0_u8..6, 0..80),
            tokens_gone in 0_u32..40,
        ) {
            let limits = Limits::default();
            let mut limiter = Limiter::default();
            limiter.take(Channel::Telegram, "other", tokens_gone, &limits, 0);
            let messages: Vec<_> = (0..).zip(&chats).map(|(id, chat)| due(id, &chat.to_string())).collect();
            let plan = plan(&messages, &mut limiter, &limits, 0);
            let sent: Vec<i64> = plan.send.concat();
            for message in &messages {
                if sent.contains(&message.id) {
                    let earlier = messages.iter().filter(|other| other.chat == message.chat && other.id < message.id);
                    for other in earlier {
                        prop_assert!(sent.contains(&other.id));
                    }
                } else {
                    let deferred = plan.defer.iter().any(|(_, chat, _)| *chat == message.chat);
                    prop_assert!(deferred || plan.left.contains(&message.id));
                }
            }
            prop_assert!(plan.send.iter().all(|sequence| sequence.is_sorted()));
        }
    }
}
