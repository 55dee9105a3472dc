//! An account always has an owner (DOMAIN.md §7).

use super::Role;

/// The account would be left without an owner.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "This is the last owner of the account, and an account always has an owner. Add another owner \
     first, then repeat the request."
)]
pub struct LastOwner;

/// Whether a member may be deactivated or removed, given how many active owners there are.
///
/// # Errors
/// [`LastOwner`].
pub fn may_leave(role: Role, active: bool, active_owners: i64) -> Result<(), LastOwner> {
    if role == Role::Owner && active && active_owners <= 1 { Err(LastOwner) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_last_active_owner_has_to_stay() {
        assert_eq!(may_leave(Role::Owner, true, 1), Err(LastOwner));
        assert_eq!(may_leave(Role::Owner, true, 2), Ok(()));
        assert_eq!(may_leave(Role::Owner, false, 1), Ok(()));
        assert_eq!(may_leave(Role::CoOwner, true, 1), Ok(()));
    }
}
