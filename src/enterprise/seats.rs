//! Seats (DOMAIN.md §4, §7): active members and pending invitations together never exceed the
//! account's number.

use super::words::words;

words! {
    /// What provisioning could not do.
    RefusalKind {
        /// Nobody was added, because all seats were taken.
        NoFreeSeat = "no_free_seat",
    }
}

/// How an account's seats are used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seats {
    /// What the account has.
    pub total: i64,
    /// Held by active members.
    pub members: i64,
    /// Held by pending invitations that have not expired.
    pub invitations: i64,
}

/// No seat is free.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "No licence seat is free: {used} of {total} are used. Free one on the Licenses page by removing \
     a member or revoking an invitation, or buy more seats; the same request then succeeds."
)]
pub struct NoFreeSeat {
    /// Seats in use.
    pub used: i64,
    /// Seats that the account has.
    pub total: i64,
}

impl Seats {
    /// Seats in use.
    pub const fn used(&self) -> i64 {
        self.members + self.invitations
    }

    /// Whether one more can be taken.
    ///
    /// # Errors
    /// [`NoFreeSeat`] with both numbers.
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
