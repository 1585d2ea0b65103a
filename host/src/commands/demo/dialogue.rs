//! What a made-up citizen does from the greeting to the rating.

use super::citizen::{Citizen, Seen};
use super::lines;
use anyhow::Result;
use rand::seq::IndexedRandom;
use std::time::Duration;

/// A reply of the robot takes far less; the channels' limits and a busy machine may add to it.
const ROBOT_PATIENCE: Duration = Duration::from_secs(60);
/// Made-up operators look every few seconds, but they may be busy with others.
const OPERATOR_PATIENCE: Duration = Duration::from_secs(240);

/// Reads, thinks, types.
pub async fn pause() {
    let pause_ms = rand::random_range(5_000..15_000);
    tokio::time::sleep(Duration::from_millis(pause_ms)).await;
}

/// One dialogue.
pub async fn talk(mut citizen: Citizen) -> Result<()> {
    citizen.open().await?;
    let greeting = citizen
        .wait_for(ROBOT_PATIENCE, "a greeting with topics", |seen| {
            seen.has("topic:")
        })
        .await?;
    pause().await;
    ask(&citizen, &greeting).await?;
    let answer = citizen
        .wait_for(ROBOT_PATIENCE, "an answer", |seen| !seen.text.is_empty())
        .await?;
    pause().await;
    match rand::random_range(0..10) {
        // Has read the answer and is gone without a word, as people are.
        0 => Ok(()),
        1..=4 if answer.has("helped:yes") => {
            citizen.click("helped:yes").await?;
            rate(&mut citizen, ROBOT_PATIENCE).await
        }
        _ => with_operator(&mut citizen, &answer).await,
    }
}

/// Presses a topic or asks in own words.
async fn ask(citizen: &Citizen, greeting: &Seen) -> Result<()> {
    let topics: Vec<&String> = greeting
        .buttons
        .iter()
        .filter(|id| id.starts_with("topic:"))
        .collect();
    let question = lines::question(citizen.org(), citizen.language);
    let topic = topics.choose(&mut rand::rng()).copied();
    match (question, topic) {
        (Some(question), _) if rand::random() => citizen.say(question).await,
        (_, Some(topic)) => citizen.click(topic).await,
        (Some(question), None) => citizen.say(question).await,
        (None, None) => Ok(()),
    }
}

async fn with_operator(citizen: &mut Citizen, answer: &Seen) -> Result<()> {
    let words = lines::said_in(citizen.language);
    match answer.has("operator") && rand::random() {
        true => citizen.click("operator").await?,
        false => citizen.say(words.operator_please()).await?,
    }
    let hello = |seen: &Seen| words.is_hello(&seen.text);
    citizen
        .wait_for(OPERATOR_PATIENCE, "an operator", hello)
        .await?;
    pause().await;
    match rand::random_range(0..3) {
        0 => citizen.picture(words.picture()).await?,
        _ => citizen.say(words.detail()).await?,
    }
    let advice = |seen: &Seen| words.is_advice(&seen.text);
    citizen
        .wait_for(OPERATOR_PATIENCE, "an answer", advice)
        .await?;
    pause().await;
    citizen.say(words.thanks()).await?;
    rate(citizen, OPERATOR_PATIENCE).await
}

/// Waits for the question and rates; most are content.
async fn rate(citizen: &mut Citizen, patience: Duration) -> Result<()> {
    citizen
        .wait_for(patience, "the question for a rating", |seen| {
            seen.has("vote:")
        })
        .await?;
    pause().await;
    let score = [5, 5, 5, 5, 4, 4, 3, 2].choose(&mut rand::rng()).copied();
    citizen.click(&format!("vote:{}", score.unwrap_or(5))).await
}
