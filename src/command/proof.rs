//! The proof of the rights while a site is built: what must not be shown is gathered, then each output is searched as it is made.

use std::sync::{Mutex, PoisonError, RwLock};

use crate::{
    diagnostic::Diagnostic,
    error::{Error, Result},
    publish::Withheld,
    session::{Inspect, Inspected},
};

/// What must not be shown, and what was seen of it.
#[derive(Default)]
pub struct Proof {
    withheld: RwLock<Withheld>,
    /// What could not be read.
    failure: Mutex<Option<Error>>,
}

impl Proof {
    /// What could not be read, where something could not: then nothing is proven.
    pub fn into_failure(self) -> Option<Error> {
        self.failure.into_inner().unwrap_or_else(PoisonError::into_inner)
    }

    fn take<T>(&self, result: Result<T>) -> Option<T> {
        let failed = |error| *self.failure.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
        result.map_err(failed).ok()
    }
}

impl Inspect for Proof {
    fn begin(&self, site: &Inspected<'_>) {
        let withheld = self.take(Withheld::of(site.model, site.snapshot)).unwrap_or_default();
        *self.withheld.write().unwrap_or_else(PoisonError::into_inner) = withheld;
    }

    fn see(&self, path: &str, bytes: &[u8]) {
        self.withheld.read().unwrap_or_else(PoisonError::into_inner).see(path, bytes);
    }

    fn inspect(&self, site: &Inspected<'_>, diagnostics: &mut Vec<Diagnostic>) {
        let withheld = self.withheld.read().unwrap_or_else(PoisonError::into_inner);
        let source = |path: &str| site.plan.get(path)?.source.clone();
        self.take(withheld.report(site.model, site.snapshot, source, diagnostics));
    }
}
