//! Seats (docs/domain.md §4, §7): active members and pending invitations together never exceed the
//! account's number of seats.

use super::git_sync::GitSyncFull;
use super::words::words;

words! {
    /// An operation of provisioning that was refused.
    RefusalKind {
        /// A user was not added because all seats were taken.
        NoFreeSeat = "no_free_seat",
    }
}

/// The usage of an account's seats.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seats {
    /// The number of seats that the account has.
    pub total: i64,
    /// The seats held by active members.
    pub members: i64,
    /// The seats held by pending invitations that have not expired.
    pub invitations: i64,
}

/// All seats are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "No licence seat is free: {used} of {total} are used. Free one on the Licenses page by removing \
     a member or revoking an invitation, or buy more seats; the same request then succeeds."
)]
pub struct NoFreeSeat {
    /// The number of seats in use.
    pub used: i64,
    /// The number of seats that the account has.
    pub total: i64,
}

/// Why one more active user is not admitted to an account.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAdmitted {
    /// All seats are taken.
    #[error(transparent)]
    NoFreeSeat(#[from] NoFreeSeat),
    /// Git Sync serves no more users on this plan.
    #[error(transparent)]
    GitSync(#[from] GitSyncFull),
}

/// Who comes to take a seat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arrival {
    /// A new member or invitation, or a member who is active again.
    New,
    /// The person of an invitation that counted until now.
    Invited,
}

impl Seats {
    /// Returns the number of seats in use.
    pub const fn used(&self) -> i64 {
        self.members + self.invitations
    }

    /// Returns how many active users an arrival would join. Whoever is new comes after all who are
    /// invited; who was invited joins only those who are in.
    pub const fn before(&self, arrival: Arrival) -> i64 {
        match arrival {
            Arrival::New => self.used(),
            Arrival::Invited => self.members,
        }
    }

    /// Checks whether one more seat is free. Who takes one is admitted by `store::seats::admit`.
    ///
    /// # Errors
    /// Fails if all seats are taken.
    pub const fn free_seat(&self) -> Result<(), NoFreeSeat> {
        if self.used() < self.total {
            Ok(())
        } else {
            Err(NoFreeSeat { used: self.used(), total: self.total })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_seat_can_be_taken_and_no_more() {
        let seats = Seats { total: 3, members: 1, invitations: 1 };
        assert_eq!(seats.free_seat(), Ok(()));
        let full = Seats { members: 2, ..seats };
        assert_eq!(full.free_seat(), Err(NoFreeSeat { used: 3, total: 3 }));
    }

    #[test]
    fn the_refusal_gives_both_numbers_and_says_what_to_do() {
        let text = NoFreeSeat { used: 5, total: 5 }.to_string();
        assert!(text.contains("5 of 5"), "{text}");
        assert!(text.contains("Licenses page"), "{text}");
    }
}
