//! Holds what came of a step against what must come.

use crate::chat::is_failure;
use crate::scenario::Placeholders;
use crate::scenario::{Expected, Step, Words};
use crate::{Chat, Said, Turned};
use vikno_conversation::{Conversation, Outcome};
use vikno_domain::{Language, MessageAuthor};

/// What came of a step.
pub(crate) struct Came<'a> {
    pub(crate) chat: &'a Chat<'a>,
    pub(crate) turned: &'a [Turned],
    pub(crate) said: &'a [Said],
}

/// What must come, and what came instead.
type Difference = Option<(String, String)>;
type Checked = Result<Difference, String>;

/// The first difference, if there is one; an error when the scenario's words cannot be filled in.
pub(crate) fn differs(step: &Step, came: &Came<'_>, fill: &Placeholders<'_>) -> Checked {
    let expected = &step.expected;
    let checks: [&dyn Fn() -> Checked; 8] = [
        &|| Ok(outcome(expected, came)),
        &|| Ok(failures(step, came)),
        &|| answers(expected, came, fill),
        &|| texts(expected, came, fill),
        &|| buttons(expected, came, fill),
        &|| standing(expected, came, fill),
        &|| written(expected, came, fill),
        &|| passed(expected, came, fill),
    ];
    for check in checks {
        if let Some(difference) = check()? {
            return Ok(Some(difference));
        }
    }
    Ok(None)
}

fn difference(expected: impl Into<String>, came: impl Into<String>) -> Difference {
    Some((expected.into(), came.into()))
}

fn outcome(expected: &Expected, came: &Came<'_>) -> Difference {
    let refused = came.turned.iter().find_map(|turned| match &turned.outcome {
        Outcome::Refused { code, .. } => Some(*code),
        Outcome::Applied | Outcome::Ignored => None,
    });
    match (expected.refused.as_deref(), refused) {
        (None, Some(code)) => difference("the act is allowed", format!("refused: {code}")),
        (Some(wanted), None) => difference(format!("refused: {wanted}"), "the act is allowed"),
        (Some(wanted), Some(code)) if wanted != code => {
            difference(format!("refused: {wanted}"), format!("refused: {code}"))
        }
        _ => None,
    }
}

/// A failure that the scenario does not make is a fault; one that it makes has to happen.
fn failures(step: &Step, came: &Came<'_>) -> Difference {
    let calls = || came.turned.iter().flat_map(|turned| &turned.calls);
    for name in step.failing.keys() {
        if !calls().any(|call| call.step == *name && call.failed) {
            return difference(
                format!("step {name} is called and fails"),
                "it is not called",
            );
        }
    }
    for name in step.given.keys() {
        if !calls().any(|call| call.step == *name) {
            return difference(format!("step {name} is called"), "it is not called");
        }
    }
    let told = |what: &String| is_failure(what);
    if !step.failing.is_empty() || step.expected.journal.iter().any(told) {
        return None;
    }
    let mut lines = came
        .turned
        .iter()
        .flat_map(|turned| &turned.decision.journal);
    let failure = lines.find(|line| is_failure(&line.what))?;
    difference(
        "nothing fails",
        format!("{}: {}", failure.what, failure.data),
    )
}

fn answers(expected: &Expected, came: &Came<'_>, fill: &Placeholders<'_>) -> Checked {
    if expected.silent && !came.said.is_empty() {
        return Ok(difference("nothing is said", told(came.said)));
    }
    let wanted = list(expected.answer.as_ref(), fill)?;
    let robot = came
        .said
        .iter()
        .filter(|said| said.from != MessageAuthor::Operator);
    let said: Vec<&[String]> = robot.map(|said| said.keys.as_slice()).collect();
    let mut rest = said.iter().flat_map(|keys| keys.iter());
    let in_order = wanted.iter().all(|key| rest.any(|said| said == key));
    let first: Vec<&str> = said
        .iter()
        .map(|keys| keys.first().map_or("", String::as_str))
        .collect();
    let all_told = !expected.exactly || first == wanted;
    if in_order && all_told {
        return Ok(None);
    }
    let exactly = if expected.exactly { "exactly " } else { "" };
    let keys: Vec<String> = said.iter().map(|keys| keys.join(" + ")).collect();
    Ok(difference(
        format!("{exactly}the answer {}", wanted.join(", ")),
        if keys.is_empty() {
            "nothing is said".to_owned()
        } else {
            keys.join(", ")
        },
    ))
}

