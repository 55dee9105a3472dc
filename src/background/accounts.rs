//! Going through all accounts, page by page, without one account's failure ending it.

use std::collections::VecDeque;

use super::work::{JobError, Work};
use crate::enterprise::AccountPk;
use crate::store::{Cost, Store, StoreResult, enterprises};

/// Accounts that are read at once.
const PAGE: i64 = 100;

impl Work {
    /// All accounts, in order.
    pub fn accounts(&self) -> Accounts<'_> {
        Accounts { store: &self.store, page: VecDeque::new(), last: 0 }
    }
}

/// A way through all accounts.
pub struct Accounts<'a> {
    store: &'a Store,
    page: VecDeque<AccountPk>,
    last: i64,
}

impl Accounts<'_> {
    /// The next account.
    ///
    /// # Errors
    /// The store's.
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

/// What went wrong in some accounts while a job went through all.
#[derive(Debug, Default)]
pub struct Failures {
    first: Option<JobError>,
    count: usize,
}

impl Failures {
    /// Takes note of how one account's step ended.
    pub fn note<E: Into<JobError>>(&mut self, step: Result<(), E>) {
        if let Err(error) = step {
            self.count += 1;
            self.first.get_or_insert(error.into());
        }
    }

    /// The end of the job.
    ///
    /// # Errors
    /// The first failure, and how many there were.
    pub fn end(self) -> Result<(), JobError> {
        match self.first {
            None => Ok(()),
            Some(first) if self.count == 1 => Err(first),
            Some(first) => Err(format!("{first} (the first of {} failures)", self.count).into()),
        }
    }
}
