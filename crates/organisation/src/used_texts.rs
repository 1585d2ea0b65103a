//! The text ids that steps and shared processes use, with the arguments each is given: the list that
//! an organisation's Fluent files are checked against.

/// What every text may name besides: the organisation's name in the language of the dialogue.
pub const ORGANISATION_ARGUMENT: &str = "organisation";

/// A text that some step or process says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UsedText {
    /// Its id.
    pub id: &'static str,
    /// What it may name; more would never be filled in.
    pub arguments: &'static [&'static str],
}

const fn plain(id: &'static str) -> UsedText {
    UsedText { id, arguments: &[] }
}

const fn with(id: &'static str, arguments: &'static [&'static str]) -> UsedText {
    UsedText { id, arguments }
}

/// Every text that an organisation must have in each of its languages, besides its replies' labels and answers.
pub const USED_TEXTS: &[UsedText] = &[
    // Greeting.
    plain("welcome"),
    plain("welcome-back"),
    plain("welcome-closed"),
    plain("choose-topic"),
    // The robot's dialogue.
    plain("greeting-reply"),
    plain("thanks-reply"),
    plain("goodbye-reply"),
    plain("glad-to-help"),
    plain("not-helped"),
    plain("not-helped-again"),
    plain("not-understood"),
    plain("not-understood-again"),
    plain("media-received"),
    plain("button-unknown"),
    plain("still-there"),
    plain("dialogue-reopened"),
    plain("language-changed"),
    // Queue and operators.
    with("queue-position", &["position", "minutes"]),
    with("queue-closed", &["opens", "position"]),
    with("queue-closed-unknown", &["position"]),
    with("operator-joined", &["name"]),
    plain("operator-busy"),
    plain("returned-to-queue"),
    with("moved-to-queue", &["queue"]),
    with("moved-to-organisation", &["name"]),
    plain("operator-replied-closed"),
    // The end.
    plain("closed-silence"),
    plain("closed-by-operator"),
    plain("rate-dialogue"),
    plain("thanks-for-vote"),
    plain("sorry-for-low-vote"),
    // Who the citizen is.
    plain("ask-phone"),
    plain("phone-saved"),
    plain("phone-unverified"),
    plain("phone-not-supported"),
    with("otp-sms", &["code"]),
    plain("otp-sent"),
    plain("otp-wrong"),
    plain("otp-verified"),
    plain("otp-too-often"),
    plain("otp-expired"),
    plain("otp-unavailable"),
    // Failures.
    plain("technical-failure"),
    // Buttons.
    plain("button-operator"),
    plain("button-menu"),
    plain("button-end"),
    plain("button-helped-yes"),
    plain("button-helped-no"),
    plain("button-share-phone"),
    plain("button-language-uk"),
    plain("button-language-en"),
    plain("button-vote-1"),
    plain("button-vote-2"),
    plain("button-vote-3"),
    plain("button-vote-4"),
    plain("button-vote-5"),
];
