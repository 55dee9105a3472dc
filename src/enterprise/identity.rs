//! Who a provisioned user is: new, somebody the account already knows, or a mix-up (DOMAIN.md §7,
//! the table of users).
//!
//! A person is recognised by user name or by any e-mail address, without letter case. The user
//! name of one person must not be the address of another. Two provisioned people may share an
//! address that is the user name of neither (a shared mailbox).

use super::{MemberPk, MemberSource, address, name};

/// What the identity provider says of a user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// `userName` as sent.
    pub user_name: String,
    /// Every value of `emails` as sent.
    pub emails: Vec<String>,
}

impl Claim {
    /// Everything that the claim can be recognised by, folded, without repetition.
    pub fn keys(&self) -> Vec<String> {
        let mut keys = vec![self.user_name_key()];
        keys.extend(self.email_keys());
        keys.sort_unstable();
        keys.dedup();
        keys
    }

    /// The folded user name.
    pub fn user_name_key(&self) -> String {
        name::user_key(&self.user_name)
    }

    /// The folded addresses, without repetition.
    pub fn email_keys(&self) -> Vec<String> {
        let mut keys: Vec<String> = self.emails.iter().map(|email| address::key(email)).collect();
        keys.sort_unstable();
        keys.dedup();
        keys
    }
}

/// A member of the account that shares something with the claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The member.
    pub member: MemberPk,
    /// Who put it there.
    pub source: MemberSource,
    /// Its folded user name.
    pub user_name_key: String,
    /// Those of its folded addresses that are among the claim's keys.
    pub email_keys: Vec<String>,
}

/// What a POST of the claim means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Nobody knows this person yet.
    New,
    /// The person is this manual member, which the identity provider now takes over.
    Adopt(MemberPk),
}

/// The claim belongs to somebody else, or to two people at once.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Taken {
    /// A user of that name is there.
    #[error(
        "userName: \"{}\" is already the userName of another user of this account. Update that \
         user, or choose another userName.",
        .0.replace('"', "'")
    )]
    UserName(String),
    /// The user name is another member's address.
    #[error(
        "userName: \"{}\" is the e-mail address of another member of this account. Give this user \
         another userName, or remove that address from the other member.",
        .0.replace('"', "'")
    )]
    UserNameIsAddress(String),
    /// An address is another member's user name, or belongs to another person than the user name.
    #[error(
        "emails: \"{}\" belongs to another member of this account. Remove it from emails, or \
         correct the other member.",
        .0.replace('"', "'")
    )]
    Email(String),
}

impl Taken {
    /// The SCIM attribute that is taken.
    pub const fn attribute(&self) -> &'static str {
        match self {
            Self::UserName(_) | Self::UserNameIsAddress(_) => "userName",
            Self::Email(_) => "emails",
        }
    }
}

/// Decides what a POST of the claim means, given every member that shares a key with it.
///
/// # Errors
/// [`Taken`] where somebody provisioned has the name, or where name and address lead to different
/// people.
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

/// Checks a changed user name or address of a member against all others that share a key.
///
/// # Errors
/// [`Taken`] with the attribute that belongs to somebody else.
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

/// The claim's keys that lead to this member.
fn keys_of(candidate: &Candidate, claim: &Claim) -> Vec<String> {
    let mut keys = claim.keys();
    keys.retain(|key| *key == candidate.user_name_key || candidate.email_keys.contains(key));
    keys
}

impl Claim {
    /// The address (or name) as the identity provider wrote it.
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
