//! How a person comes into being, and how a member becomes theirs (DOMAIN.md §0).

use super::words::words;

words! {
    /// What shows that an address is somebody's.
    Proof {
        /// They followed a link that was sent to it.
        Link = "link",
        /// They came through the single sign-on of the account that has verified its domain.
        Sso = "sso",
        /// They had signed in with it before proofs were kept.
        Record = "record",
    }
}

words! {
    /// Why a member is the person's who has claimed it.
    Basis {
        /// They followed the link of the account's invitation.
        Invitation = "invitation",
        /// They came through the account's single sign-on.
        Sso = "sso",
        /// The account has verified the domain of an address that they have proved.
        Domain = "domain",
        /// They were asked, and said yes.
        Consent = "consent",
        /// They followed a recovery link that was sent to the owner's address.
        Recovery = "recovery",
        /// They had been it before claims were kept.
        Record = "record",
    }
}

/// Whether a claim outlives a change of the member's addresses: one of the new addresses has to be
/// proved by the person who claimed the member.
pub fn claim_stands<'a>(
    addresses: impl IntoIterator<Item = &'a String>,
    proved: &[String],
) -> bool {
    addresses.into_iter().any(|address| proved.contains(address))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_claim_stands_on_one_proved_address() {
        let keys = |list: &[&str]| list.iter().map(|&key| key.to_owned()).collect::<Vec<_>>();
        let proved = keys(&["a@x.example", "b@x.example"]);
        assert!(claim_stands(&keys(&["c@x.example", "b@x.example"]), &proved));
        assert!(!claim_stands(&keys(&["c@x.example"]), &proved));
        assert!(!claim_stands(&keys(&[]), &proved));
    }
}
