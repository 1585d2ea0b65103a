//! Runners that claim, die and come back, by seed: every event is settled once, and in order.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "tests"
)]

use vikno_conversation::{ChatState, Citizen, Decision, JournalEntry, Outcome};
use vikno_domain::{Channel, Content, InboundEvent, Language};
use vikno_storage::migrations::{Kind, migrate};
use vikno_storage::turns::{self, Batch, ClaimedChat, DecidedChat, EventState};
use vikno_storage::{Database, StorageError, block_on, inbox};

const CHATS: u64 = 5;
const EVENTS: u64 = 60;

/// A small generator with a printed seed: the same seed gives the same history.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % sides
    }
}

fn event(number: u64, chat: u64) -> InboundEvent {
    InboundEvent {
        channel: Channel::Telegram,
        chat: chat.to_string(),
        dedupe_key: format!("update:{number}"),
        at_ms: 0,
        sender: None,
        external_id: None,
        content: Content::Text {
            text: format!("{number}"),
        },
    }
}

/// What a runner would decide: one journal line for each event, with the event's number.
fn decide(chat: ClaimedChat, now_ms: i64) -> DecidedChat {
    let citizen = chat.state.citizen.unwrap_or_else(|| Citizen {
        id: format!("p_{}", chat.chat),
        channel: chat.channel,
        chat: chat.chat.clone(),
        name: None,
        language: Language::parse("uk").unwrap(),
        phone: None,
        phone_verified: false,
        identity: None,
        blocked: false,
        conversations: 0,
        conversation_id: None,
        created_at_ms: now_ms,
    });
    let journal = chat.events.iter().map(|waiting| {
        let Content::Text { text } = waiting.event.as_ref().unwrap().content.clone() else {
            panic!("only texts were put in")
        };
        JournalEntry {
            at_ms: now_ms,
            conversation_id: None,
            actor: chat.chat.clone(),
            what: "seen".to_owned(),
            data: serde_json::json!({ "number": text.parse::<u64>().unwrap() }),
        }
    });
    DecidedChat {
        channel: chat.channel,
        chat: chat.chat.clone(),
        decisions: vec![Decision {
            journal: journal.collect(),
            ..Decision::default()
        }],
        outcomes: chat
            .events
            .iter()
            .map(|waiting| (waiting.id, EventState::Done, Some(Outcome::Applied)))
            .collect(),
        state: ChatState {
            citizen: Some(citizen),
            ..ChatState::default()
        },
        closed: Vec::new(),
    }
}

#[test]
fn every_event_is_settled_once_and_in_order_whoever_dies() {
    for seed in 1..=40 {
        simulate(seed);
    }
}

fn simulate(seed: u64) {
    let database = block_on(Database::open(":memory:")).unwrap();
    block_on(migrate(&database, Kind::Organisation)).unwrap();
    let mut dice = Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15));
    let mut now_ms = 1_000;
    let mut sent = 0;
    let mut holding: Vec<(String, Vec<DecidedChat>)> = Vec::new();
    let mut runners = 0;
    while sent < EVENTS || pending(&database) {
        // Most things happen within a batch; sometimes so much time goes by that leases run out.
        let longest = if dice.roll(10) == 0 { 50_000 } else { 400 };
        now_ms += i64::try_from(dice.roll(longest)).unwrap();
        match dice.roll(5) {
            0 | 1 if sent < EVENTS => {
                let next = event(sent, dice.roll(CHATS));
                assert!(matches!(
                    block_on(inbox::accept(&database, &next, now_ms)).unwrap(),
                    inbox::Accepted::New { .. }
                ));
                let again = block_on(inbox::accept(&database, &next, now_ms)).unwrap();
                assert_eq!(again, inbox::Accepted::Duplicate, "seed {seed}");
                sent += 1;
            }
            2 | 3 => {
                runners += 1;
                let owner = format!("runner {runners}");
                let chats = block_on(turns::claim(&database, &owner, now_ms)).unwrap();
                if !chats.is_empty() {
                    let decided = chats.into_iter().map(|chat| decide(chat, now_ms)).collect();
                    holding.push((owner, decided));
                }
            }
            // A runner ends: it dies, or it commits, perhaps long after its lease ran out, and goes on or not.
            _ if !holding.is_empty() => {
                let index = usize::try_from(dice.roll(holding.len() as u64)).unwrap();
                let (owner, decided) = holding.swap_remove(index);
                if dice.roll(3) > 0 {
                    let batch = Batch::of(&decided, now_ms).unwrap();
                    let next_ms = (dice.roll(2) == 0).then_some(now_ms);
                    let next = match block_on(batch.commit(&database, &owner, next_ms)) {
                        Ok(settled) => settled.next,
                        Err(StorageError::Conflict(_)) => turns::Leased::default(),
                        Err(error) => panic!("seed {seed}: {error}"),
                    };
                    let chats = block_on(turns::load(&database, &owner, next)).unwrap();
                    if !chats.is_empty() {
                        let decided = chats.into_iter().map(|chat| decide(chat, now_ms)).collect();
                        holding.push((owner, decided));
                    }
                }
            }
            _ => {}
        }
    }
    let rows = block_on(database.query(
        "SELECT actor, data ->> 'number' FROM journal ORDER BY id",
        vec![],
    ));
    let seen: Vec<(String, i64)> = rows
        .unwrap()
        .iter()
        .map(|row| (row.text(0).unwrap().to_owned(), row.integer(1).unwrap()))
        .collect();
    let mut numbers: Vec<i64> = seen.iter().map(|(_, number)| *number).collect();
    for chat in 0..CHATS {
        let of_chat: Vec<i64> = seen
            .iter()
            .filter(|(actor, _)| *actor == chat.to_string())
            .map(|(_, n)| *n)
            .collect();
        assert!(of_chat.is_sorted(), "seed {seed}, chat {chat}: {of_chat:?}");
    }
    numbers.sort_unstable();
    assert_eq!(
        numbers,
        (0..i64::try_from(EVENTS).unwrap()).collect::<Vec<_>>(),
        "seed {seed}"
    );
}

