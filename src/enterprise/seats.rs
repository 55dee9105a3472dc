//! Seats (DOMAIN.md §4, §7): active members and pending invitations together never exceed the
//! account's number of seats.

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

impl Seats {
    /// Returns the number of seats in use.
    pub const fn used(&self) -> i64 {
        self.members + self.invitations
    }

    /// Checks whether one more seat can be taken.
    ///
    /// # Errors
    /// Fails if all seats are taken.
    pub const fn one_more(&self) -> Result<(), NoFreeSeat> {
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
        assert_eq!(seats.one_more(), Ok(()));
        let full = Seats { members: 2, ..seats };
        assert_eq!(full.one_more(), Err(NoFreeSeat { used: 3, total: 3 }));
    }

    #[test]
    fn the_refusal_gives_both_numbers_and_says_what_to_do() {
        let text = NoFreeSeat { used: 5, total: 5 }.to_string();
        assert!(text.contains("5 of 5"), "{text}");
        assert!(text.contains("Licenses page"), "{text}");
    }
}
