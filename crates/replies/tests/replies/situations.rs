//! What besides the words decides: person, time, place, what was answered before.

use crate::support::{noon, reply, tree};
use vikno_domain::Channel;
use vikno_replies::{Conditions, HoursAre, Person, Situation};

#[test]
fn in_a_dialogue_about_a_topic_its_hints_are_enough() {
    let mut about = noon();
    for (current, expected) in [
        (None, "-"),
        (Some("subsidies"), "subsidies-apply"),
        (Some("subsidies-refused"), "subsidies-apply"),
        (Some("displaced"), "-"),
        (Some("gone"), "-"),
    ] {
        about.current = current.map(str::to_owned);
        assert_eq!(reply("а які документи?", &about), expected, "{current:?}");
    }
}

#[test]
fn what_may_not_be_given_is_stood_in_for() {
    let mut signed_in = noon();
    assert_eq!(reply("субсидія онлайн", &signed_in), "subsidies-apply");
    signed_in.identified = true;
    assert_eq!(reply("субсидія онлайн", &signed_in), "subsidies-online");
    let mut night = noon();
    assert_eq!(reply("притулок для впо", &night), "displaced-housing");
    night.moment.minute = 3 * 60;
    assert_eq!(reply("притулок для впо", &night), "displaced-night");
}

#[test]
fn the_first_variant_that_fits_is_given() {
    let answer = |situation: &Situation| tree().answer("subsidies-apply", situation).unwrap();
    let plain = answer(&noon());
    assert_eq!(plain.text, "answer-subsidies-apply");
    assert_eq!(plain.buttons, ["subsidies-online"]);
    let mut web = noon();
    web.channel = Channel::Web;
    assert_eq!(answer(&web).text, "answer-subsidies-apply");
    web.moment.working = false;
    assert_eq!(answer(&web).text, "answer-subsidies-apply-web");
    web.unhelpful = 1;
    let again = answer(&web);
    assert_eq!(again.text, "answer-subsidies-apply-again");
    assert_eq!(again.buttons, ["subsidies-refused"]);
    assert_eq!(tree().answer("gone", &web), None);
}

#[test]
fn a_button_that_was_offered_is_answered_even_when_its_time_has_passed() {
    let answer = tree().answer("displaced-night", &noon()).unwrap();
    assert_eq!(answer.reply, "displaced-housing");
}

#[test]
fn priority_belongs_to_the_reply_and_topic_to_its_line() {
    let chosen = tree().choose("відмова у субсидії", &noon()).unwrap();
    assert_eq!(
        (chosen.priority, chosen.topic.as_str()),
        (Some(2), "subsidies")
    );
    assert_eq!(tree().nearby("subsidies-refused"), ["subsidies-apply"]);
    assert_eq!(
        tree().nearby("subsidies"),
        ["subsidies-apply", "subsidies-refused"]
    );
    assert_eq!(tree().nearby("gone"), Vec::<String>::new());
}

#[test]
fn each_condition_holds_and_fails_by_its_fact() {
    let holds = |conditions: Conditions, change: fn(&mut Situation)| {
        let mut situation = noon();
        change(&mut situation);
        conditions.hold(&situation, situation.asked.iter().any(|id| id == "x"))
    };
    type Case = (Conditions, fn(&mut Situation), bool);
    let with = |change: fn(&mut Conditions)| {
        let mut conditions = Conditions::default();
        change(&mut conditions);
        conditions
    };
    let cases: Vec<Case> = vec![
        (with(|_| {}), |_| {}, true),
        (with(|c| c.person = vec![Person::New]), |_| {}, true),
        (
            with(|c| c.person = vec![Person::New]),
            |s| s.dialogues = 1,
            false,
        ),
        (
            with(|c| c.person = vec![Person::Returning]),
            |s| s.dialogues = 1,
            true,
        ),
        (with(|c| c.person = vec![Person::KnownPhone]), |_| {}, false),
        (
            with(|c| c.person = vec![Person::KnownPhone]),
            |s| s.phone_known = true,
            true,
        ),
        (
            with(|c| c.person = vec![Person::Identified, Person::KnownPhone]),
            |s| s.identified = true,
            true,
        ),
        (with(|c| c.hours = vec![HoursAre::Closed]), |_| {}, false),
        (
            with(|c| c.hours = vec![HoursAre::Closed]),
            |s| s.moment.working = false,
            true,
        ),
        (
            with(|c| c.hours = vec![HoursAre::Holiday]),
            |s| s.moment.holiday = true,
            true,
        ),
        (with(|c| c.hours = vec![HoursAre::Working]), |_| {}, true),
        (with(|c| c.time = Some("11:59-12:01".into())), |_| {}, true),
        (with(|c| c.time = Some("12:01-23:00".into())), |_| {}, false),
        (
            with(|c| c.time = Some("22:00-06:00".into())),
            |s| s.moment.minute = 359,
            true,
        ),
        (
            with(|c| c.time = Some("22:00-06:00".into())),
            |s| s.moment.minute = 360,
            false,
        ),
        (with(|c| c.days = vec!["tuesday".into()]), |_| {}, true),
        (
            with(|c| c.days = vec!["monday".into(), "sunday".into()]),
            |_| {},
            false,
        ),
        (with(|c| c.channel = vec![Channel::Viber]), |_| {}, false),
        (with(|c| c.channel = vec![Channel::Telegram]), |_| {}, true),
        (
            with(|c| c.language = vec![crate::support::language("en")]),
            |_| {},
            false,
        ),
        (
            with(|c| c.asked_before = Some(true)),
            |s| s.asked = vec!["x".into()],
            true,
        ),
        (
            with(|c| c.asked_before = Some(false)),
            |s| s.asked = vec!["x".into()],
            false,
        ),
        (
            with(|c| c.did_not_help = Some(true)),
            |s| s.unhelpful = 1,
            true,
        ),
        (
            with(|c| c.did_not_help = Some(false)),
            |s| s.unhelpful = 1,
            false,
        ),
        (
            with(|c| c.dialogues_min = Some(3)),
            |s| s.dialogues = 3,
            true,
        ),
        (
            with(|c| c.dialogues_min = Some(3)),
            |s| s.dialogues = 2,
            false,
        ),
        (
            with(|c| c.dialogues_max = Some(1)),
            |s| s.dialogues = 2,
            false,
        ),
    ];
    for (place, (conditions, change, expected)) in cases.into_iter().enumerate() {
        assert_eq!(
            holds(conditions.clone(), change),
            expected,
            "{place}: {conditions:?}"
        );
    }
}