fn texts(expected: &Expected, came: &Came<'_>, fill: &Placeholders<'_>) -> Checked {
    for words in list(expected.text.as_ref(), fill)? {
        if !came.said.iter().any(|said| has(said, &words)) {
            return Ok(difference(format!("words {words:?}"), told(came.said)));
        }
    }
    for words in list(expected.no_text.as_ref(), fill)? {
        if came.said.iter().any(|said| has(said, &words)) {
            return Ok(difference(
                format!("nothing with {words:?}"),
                told(came.said),
            ));
        }
    }
    Ok(None)
}

fn has(said: &Said, words: &str) -> bool {
    said.text
        .as_deref()
        .is_some_and(|text| text.contains(words))
}

fn buttons(expected: &Expected, came: &Came<'_>, fill: &Placeholders<'_>) -> Checked {
    let offered: Vec<&str> = came
        .said
        .iter()
        .flat_map(|said| &said.buttons)
        .map(|button| button.label.as_str())
        .collect();
    if expected.no_buttons && !offered.is_empty() {
        return Ok(difference("no button is offered", offered.join(" | ")));
    }
    for words in filled(&expected.buttons, fill)? {
        let language = came.chat.language();
        let text = words
            .strip_prefix('@')
            .and_then(|id| came.chat.centre().text(language, id));
        let label = text.unwrap_or(words);
        if !offered.contains(&label.as_str()) {
            return Ok(difference(format!("button {label:?}"), offered.join(" | ")));
        }
    }
    Ok(None)
}

/// The conversation under way, or the one that has just ended.
fn conversation<'a>(came: &'a Came<'_>) -> Option<&'a Conversation> {
    let closed = || {
        came.turned
            .iter()
            .rev()
            .find_map(|turned| turned.closed.as_ref())
    };
    came.chat.state().conversation.as_ref().or_else(closed)
}

fn standing(expected: &Expected, came: &Came<'_>, fill: &Placeholders<'_>) -> Checked {
    if let Some(status) = expected
        .status
        .filter(|status| *status != came.chat.status())
    {
        return Ok(difference(
            format!("status {}", status.as_str()),
            format!(
                "status {}; said: {}",
                came.chat.status().as_str(),
                told(came.said)
            ),
        ));
    }
    let conversation = conversation(came);
    let citizen = came.chat.state().citizen.as_ref();
    let text = |value: Option<&String>| value.cloned().unwrap_or_default();
    let fields = [
        (
            "queue",
            &expected.in_queue,
            text(conversation.and_then(|it| it.queue.as_ref())),
        ),
        (
            "topic",
            &expected.topic,
            text(conversation.and_then(|it| it.topic.as_ref())),
        ),
        (
            "priority",
            &expected.priority,
            conversation
                .map(|it| it.priority.to_string())
                .unwrap_or_default(),
        ),
        (
            "language",
            &expected.language,
            came.chat.language().to_string(),
        ),
        (
            "phone",
            &expected.phone,
            text(citizen.and_then(|it| it.phone.as_ref())),
        ),
    ];
    for (name, wanted, is) in fields {
        let wanted = wanted
            .as_deref()
            .map(|wanted| fill.fill(wanted))
            .transpose()?;
        if let Some(wanted) = wanted.filter(|wanted| *wanted != is) {
            return Ok(difference(
                format!("{name} {wanted}"),
                format!("{name} {is:?}"),
            ));
        }
    }
    let verified = citizen.is_some_and(|citizen| citizen.phone_verified);
    Ok(match expected.phone_verified {
        Some(wanted) if wanted != verified => difference(
            format!("phone_verified = {wanted}"),
            format!("phone_verified = {verified}"),
        ),
        _ => None,
    })
}

