//! Buttons that several steps offer.

use crate::ButtonId;
use vikno_domain::Language;
use vikno_organisation::Organisation;

/// All topics, an operator, the other languages.
pub(crate) fn menu(organisation: &Organisation, spoken: &Language) -> Vec<ButtonId> {
    let topics = organisation
        .topics
        .iter()
        .map(|topic| ButtonId::Topic(topic.id.clone()));
    let languages = organisation
        .languages
        .iter()
        .filter(|language| *language != spoken);
    topics
        .chain([ButtonId::Operator])
        .chain(languages.cloned().map(ButtonId::Language))
        .collect()
}

/// Below an answer.
pub(crate) fn after_answer() -> [ButtonId; 4] {
    [
        ButtonId::HelpedYes,
        ButtonId::HelpedNo,
        ButtonId::Operator,
        ButtonId::Menu,
    ]
}

/// When the robot is at a loss.
pub(crate) fn ways_out() -> [ButtonId; 2] {
    [ButtonId::Operator, ButtonId::Menu]
}

/// Five to one, the best first.
pub(crate) fn votes() -> impl Iterator<Item = ButtonId> {
    (1..=5).rev().map(ButtonId::Vote)
}
