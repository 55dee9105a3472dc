//! An account always has an owner, and the identity provider must not decide who can sign in as one
//! (docs/domain.md §0, §7).

use super::Role;

/// The change would leave the account without an owner.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "This is the last owner of the account, and an account always has an owner. Add another owner \
     first, then repeat the request."
)]
pub struct LastOwner;

/// Checks whether a member may be deactivated or removed.
///
/// # Errors
/// Fails if the member is the only active owner.
pub fn may_leave(role: Role, active: bool, active_owners: i64) -> Result<(), LastOwner> {
    if role == Role::Owner && active && active_owners <= 1 { Err(LastOwner) } else { Ok(()) }
}

/// The identity provider would give an owner or co-owner an unproved sign-in address, or remove the
/// last proved one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnprovedAddress {
    /// The new sign-in address is not proved.
    #[error(
        "\"{0}\" would be the sign-in address of an owner or co-owner, who has not proved it. They \
         prove it while signed in, under My account (POST /api/v1/session/addresses); then the next \
         sync succeeds."
    )]
    New(String),
    /// No address would be left by which the owner or co-owner can sign in.
    #[error(
        "An owner or co-owner would lose the address by which they sign in, \"{0}\". They prove the \
         new address while signed in, under My account (POST /api/v1/session/addresses); then the \
         next sync succeeds."
    )]
    Lost(String),
}

/// The addresses of a member as the identity provider sends them, as comparison keys.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Said {
    /// The sign-in addresses: the primary e-mail address, and the user name if it is an address.
    pub logins: Vec<String>,
    /// All addresses, including secondary ones.
    pub all: Vec<String>,
}

/// Checks whether the identity provider may change a member's addresses from `before` to `after`.
/// `own` is the address by which the member is known now; `proved` are the addresses that the
/// person who claimed the member has proved.
///
/// An identity provider may add secondary addresses to an owner: they cannot be used to sign in
/// until they are proved ([`leads_to`]).
///
/// # Errors
/// Fails for an owner or co-owner if a new sign-in address is not proved, or if no address remains
/// by which they are known or that they have proved.
pub fn may_readdress(
    role: Role,
    (before, after): (&Said, &Said),
    own: Option<&String>,
    proved: Option<&[String]>,
) -> Result<(), UnprovedAddress> {
    if !governs(role) {
        return Ok(());
    }
    let is_proved = |key: &String| proved.is_some_and(|proved| proved.contains(key));
    let may_be =
        |key: &&String| own == Some(*key) || before.logins.contains(*key) || is_proved(key);
    if let Some(new) = after.logins.iter().find(|key| !may_be(key)) {
        return Err(UnprovedAddress::New(new.clone()));
    }
    match own {
        Some(own) if !after.all.contains(own) && !after.all.iter().any(is_proved) => {
            Err(UnprovedAddress::Lost(own.clone()))
        }
        _ => Ok(()),
    }
}

/// Returns `true` if a person who signs in with this address becomes this member. Owners and
/// co-owners must be known by the address already or have proved it; for other roles, every address
/// counts.
pub fn leads_to(role: Role, key: &str, own: Option<&str>, proved_by_claimer: bool) -> bool {
    !governs(role) || own == Some(key) || proved_by_claimer
}

/// Returns `true` for the roles that only an owner can assign.
pub const fn governs(role: Role) -> bool {
    matches!(role, Role::Owner | Role::CoOwner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(list: &[&str]) -> Vec<String> {
        list.iter().map(|&key| key.to_owned()).collect()
    }

    #[test]
    fn an_owner_signs_in_with_proved_addresses() {
        let proved = keys(&["old@x", "new@x"]);
        let own = "old@x".to_owned();
        let check = |role, logins: &[&str], all: &[&str], proved: Option<&[String]>| {
            let before = Said { logins: keys(&["old@x"]), all: keys(&["old@x", "alias@x"]) };
            let after = Said { logins: keys(logins), all: keys(all) };
            may_readdress(role, (&before, &after), Some(&own), proved)
        };
        let refused = |key: &str| Err(UnprovedAddress::New(key.to_owned()));
        let lost = Err(UnprovedAddress::Lost("old@x".to_owned()));
        for role in [Role::Owner, Role::CoOwner] {
            let proved = Some(&proved[..]);
            assert_eq!(check(role, &["new@x"], &["new@x"], proved), Ok(()));
            assert_eq!(check(role, &["old@x"], &["old@x", "evil@x"], None), Ok(()));
            assert_eq!(check(role, &["evil@x"], &["evil@x"], proved), refused("evil@x"));
            assert_eq!(check(role, &["evil@x"], &["old@x", "evil@x"], None), refused("evil@x"));
            // A secondary address that becomes a sign-in address still has to be proved.
            assert_eq!(check(role, &["alias@x"], &["alias@x"], proved), refused("alias@x"));
            assert_eq!(check(role, &[], &["evil@x"], proved), lost);
            assert_eq!(check(role, &[], &[], None), lost);
        }
        for role in [Role::Member, Role::BillingOnly] {
            assert_eq!(check(role, &["evil@x"], &["evil@x"], None), Ok(()));
            assert!(leads_to(role, "evil@x", Some("old@x"), false));
        }
        assert!(leads_to(Role::Owner, "old@x", Some("old@x"), false));
        assert!(leads_to(Role::Owner, "new@x", Some("old@x"), true));
        assert!(!leads_to(Role::CoOwner, "alias@x", Some("old@x"), false));
    }

    #[test]
    fn an_owner_keeps_the_addresses_that_they_have() {
        let before = Said { logins: keys(&["work@x"]), all: keys(&["work@x"]) };
        let own = "home@x".to_owned();
        for logins in [["work@x"], ["home@x"]] {
            let after = Said { logins: keys(&logins), all: keys(&["work@x", "home@x"]) };
            let verdict = may_readdress(Role::Owner, (&before, &after), Some(&own), None);
            assert_eq!(verdict, Ok(()), "{logins:?}");
        }
    }

    #[test]
    fn only_the_last_active_owner_has_to_stay() {
        assert_eq!(may_leave(Role::Owner, true, 1), Err(LastOwner));
        assert_eq!(may_leave(Role::Owner, true, 2), Ok(()));
        assert_eq!(may_leave(Role::Owner, false, 1), Ok(()));
        assert_eq!(may_leave(Role::CoOwner, true, 1), Ok(()));
    }
}
