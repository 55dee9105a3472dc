//! Who may enter by an address in a verified domain (DOMAIN.md §5): capture and lock.

/// What the account that verified a domain wants of its addresses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DomainRule {
    /// New sign-ups join the account.
    pub capture: bool,
    /// Who is not invited gets no access.
    pub locked: bool,
}

/// What an address is to that account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryStatus {
    /// An active member.
    Member,
    /// Invited, and the invitation is open.
    Invited,
    /// Neither.
    Stranger,
}

/// What the rule means for an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Admission {
    /// Nothing stands in the way.
    Open,
    /// Whoever signs up with it becomes a member of the account and takes a seat.
    Captured,
    /// It gets in nowhere until it is invited.
    Refused,
}

/// Decides; `known` are addresses that somebody has signed in or could sign in with before.
///
/// Capture wins over lock for those who sign up. Who was known before is not captured, and so stays
/// outside of a lock.
pub const fn admission(rule: DomainRule, standing: EntryStatus, known: bool) -> Admission {
    match standing {
        EntryStatus::Member => Admission::Open,
        _ if rule.capture && !known => Admission::Captured,
        EntryStatus::Stranger if rule.locked => Admission::Refused,
        EntryStatus::Invited | EntryStatus::Stranger => Admission::Open,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_for_everybody() {
        use Admission::{Captured, Open, Refused};
        use EntryStatus::{Invited, Member, Stranger};
        let everybody = [
            (Member, true),
            (Invited, true),
            (Invited, false),
            (Stranger, true),
            (Stranger, false),
        ];
        let table = [
            ((false, false), [Open, Open, Open, Open, Open]),
            ((true, false), [Open, Open, Captured, Open, Captured]),
            ((false, true), [Open, Open, Open, Refused, Refused]),
            ((true, true), [Open, Open, Captured, Refused, Captured]),
        ];
        for ((capture, locked), expected) in table {
            let rule = DomainRule { capture, locked };
            let found = everybody.map(|(standing, known)| admission(rule, standing, known));
            assert_eq!(found, expected, "{rule:?}");
        }
    }
}
