//! What would become of dialogues under way if they went on in the newest version: a dry run that moves none.

use crate::command::{BODY_BYTES, Moves};
use crate::desk::{newest, parsed};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use vikno_authoring::{Fate, NodeMap, Obstacle, Processes, fate};
use vikno_process::World;
use vikno_shell::{Reply, Request, json as answer, json_body};
use vikno_storage::instances::{self, WORLDS};
use vikno_storage::{Database, versions};

/// Dialogues looked at: five thousand worlds are read page by page within a second or two.
const PAGES_MAX: usize = 25;
/// Dialogues told one by one; the rest is counted.
const LISTED_MAX: usize = 200;

#[derive(Default)]
struct Tally {
    moves: u64,
    stays: u64,
    listed: Vec<Value>,
    obstacles: BTreeMap<Obstacle, u64>,
}

pub(crate) async fn check(request: Request, database: &Database) -> Reply {
    let given: Moves = json_body(request, BODY_BYTES).await?;
    let (version, bundle) = newest(database).await?;
    let new = parsed(&bundle)?;
    let mut earlier: BTreeMap<i64, Processes> = BTreeMap::new();
    let mut tally = Tally::default();
    let mut after = String::new();
    let mut more = true;
    for _ in 0..PAGES_MAX {
        let page = instances::worlds(database, version, &after).await?;
        more = i64::try_from(page.len()).is_ok_and(|count| count >= WORLDS);
        for (id, own, world) in page {
            if !earlier.contains_key(&own) {
                let bundle = versions::bundle(database, own).await?;
                earlier.insert(own, parsed(&bundle)?);
            }
            tally.add(&id, own, decide(&world, &earlier[&own], &new, &given.map));
            after = id;
        }
        if !more {
            break;
        }
    }
    Ok(answer(200, &tally.told(version, more)))
}

fn decide(world: &str, old: &Processes, new: &Processes, map: &NodeMap) -> Fate {
    if world.is_empty() {
        return Fate::Moves;
    }
    match World::from_json(world.as_bytes()) {
        Ok(world) => fate(&world, old, new, map),
        Err(error) => Fate::Stays(vec![Obstacle {
            process: String::new(),
            node: String::new(),
            why: error.to_string(),
        }]),
    }
}

impl Tally {
    fn add(&mut self, id: &str, version: i64, fate: Fate) {
        let obstacles = match fate {
            Fate::Moves => Vec::new(),
            Fate::Stays(obstacles) => obstacles,
        };
        let moves = obstacles.is_empty();
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
        tally.add("c_1", 1, Fate::Moves);
        for id in ["c_2", "c_3"] {
            tally.add(id, 1, Fate::Stays(vec![obstacle.clone()]));
        }
        let told = tally.told(5, false);
        assert_eq!((&told["moves"], &told["stays"]), (&json!(1), &json!(2)));
        assert_eq!(told["obstacles"][0]["conversations"], 2);
        assert_eq!(told["conversations"][1]["moves"], false);
    }
}
