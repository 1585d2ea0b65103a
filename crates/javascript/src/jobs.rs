//! Promise reactions: run after the source, so many and no more. There are no timers: code does not wait.

use boa_engine::job::{Job, JobExecutor};
use boa_engine::{Context, JsResult};
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;

/// What is to run after the source.
pub(crate) struct Jobs {
    waiting: RefCell<VecDeque<Job>>,
    left: Cell<usize>,
    imported: Cell<bool>,
}

impl Jobs {
    /// Room for so many jobs.
    pub(crate) fn new(max: usize) -> Self {
        Self {
            waiting: RefCell::default(),
            left: Cell::new(max),
            imported: Cell::new(false),
        }
    }

    /// Whether a module was asked for.
    pub(crate) fn has_import(&self) -> bool {
        self.imported.get()
    }

    /// Whether something waits that may not run any more.
    pub(crate) fn is_over(&self) -> bool {
        !self.waiting.borrow().is_empty()
    }

    fn next(&self) -> Option<Job> {
        let left = self.left.get().checked_sub(1)?;
        let job = self.waiting.borrow_mut().pop_front()?;
        self.left.set(left);
        Some(job)
    }
}

impl JobExecutor for Jobs {
    fn enqueue_job(self: Rc<Self>, job: Job, _context: &mut Context) {
        match job {
            Job::PromiseJob(_) | Job::GenericJob(_) => self.waiting.borrow_mut().push_back(job),
            // The engine waits for nothing else.
            Job::AsyncJob(_) => self.imported.set(true),
            _ => {}
        }
    }

    fn run_jobs(self: Rc<Self>, context: &mut Context) -> JsResult<()> {
        while let Some(job) = self.next() {
            match job {
                Job::PromiseJob(job) => job.call(context)?,
                Job::GenericJob(job) => job.call(context)?,
                _ => continue,
            };
        }
        Ok(())
    }
}
