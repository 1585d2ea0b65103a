//! What is to be simulated: which organisations, and all of their scenarios or some.

use crate::commands::organisations::{self, SCENARIOS, SHARED};
use crate::commands::project::Project;
use anyhow::{Context, Result, bail};
use std::fs;
use std::path::{Path, PathBuf};
use vikno_simulator::{ScenarioFiles, Suite};

/// What is to be simulated.
pub struct Target {
    /// The folder of all organisations.
    pub all: PathBuf,
    /// The folders of those that are wanted.
    pub organisations: Vec<PathBuf>,
    /// Only scenarios of these names, or these files from elsewhere; all when there is none.
    some: Option<Selection>,
}

enum Selection {
    Named(Vec<String>),
    Elsewhere(ScenarioFiles),
}

impl Target {
    /// By the path and the organisations given.
    pub fn find(path: Option<&Path>, wanted: &[String]) -> Result<Self> {
        let mut target = match path {
            None => Self::all(&Project::find(None)?.root.join("organisations"))?,
            Some(path) => {
                let path = path
                    .canonicalize()
                    .with_context(|| format!("{} is not there", path.display()))?;
                Self::at(&path)?
            }
        };
        if !wanted.is_empty() {
            target.keep(wanted)?;
        }
        Ok(target)
    }

    /// Whether all scenarios are played, so that coverage counts.
    pub fn is_whole(&self) -> bool {
        self.some.is_none()
    }

    /// The scenarios of an organisation that are to be played.
    pub fn suite(&self, folder: &Path) -> Result<Suite> {
        let org = organisations::name(folder)?;
        let mut shared = organisations::scenarios(&self.all.join(SHARED))?;
        let mut own = organisations::scenarios(folder)?;
        match &self.some {
            None => {}
            Some(Selection::Named(names)) => {
                shared.retain(|name, _| names.contains(name));
                own.retain(|name, _| names.contains(name));
            }
            Some(Selection::Elsewhere(files)) => {
                return Ok(Suite::read(&ScenarioFiles::new(), &org, files));
            }
        }
        Ok(Suite::read(&shared, &org, &own))
    }

    fn all(all: &Path) -> Result<Self> {
        Ok(Self {
            all: all.to_owned(),
            organisations: organisations::folders(all)?,
            some: None,
        })
    }

    fn at(path: &Path) -> Result<Self> {
        let parent = path.parent().unwrap_or(path);
        if path.is_file() {
            return Self::files(parent, vec![organisations::name(path)?], path);
        }
        if path.join("organisation.toml").is_file() {
            return Ok(Self {
                organisations: vec![path.to_owned()],
                ..Self::all(parent)?
            });
        }
        if path.file_name().is_some_and(|name| name == SCENARIOS) {
            let folder = organisations::scenarios(parent)?;
            return Self::files(path, folder.into_keys().collect(), path);
        }
        Self::all(path)
    }

    /// Some scenarios: of an organisation, of all, or from elsewhere.
    fn files(folder: &Path, names: Vec<String>, path: &Path) -> Result<Self> {
        let owner = folder
            .parent()
            .filter(|_| folder.file_name().is_some_and(|name| name == SCENARIOS));
        let all = owner.and_then(Path::parent);
        let (Some(owner), Some(all)) = (owner, all.filter(|all| all.join(SHARED).is_dir())) else {
            return Self::elsewhere(path);
        };
        let target = Self::all(all)?;
        let organisations = if owner.file_name().is_some_and(|name| name == SHARED) {
            target.organisations
        } else {
            vec![owner.to_owned()]
        };
        Ok(Self {
            organisations,
            some: Some(Selection::Named(names)),
            ..target
        })
    }

    fn elsewhere(path: &Path) -> Result<Self> {
        let all = Project::find(None)?.root.join("organisations");
        let text = fs::read_to_string(path).with_context(|| path.display().to_string())?;
        let files = ScenarioFiles::from([(organisations::name(path)?, text)]);
        Ok(Self {
            some: Some(Selection::Elsewhere(files)),
            ..Self::all(&all)?
        })
    }

    fn keep(&mut self, wanted: &[String]) -> Result<()> {
        let mut kept = Vec::new();
        for org in wanted {
            let found = self
                .organisations
                .iter()
                .find(|folder| organisations::name(folder).is_ok_and(|name| name == *org));
            match found {
                Some(folder) => kept.push(folder.clone()),
                None => bail!("there is no organisation '{org}' in {}", self.all.display()),
            }
        }
        self.organisations = kept;
        Ok(())
    }
}