fn written(expected: &Expected, came: &Came<'_>, fill: &Placeholders<'_>) -> Checked {
    let kinds: Vec<&str> = came.turned.iter().flat_map(Turned::journal).collect();
    if let Some(missing) = expected
        .journal
        .iter()
        .find(|kind| !kinds.contains(&kind.as_str()))
    {
        return Ok(difference(
            format!("journal line {missing}"),
            kinds.join(", "),
        ));
    }
    let decisions = || came.turned.iter().map(|turned| &turned.decision);
    let notes: Vec<&str> = decisions()
        .flat_map(|decision| &decision.messages)
        .filter(|message| message.author == "note")
        .filter_map(|message| message.text.as_deref())
        .collect();
    for words in list(expected.note.as_ref(), fill)? {
        if !notes.iter().any(|note| note.contains(&words)) {
            return Ok(difference(
                format!("a note with {words:?}"),
                notes.join(" / "),
            ));
        }
    }
    let ratings: Vec<u8> = decisions()
        .flat_map(|decision| &decision.ratings)
        .map(|rating| rating.score)
        .collect();
    Ok(match expected.rating {
        Some(score) if ratings != [score] => difference(
            format!("the rating {score}"),
            format!("the ratings {ratings:?}"),
        ),
        _ => None,
    })
}

fn passed(expected: &Expected, came: &Came<'_>, fill: &Placeholders<'_>) -> Checked {
    let traces = came.turned.iter().flat_map(|turned| &turned.trace);
    let nodes: Vec<String> = traces
        .map(|entry| format!("{}.{}", entry.process, entry.node))
        .collect();
    if let Some(missing) = expected.passes.iter().find(|place| !nodes.contains(place)) {
        return Ok(difference(
            format!("node {missing} is passed"),
            nodes.join(" "),
        ));
    }
    if expected.ends.is_none() && expected.result.is_empty() {
        return Ok(None);
    }
    // The task from outside is the first that was made, and ends after those it calls.
    let first = came.turned.iter().flat_map(|turned| &turned.trace).next();
    let ended = first.and_then(|first| {
        let mut tasks = came.turned.iter().flat_map(|turned| &turned.tasks);
        tasks.find(|task| task.task == first.task)
    });
    let Some(ended) = ended else {
        return Ok(difference("the task ends", "it has not ended"));
    };
    if let Some(node) = expected.ends.as_ref().filter(|node| **node != ended.node) {
        return Ok(difference(
            format!("it ends at {node}"),
            format!("it ends at {}", ended.node),
        ));
    }
    for (name, wanted) in &expected.result {
        let is = ended.data.get(name);
        let wanted = match wanted.as_str() {
            Some(words) => fill.fill(words)?.into(),
            None => wanted.clone(),
        };
        if is != Some(&wanted) {
            let is = is
                .map(ToString::to_string)
                .unwrap_or_else(|| "nothing".to_owned());
            return Ok(difference(
                format!("{name} = {wanted}"),
                format!("{name} = {is}"),
            ));
        }
    }
    Ok(None)
}

fn filled(texts: &[String], fill: &Placeholders<'_>) -> Result<Vec<String>, String> {
    texts.iter().map(|text| fill.fill(text)).collect()
}

fn list(words: Option<&Words>, fill: &Placeholders<'_>) -> Result<Vec<String>, String> {
    let language: &Language = fill.language;
    match words {
        Some(words) => filled(words.list(language)?, fill),
        None => Ok(Vec::new()),
    }
}

fn told(said: &[Said]) -> String {
    if said.is_empty() {
        return "nothing is said".to_owned();
    }
    let lines: Vec<String> = said.iter().map(crate::play::line_of).collect();
    lines.join("\n")
}
