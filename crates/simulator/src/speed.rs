//! The dialogue by which the driver's speed is measured: whoever has a clock leads it again and again.

use crate::{Centre, Chat, Turned};
use vikno_domain::{Channel, Content, OperatorAction};

/// Leads a dialogue from greeting to rating by way of a consultant, and gives back how many turns it took. `number`
/// chooses channel, language and topic, so that one after the other all are used.
pub fn dialogue(centre: &Centre, number: usize) -> usize {
    const CHANNELS: [Channel; 3] = [Channel::Telegram, Channel::Viber, Channel::Web];
    let organisation = &centre.organisation;
    let language = &organisation.languages[number % organisation.languages.len()];
    let topic = &organisation.topics[number % organisation.topics.len()];
    let question = centre
        .replies
        .question(&topic.id, language)
        .unwrap_or_default();
    let mut chat = Chat::new(centre, CHANNELS[number % CHANNELS.len()], language.clone());
    let answer = OperatorAction::Message {
        text: Some("Добрий день! Чим допомогти?".to_owned()),
        media: None,
    };
    // Each turn is let go before the next one, as by whoever stores what it brought.
    let turn = |_: Turned| 1;
    [
        turn(chat.event(Content::SessionStarted { context: None })),
        turn(chat.click(&format!("topic:{}", topic.id))),
        turn(chat.text(&question)),
        turn(chat.text("оператор")),
        turn(chat.operator("Ірина", OperatorAction::Take)),
        turn(chat.operator("Ірина", answer)),
        turn(chat.text("Дякую, надсилаю довідку")),
        turn(chat.operator("Ірина", OperatorAction::Close { reason: None })),
        turn(chat.click("vote:5")),
    ]
    .iter()
    .sum()
}
