//! Matches a provisioned user with the members of the account: the user is new, an existing member,
//! or in conflict with one (docs/domain.md §7, the table of users).
//!
//! User names and e-mail addresses identify a person, ignoring letter case. The user name of one
//! person must not be the address of another. Two provisioned people may share an address that is
//! not the user name of either of them (a shared mailbox).

use super::{MemberPk, MemberSource, address, name};

/// The identifying attributes of a user, as the identity provider sent them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// `userName` as sent.
    pub user_name: String,
    /// All values of `emails` as sent.
    pub emails: Vec<String>,
}

impl Claim {
    /// Returns all keys that identify the user, folded and without duplicates.
    pub fn keys(&self) -> Vec<String> {
        let mut keys = vec![self.user_name_key()];
        keys.extend(self.email_keys());
        keys.sort_unstable();
        keys.dedup();
        keys
    }

    /// Returns the folded user name.
    pub fn user_name_key(&self) -> String {
        name::user_key(&self.user_name)
    }

    /// Returns the folded addresses, without duplicates.
    pub fn email_keys(&self) -> Vec<String> {
        let mut keys: Vec<String> = self.emails.iter().map(|email| address::key(email)).collect();
        keys.sort_unstable();
        keys.dedup();
        keys
    }
}

/// A member of the account that has at least one key in common with the claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The member's primary key.
    pub member: MemberPk,
    /// Whether an administrator or the identity provider added the member.
    pub source: MemberSource,
    /// The member's folded user name.
    pub user_name_key: String,
    /// The member's folded addresses that are among the keys of the claim.
    pub email_keys: Vec<String>,
}

/// The outcome of a POST.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// The user is not a member yet.
    New,
    /// The user is this manual member, which the identity provider takes over.
    Adopt(MemberPk),
}

/// A conflict: the user name or an address belongs to another member.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Taken {
    /// Another user has this user name.
    #[error(
        "userName: \"{}\" is already the userName of another user of this account. Update that \
         user, or choose another userName.",
        .0.replace('"', "'")
    )]
    UserName(String),
    /// The user name is the address of another member.
    #[error(
        "userName: \"{}\" is the e-mail address of another member of this account. Give this user \
         another userName, or remove that address from the other member.",
        .0.replace('"', "'")
    )]
    UserNameIsAddress(String),
    /// The address is another member's user name, or belongs to another person than the user name
    /// does.
    #[error(
        "emails: \"{}\" belongs to another member of this account. Remove it from emails, or \
         correct the other member.",
        .0.replace('"', "'")
    )]
    Email(String),
}

impl Taken {
    /// Returns the SCIM attribute that is in conflict.
    pub const fn attribute(&self) -> &'static str {
        match self {
            Self::UserName(_) | Self::UserNameIsAddress(_) => "userName",
            Self::Email(_) => "emails",
        }
    }
}

/// Decides whether a POST creates a member or adopts a manual one. `candidates` must contain every
/// member that has a key in common with the claim.
///
/// # Errors
/// Fails if a provisioned member has the user name, or if user name and addresses belong to
/// different people.
pub fn recognise(claim: &Claim, candidates: &[Candidate]) -> Result<Decision, Taken> {
    let provisioned = |candidate: &&Candidate| candidate.source == MemberSource::Scim;
    for other in candidates.iter().filter(provisioned) {
        unmixed(claim, other)?;
    }
    let mut manual = candidates.iter().filter(|candidate| !provisioned(candidate));
    let Some(member) = manual.next() else {
        return Ok(Decision::New);
    };
    let belongs = |key: &String| *key == member.user_name_key || member.email_keys.contains(key);
    for other in manual.chain(candidates.iter().filter(provisioned)) {
        if let Some(key) = keys_of(other, claim).into_iter().find(|key| !belongs(key)) {
            return Err(Taken::Email(claim.as_sent(&key)));
        }
    }
    Ok(Decision::Adopt(member.member))
}

/// Checks a changed user name or address of a member. `others` must contain every other member that
/// has a key in common with the claim.
///
/// # Errors
/// Fails with the attribute that belongs to another member.
pub fn keep_apart(claim: &Claim, others: &[Candidate]) -> Result<(), Taken> {
    others.iter().try_for_each(|other| unmixed(claim, other))
}

fn unmixed(claim: &Claim, other: &Candidate) -> Result<(), Taken> {
    let user_name = claim.user_name_key();
    if other.user_name_key == user_name {
        return Err(Taken::UserName(claim.user_name.clone()));
    }
    if other.email_keys.contains(&user_name) {
        return Err(Taken::UserNameIsAddress(claim.user_name.clone()));
    }
    if claim.email_keys().contains(&other.user_name_key) {
        return Err(Taken::Email(claim.as_sent(&other.user_name_key)));
    }
    Ok(())
}

