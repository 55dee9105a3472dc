//! Iteration over all accounts, page by page, which a failure in one account does not end.

use std::collections::VecDeque;

use super::work::{JobError, Work};
use crate::enterprise::AccountPk;
use crate::store::{Cost, Store, StoreResult, enterprises};

/// The number of accounts that one query reads.
const PAGE: i64 = 100;

impl Work {
    /// Returns an iterator over all accounts, in order.
    pub fn accounts(&self) -> Accounts<'_> {
        Accounts { store: &self.store, page: VecDeque::new(), last: 0 }
    }
}

/// An asynchronous iterator over all accounts.
pub struct Accounts<'a> {
    store: &'a Store,
    page: VecDeque<AccountPk>,
    last: i64,
}

impl Accounts<'_> {
    /// Returns the next account, or `None` after the last.
    pub async fn next(&mut self) -> StoreResult<Option<AccountPk>> {
        if self.page.is_empty() {
            let last = self.last;
            let read = move |conn: &mut _| enterprises::after(conn, last, PAGE);
            self.page = self.store.read(Cost::SERVER, read).await?.into();
            self.last = self.page.back().map_or(last, |account| account.0);
        }
        Ok(self.page.pop_front())
    }
}

/// The failures of a job in single accounts.
#[derive(Debug, Default)]
pub struct Failures {
    first: Option<JobError>,
    count: usize,
}

impl Failures {
    /// Records the result of one account's step.
    pub fn note<E: Into<JobError>>(&mut self, step: Result<(), E>) {
        if let Err(error) = step {
            self.count += 1;
            self.first.get_or_insert(error.into());
        }
    }

    /// Returns the result of the whole job.
    ///
    /// # Errors
    /// Returns the first failure, with the number of failures.
    pub fn end(self) -> Result<(), JobError> {
        match self.first {
            None => Ok(()),
            Some(first) if self.count == 1 => Err(first),
            Some(first) => Err(format!("{first} (the first of {} failures)", self.count).into()),
        }
    }
}
