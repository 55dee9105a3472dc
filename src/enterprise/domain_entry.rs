//! Capture and lock: who may sign up or sign in with an address in a verified domain
//! (docs/domain.md §5).

/// The settings of a verified domain for its addresses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DomainRule {
    /// People who sign up join the account.
    pub capture: bool,
    /// People who are not invited get no access.
    pub locked: bool,
}

/// The relation of an address to the account that verified its domain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryStatus {
    /// An active member.
    Member,
    /// Invited; the invitation is pending.
    Invited,
    /// Neither a member nor invited.
    Stranger,
}

/// The effect of the settings on an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Admission {
    /// The address is not restricted.
    Open,
    /// Signing up with the address makes the person a member of the account, who takes a seat.
    Captured,
    /// The address gets no access until it is invited.
    Refused,
}

/// Applies the rule of a domain to an address. `known` is `true` if the address has been used, or
/// could have been used, to sign in before.
///
/// Capture takes precedence over lock for people who sign up. A known address is not captured and
/// is therefore subject to the lock.
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
