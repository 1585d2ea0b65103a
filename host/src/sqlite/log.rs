//! Durable commits at few writes to the disk: a commit is answered when the write-ahead log is on the disk, and one
//! flush serves every commit that was written before it began. Commits go on while a flush is under way, so their
//! number is bound by the processor and not by the disk.

use super::Error;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::watch;

/// The write-ahead log of one database.
pub(super) struct Log {
    path: PathBuf,
    written: Mutex<Written>,
    flushed: watch::Sender<Flushed>,
}

#[derive(Default)]
struct Written {
    commits: u64,
    is_flushing: bool,
}

/// How far the disk has come.
#[derive(Default)]
struct Flushed {
    commits: u64,
    /// After a failed flush nobody knows what is on the disk: no further commit is answered as done. SQLite finds
    /// out at the next start.
    failure: Option<String>,
}

impl Log {
    /// The log of the database in this file.
    pub(super) fn of(database: &Path) -> Self {
        let mut path = database.as_os_str().to_owned();
        path.push("-wal");
        Self {
            path: path.into(),
            written: Mutex::default(),
            flushed: watch::Sender::new(Flushed::default()),
        }
    }

    /// Resolves when the commit that the caller has just written is on the disk.
    pub(super) async fn flush(self: &Arc<Self>) -> Result<(), Error> {
        let mut flushed = self.flushed.subscribe();
        let ticket = self.join();
        let reached = flushed
            .wait_for(|now| now.commits >= ticket || now.failure.is_some())
            .await;
        match reached {
            Ok(now) if now.commits >= ticket => Ok(()),
            Ok(now) => Err(Error::Io(now.failure.clone().unwrap_or_default())),
            Err(_) => Err(Error::Io("database is closed".into())),
        }
    }

    /// Counts a commit in; whoever finds no flush under way begins one.
    fn join(self: &Arc<Self>) -> u64 {
        let mut written = self.written();
        written.commits += 1;
        if !std::mem::replace(&mut written.is_flushing, true) {
            let log = self.clone();
            tokio::task::spawn_blocking(move || log.flush_until_nothing_is_left());
        }
        written.commits
    }

    fn flush_until_nothing_is_left(&self) {
        let mut done = 0;
        while let Some(commits) = self.more_than(done) {
            let result = File::open(&self.path).and_then(|log| log.sync_data());
            done = commits;
            self.flushed.send_modify(|flushed| match (&flushed.failure, result) {
                (None, Ok(())) => flushed.commits = commits,
                (None, Err(error)) => {
                    tracing::error!(log = %self.path.display(), %error, "commits do not reach the disk; restart when it is mended");
                    flushed.failure = Some(format!("the log does not reach the disk: {error}"));
                }
                (Some(_), _) => {}
            });
        }
    }

    fn more_than(&self, done: u64) -> Option<u64> {
        let mut written = self.written();
        written.is_flushing = written.commits > done;
        written.is_flushing.then_some(written.commits)
    }

    fn written(&self) -> MutexGuard<'_, Written> {
        self.written.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn every_commit_is_flushed_and_few_flushes_serve_many() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("a.db-wal"), "frames").unwrap();
        let log = Arc::new(Log::of(&folder.path().join("a.db")));
        let commits = (0..200).map(|_| {
            let log = log.clone();
            tokio::spawn(async move { log.flush().await })
        });
        for commit in commits.collect::<Vec<_>>() {
            commit.await.unwrap().unwrap();
        }
        let flushed = log.flushed.borrow();
        assert_eq!((flushed.commits, &flushed.failure), (200, &None));
    }

    #[tokio::test]
    async fn after_a_failed_flush_no_commit_is_answered_as_done() {
        let folder = tempfile::tempdir().unwrap();
        let log = Arc::new(Log::of(&folder.path().join("a.db")));
        assert!(log.flush().await.is_err());
        std::fs::write(folder.path().join("a.db-wal"), "frames").unwrap();
        assert!(log.flush().await.is_err());
    }
}
