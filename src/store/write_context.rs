//! Whose data a transaction writes, and who asks for it.

use std::sync::Arc;

use crate::enterprise::AccountPk;
use crate::enterprise::audit::Origin;

/// Which account a transaction writes to; [`Scope::NEW`] for one that makes an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Scope(pub AccountPk);

impl Scope {
    /// No account yet.
    pub const NEW: Self = Self(AccountPk(0));
    /// Everybody who is not known yet, in a queue: whatever account they write to.
    pub(super) const STRANGERS: Self = Self(AccountPk(-1));
}

/// Which account a transaction writes to, and who asks for it.
#[derive(Clone, Debug)]
pub struct WriteContext {
    /// The account.
    pub scope: Scope,
    /// One more account that it writes to.
    pub and: Option<Scope>,
    /// Who.
    pub origin: Arc<Origin>,
    /// Whether it changes nothing that decides who is let in.
    pub(super) keeps_admissions: bool,
    /// Whether it is asked for by somebody who is not known yet.
    is_stranger: bool,
}

impl WriteContext {
    /// This origin, writing to this account.
    pub fn new(enterprise: AccountPk, origin: Arc<Origin>) -> Self {
        Self {
            scope: Scope(enterprise),
            and: None,
            origin,
            keeps_admissions: false,
            is_stranger: false,
        }
    }

    /// The same, changing nothing that decides who is let in: no token, connector or plan.
    #[must_use]
    pub fn keeping_admissions(self) -> Self {
        Self { keeps_admissions: true, ..self }
    }

    /// The same, asked for by somebody who is not known yet. Strangers have one lane for all of them,
    /// whatever account they write to: however many come, no account waits for more than one turn of
    /// theirs, and they take turns with accounts.
    #[must_use]
    pub fn of_stranger(self) -> Self {
        Self { is_stranger: true, ..self }
    }

    /// In whose lane it waits.
    pub(super) const fn lane(&self) -> Scope {
        if self.is_stranger { Scope::STRANGERS } else { self.scope }
    }

    /// The same origin, writing to this account.
    #[must_use]
    pub fn in_account(self, enterprise: AccountPk) -> Self {
        Self { scope: Scope(enterprise), and: None, ..self }
    }

    /// The same, writing to one more account: both are locked, in the order of their rows, so that
    /// two such transactions never wait for each other in a circle.
    #[must_use]
    pub fn and(self, enterprise: AccountPk) -> Self {
        Self { and: Some(Scope(enterprise)), ..self }
    }

    /// The accounts, in the order in which they are locked.
    pub(super) fn accounts(&self) -> impl Iterator<Item = Scope> + use<> {
        let (one, other) = (self.scope, self.and.filter(|other| *other != self.scope));
        let first = other.map_or(one, |other| one.min(other));
        std::iter::once(first).chain(other.map(|other| one.max(other)))
    }
}

/// The server itself.
impl From<Scope> for WriteContext {
    fn from(scope: Scope) -> Self {
        Self::new(scope.0, Arc::new(Origin::system()))
    }
}
