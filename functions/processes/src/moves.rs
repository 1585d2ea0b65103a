//! Dialogues under way that go on in the newest version: a dry run that tells each one's fate and moves none, and the
//! move itself, an event for each dialogue that can.

use crate::command::{self, BODY_BYTES, Move, Moves};
use crate::desk::{newest, parsed};
use crate::interventions;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use vikno_authoring::{Fate, NodeMap, Obstacle, Processes, fate};
use vikno_conversation::standing;
use vikno_domain::{InboundEvent, Intervention, OrgId, TaskStanding};
use vikno_process::World;
use vikno_shell::{Problem, Reply, Request, json as answer, json_body, new_id, now_ms};
use vikno_storage::instances::{self, LiveWorld, WORLDS};
use vikno_storage::versions::Person;
use vikno_storage::{Database, inbox, versions};

/// Dialogues looked at: five thousand worlds are read page by page within a second or two.
const PAGES_MAX: usize = 25;
/// Dialogues told one by one; the rest is counted.
const LISTED_MAX: usize = 200;

#[derive(Default)]
struct Tally {
    /// The processes of the versions met so far.
    earlier: BTreeMap<i64, Processes>,
    moves: u64,
    stays: u64,
    listed: Vec<Value>,
    obstacles: BTreeMap<Obstacle, u64>,
}

pub(crate) async fn check(request: Request, database: &Database) -> Reply {
    let given: Moves = json_body(request, BODY_BYTES).await?;
    let plan = Plan::read(database, given.map).await?;
    let mut tally = Tally::default();
    let mut after = String::new();
    let mut more = true;
    for _ in 0..PAGES_MAX {
        let page = plan.page(database, &mut tally, &mut after).await?;
        more = page.more;
        if !more {
            break;
        }
    }
    Ok(answer(200, &tally.told(plan.version, more)))
}

/// Every dialogue that can move gets its event, a page in one transaction; the engine moves it unless it has gone on
/// meanwhile.
pub(crate) async fn apply(
    request: Request,
    org: &OrgId,
    database: &Database,
    person: &Person,
) -> Reply {
    let given: Move = json_body(request, BODY_BYTES).await?;
    let reason = command::reason(&given.reason)?;
    let plan = Plan::read(database, given.map).await?;
    if plan.version != given.to_version {
        let detail = "Another version was published meanwhile: look at what would become of the dialogues again.";
        return Err(Problem::new(409, "not_newest", detail));
    }
    let (mut tally, mut after, mut more) = (Tally::default(), String::new(), true);
    let run = new_id("v");
    for _ in 0..PAGES_MAX {
        let page = plan.page(database, &mut tally, &mut after).await?;
        let transaction = database.transaction().await?;
        for (live, standing) in page.movable {
            let act = Intervention::Migrate {
                version: plan.version,
                nodes: plan.map.0.clone(),
                standing,
            };
            let event = InboundEvent {
                channel: live.channel,
                chat: live.chat,
                dedupe_key: format!("author:{run}:{}", live.id),
                at_ms: now_ms(),
                sender: None,
                external_id: Some(live.id),
                content: interventions::content(person, reason.clone(), &act),
            };
            inbox::accept(database, &event, event.at_ms).await?;
        }
        transaction.commit().await?;
        more = page.more;
        if !more {
            break;
        }
    }
    vikno_shell::nudge("engine", format!("/{org}/run"));
    Ok(answer(202, &tally.told(plan.version, more)))
}

/// Where all are to go.
struct Plan {
    version: i64,
    new: Processes,
    map: NodeMap,
}

struct Page {
    movable: Vec<(LiveWorld, Vec<TaskStanding>)>,
    more: bool,
}

impl Plan {
    async fn read(database: &Database, map: NodeMap) -> Result<Self, Problem> {
        let (version, bundle) = newest(database).await?;
        Ok(Self {
            version,
            new: parsed(&bundle)?,
            map,
        })
    }

    async fn page(
        &self,
        database: &Database,
        tally: &mut Tally,
        after: &mut String,
    ) -> Result<Page, Problem> {
        let found = instances::worlds(database, self.version, after).await?;
        let more = i64::try_from(found.len()).is_ok_and(|count| count >= WORLDS);
        let mut movable = Vec::new();
        for live in found {
            if let Entry::Vacant(free) = tally.earlier.entry(live.version) {
                let bundle = versions::bundle(database, live.version).await?;
                free.insert(parsed(&bundle)?);
            }
            *after = live.id.clone();
            let decided = self.decide(&live.world, &tally.earlier[&live.version]);
            let standing = tally.add(&live.id, live.version, decided);
            movable.extend(standing.map(|standing| (live, standing)));
        }
        Ok(Page { movable, more })
    }

    /// Where its tasks stand, if they can move.
    fn decide(&self, world: &str, old: &Processes) -> Result<Vec<TaskStanding>, Vec<Obstacle>> {
        if world.is_empty() {
            return Ok(Vec::new());
        }
        let world = World::from_json(world.as_bytes()).map_err(|error| {
            vec![Obstacle {
                process: String::new(),
                node: String::new(),
                why: error.to_string(),
            }]
        })?;
        match fate(&world, old, &self.new, &self.map) {
            Fate::Moves => Ok(standing(&world)),
            Fate::Stays(obstacles) => Err(obstacles),
        }
    }
}

impl Tally {
    /// Counts what was decided; hands on where the tasks of one that moves stand.
    fn add(
        &mut self,
        id: &str,
        version: i64,
        decided: Result<Vec<TaskStanding>, Vec<Obstacle>>,
    ) -> Option<Vec<TaskStanding>> {
        let (standing, obstacles) = match decided {
            Ok(standing) => (Some(standing), Vec::new()),
            Err(obstacles) => (None, obstacles),
        };
        let moves = standing.is_some();
        if moves {
            self.moves += 1;
        } else {
            self.stays += 1;
        }
        if self.listed.len() < LISTED_MAX {
            self.listed.push(json!({
                "id": id, "version": version, "moves": moves, "obstacles": obstacles,
            }));
        }
        for obstacle in obstacles {
            *self.obstacles.entry(obstacle).or_default() += 1;
        }
        standing
    }

    fn told(self, version: i64, more: bool) -> Value {
        let obstacles = self.obstacles.into_iter().map(|(obstacle, count)| {
            let mut told = json!(obstacle);
            told["conversations"] = count.into();
            told
        });
        json!({
            "to_version": version,
            "moves": self.moves,
            "stays": self.stays,
            "more": more,
            "obstacles": obstacles.collect::<Vec<_>>(),
            "conversations": self.listed,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fates_are_counted_and_obstacles_gathered() {
        let obstacle = Obstacle {
            process: "project".to_owned(),
            node: "wait".to_owned(),
            why: "gone".to_owned(),
        };
        let mut tally = Tally::default();
        assert_eq!(tally.add("c_1", 1, Ok(Vec::new())), Some(Vec::new()));
        for id in ["c_2", "c_3"] {
            assert_eq!(tally.add(id, 1, Err(vec![obstacle.clone()])), None);
        }
        let told = tally.told(5, false);
        assert_eq!((&told["moves"], &told["stays"]), (&json!(1), &json!(2)));
        assert_eq!(told["obstacles"][0]["conversations"], 2);
        assert_eq!(told["conversations"][1]["moves"], false);
    }
}