fn pending(database: &Database) -> bool {
    let row = block_on(database.query_one(
        "SELECT 1 FROM inbox WHERE state = 'pending' LIMIT 1",
        vec![],
    ));
    row.unwrap().is_some()
}

#[test]
fn a_due_timer_goes_into_the_inbox_once_however_often_the_clock_ticks() {
    let database = block_on(Database::open(":memory:")).unwrap();
    block_on(migrate(&database, Kind::Organisation)).unwrap();
    for statement in [
        "INSERT INTO citizens (id, channel, chat, language, created_at_ms) VALUES ('p', 'web', 'x', 'uk', 0)",
        "INSERT INTO conversations (id, citizen_id, channel, chat, status, language, process_version, world, facts,
            opened_at_ms, last_at_ms, wake_at_ms) VALUES ('c', 'p', 'web', 'x', 'open', 'uk', 1, '', '{}', 0, 0, 500)",
    ] {
        block_on(database.run(statement, vec![])).unwrap();
    }
    assert_eq!(
        block_on(vikno_storage::timers::fire_due(&database, 499)).unwrap(),
        0
    );
    // Long after its time (the machine was off), and then again.
    assert_eq!(
        block_on(vikno_storage::timers::fire_due(&database, 90_000)).unwrap(),
        1
    );
    assert_eq!(
        block_on(vikno_storage::timers::fire_due(&database, 91_000)).unwrap(),
        0
    );
    let chats = block_on(turns::claim(&database, "runner", 91_000)).unwrap();
    assert_eq!(
        chats[0].events[0].event.as_ref().unwrap().content,
        Content::Timer
    );
}

#[test]
fn an_event_that_ends_its_runners_is_put_aside_and_the_next_one_has_its_turn() {
    let database = block_on(Database::open(":memory:")).unwrap();
    block_on(migrate(&database, Kind::Organisation)).unwrap();
    for number in 1..=2 {
        block_on(inbox::accept(&database, &event(number, 1), 1_000)).unwrap();
    }
    let mut now_ms = 1_000;
    for died in 0..4 {
        let mut chats =
            block_on(turns::claim(&database, &format!("runner-{died}"), now_ms)).unwrap();
        let (_, events) = chats.remove(0).begin(4);
        assert!(events.iter().all(|waiting| waiting.event.is_ok()), "{died}");
        now_ms += turns::LEASE_MS + 1;
    }
    let mut chats = block_on(turns::claim(&database, "the-next", now_ms)).unwrap();
    let (decided, events) = chats.remove(0).begin(4);
    assert_eq!(
        events[0].event.as_ref().unwrap_err(),
        "its runners did not finish"
    );
    assert!(events[1].event.is_ok());
    assert!(decided.decisions.is_empty() && decided.outcomes.is_empty());
}
