//! How an address becomes proved, and how a member becomes claimed by a person (docs/domain.md §0).

use super::words::words;

words! {
    /// How a person proved that an address is theirs.
    Proof {
        /// They followed a link that was sent to it.
        Link = "link",
        /// They signed in through single sign-on of the account that verified its domain.
        Sso = "sso",
        /// They had signed in with it before proofs were recorded.
        Record = "record",
    }
}

words! {
    /// Why a person could claim a member.
    Basis {
        /// They followed the link of the account's invitation.
        Invitation = "invitation",
        /// They signed in through the account's single sign-on.
        Sso = "sso",
        /// The account has verified the domain of an address that they have proved.
        Domain = "domain",
        /// They were asked and agreed.
        Consent = "consent",
        /// They followed a recovery link that was sent to the owner's address.
        Recovery = "recovery",
        /// They had used the member before claims were recorded.
        Record = "record",
    }
}

words! {
    /// What becomes of the connection to the person when two members are merged.
    MergedClaim {
        /// No person has claimed either member.
        None = "none",
        /// The person stays who has claimed the member that stays.
        Stays = "stays",
        /// The person who has claimed the member that goes has the one that stays.
        Moves = "moves",
        /// The person has proved no address of the member that stays, and has to be asked again.
        Ends = "ends",
    }
}

/// Returns `true` if a claim survives a change of the member's addresses: the person who claimed
/// the member must have proved at least one of the new addresses.
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
