//! Which account a transaction writes to, and on whose behalf.

use std::sync::Arc;

use crate::enterprise::AccountPk;
use crate::enterprise::audit::Origin;

/// The account that a transaction writes to, or [`Scope::NONE`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Scope(pub AccountPk);

impl Scope {
    /// No account: one is created, or the server itself writes.
    pub const NONE: Self = Self(AccountPk(0));
    /// The queue lane of all unauthenticated callers, whatever account they write to.
    pub(super) const STRANGERS: Self = Self(AccountPk(-1));
}

impl From<AccountPk> for Scope {
    fn from(account: AccountPk) -> Self {
        Self(account)
    }
}

impl From<Option<AccountPk>> for Scope {
    fn from(account: Option<AccountPk>) -> Self {
        account.map_or(Self::NONE, Self)
    }
}

/// Which account a transaction writes to, and on whose behalf.
#[derive(Clone, Debug)]
pub struct WriteContext {
    /// The account that is written to and locked.
    pub scope: Scope,
    /// A second account that is written to and locked.
    pub and: Option<Scope>,
    /// The actor, for the audit log.
    pub origin: Arc<Origin>,
    /// Whether the transaction does not change who is admitted.
    pub(super) keeps_admissions: bool,
    /// Whether the caller is unauthenticated.
    is_stranger: bool,
}

impl WriteContext {
    /// Creates a context for a transaction of this origin that writes to this account, or to none.
    pub fn new(scope: impl Into<Scope>, origin: Arc<Origin>) -> Self {
        Self { scope: scope.into(), and: None, origin, keeps_admissions: false, is_stranger: false }
    }

    /// Declares that the transaction does not change who is admitted: no token, connector or plan.
    #[must_use]
    pub fn keeping_admissions(self) -> Self {
        Self { keeps_admissions: true, ..self }
    }

    /// Declares that the caller is unauthenticated. All such callers share one lane, whatever
    /// account they write to, and that lane takes turns with accounts. So however many there are,
    /// an account waits for one turn of theirs at most.
    #[must_use]
    pub fn of_stranger(self) -> Self {
        Self { is_stranger: true, ..self }
    }

    /// Returns the queue lane in which the transaction waits.
    pub(super) const fn lane(&self) -> Scope {
        if self.is_stranger { Scope::STRANGERS } else { self.scope }
    }

    /// Returns the context with the same origin for another account, or for none.
    #[must_use]
    pub fn in_account(self, scope: impl Into<Scope>) -> Self {
        Self { scope: scope.into(), and: None, ..self }
    }

    /// Adds a second account. Both are locked in the order of their rows, so that two such
    /// transactions cannot deadlock.
    #[must_use]
    pub fn and(self, enterprise: AccountPk) -> Self {
        Self { and: Some(Scope(enterprise)), ..self }
    }

    /// Returns the accounts in the order in which they are locked.
    pub(super) fn accounts(&self) -> impl Iterator<Item = Scope> + use<> {
        let (one, other) = (self.scope, self.and.filter(|other| *other != self.scope));
        let first = other.map_or(one, |other| one.min(other));
        std::iter::once(first).chain(other.map(|other| one.max(other)))
    }
}

/// The server itself writes to this account.
impl From<Scope> for WriteContext {
    fn from(scope: Scope) -> Self {
        Self::new(scope, Arc::new(Origin::system()))
    }
}
