//! The dialogue by which the driver's speed is measured: whoever has a clock leads it again and again.

use crate::{Centre, Chat};
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
    let turned = [
        chat.event(Content::SessionStarted { context: None }),
        chat.click(&format!("topic:{}", topic.id)),
        chat.text(&question),
        chat.text("оператор"),
        chat.operator("Ірина", OperatorAction::Take),
        chat.operator("Ірина", answer),
        chat.text("Дякую, надсилаю довідку"),
        chat.operator("Ірина", OperatorAction::Close { reason: None }),
        chat.click("vote:5"),
    ];
    turned.len()
}