/// Returns the keys of the claim that identify this candidate.
fn keys_of(candidate: &Candidate, claim: &Claim) -> Vec<String> {
    let mut keys = claim.keys();
    keys.retain(|key| *key == candidate.user_name_key || candidate.email_keys.contains(key));
    keys
}

impl Claim {
    /// Returns the address (or user name) as the identity provider spelled it.
    fn as_sent(&self, key: &str) -> String {
        let sent = self.emails.iter().find(|email| address::key(email) == key);
        sent.unwrap_or(&self.user_name).clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claim(user_name: &str, emails: &[&str]) -> Claim {
        Claim {
            user_name: user_name.to_owned(),
            emails: emails.iter().map(|&email| email.to_owned()).collect(),
        }
    }

    fn member(number: i64, source: MemberSource, name: &str, emails: &[&str]) -> Candidate {
        Candidate {
            member: MemberPk(number),
            source,
            user_name_key: name.to_owned(),
            email_keys: emails.iter().map(|&email| email.to_owned()).collect(),
        }
    }

    use MemberSource::{Manual, Scim};

    #[test]
    fn somebody_unknown_is_new() {
        assert_eq!(recognise(&claim("a@x", &["a@x"]), &[]), Ok(Decision::New));
    }

    #[test]
    fn a_manual_member_is_adopted_by_name_or_by_any_address_in_any_case() {
        let manual = [member(7, Manual, "a@x", &["a@x"])];
        assert_eq!(recognise(&claim("A@X", &[]), &manual), Ok(Decision::Adopt(MemberPk(7))));
        assert_eq!(
            recognise(&claim("alice", &["b@x", "A@x"]), &manual),
            Ok(Decision::Adopt(MemberPk(7)))
        );
    }

    #[test]
    fn a_provisioned_user_name_is_taken() {
        let there = [member(7, Scim, "a@x", &["a@x"])];
        let taken = recognise(&claim("A@x", &["a@x"]), &there).unwrap_err();
        assert_eq!(taken, Taken::UserName("A@x".to_owned()));
        assert_eq!(taken.attribute(), "userName");
    }

    #[test]
    fn the_user_name_of_one_must_not_be_the_address_of_another() {
        let there = [member(7, Scim, "alice", &["a@x"])];
        let taken = recognise(&claim("a@x", &[]), &there).unwrap_err();
        assert_eq!(taken, Taken::UserNameIsAddress("a@x".to_owned()));
        let there = [member(7, Scim, "a@x", &[])];
        let taken = recognise(&claim("bob", &["A@x"]), &there).unwrap_err();
        assert_eq!(taken, Taken::Email("A@x".to_owned()));
        assert_eq!(taken.attribute(), "emails");
    }

    #[test]
    fn provisioned_users_may_share_a_mailbox() {
        let there = [member(7, Scim, "emp1", &["desk@x"])];
        assert_eq!(recognise(&claim("emp2", &["desk@x"]), &there), Ok(Decision::New));
    }

    #[test]
    fn a_manual_member_who_shares_a_mailbox_is_adopted() {
        let there = [member(7, Manual, "alice", &["desk@x"]), member(8, Scim, "emp2", &["desk@x"])];
        let claim = claim("alice", &["desk@x", "alice@x"]);
        assert_eq!(recognise(&claim, &there), Ok(Decision::Adopt(MemberPk(7))));
    }

    #[test]
    fn name_and_address_of_two_people_are_not_merged() {
        let two = [member(7, Manual, "a@x", &["a@x"]), member(8, Manual, "b@x", &["b@x"])];
        let taken = recognise(&claim("a@x", &["b@x"]), &two).unwrap_err();
        assert_eq!(taken.attribute(), "emails");
        let mixed = [member(7, Manual, "a@x", &["a@x"]), member(8, Scim, "bob", &["b@x"])];
        let taken = recognise(&claim("a@x", &["b@x"]), &mixed).unwrap_err();
        assert_eq!(taken, Taken::Email("b@x".to_owned()));
    }

    #[test]
    fn a_change_may_not_take_what_is_somebody_elses() {
        let other = [member(8, Manual, "b@x", &["b@x"])];
        assert!(keep_apart(&claim("b@x", &[]), &other).is_err());
        assert!(keep_apart(&claim("a", &["b@x"]), &other).is_err());
        assert!(keep_apart(&claim("a", &["c@x"]), &other).is_ok());
    }
}
