//! What a page says after something was done: a word in the address, so that nothing that somebody
//! else wrote can be shown.

use maud::{Markup, html};

use crate::http::pages::parts::{Tone, banner};

/// Declares the notices with their words and texts.
macro_rules! notices {
    ($($name:ident = $word:literal: $text:literal),+ $(,)?) => {
        /// Something that was done.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Notice {
            $(#[doc = $text] $name),+
        }

        impl Notice {
            /// Returns the word in the address.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $word),+ }
            }

            const fn text(self) -> &'static str {
                match self { $(Self::$name => $text),+ }
            }

            /// Returns the notice that the query of an address names.
            pub fn of(query: &str) -> Option<Self> {
                let word = query.split('&').find_map(|pair| pair.strip_prefix("done="))?;
                match word { $($word => Some(Self::$name),)+ _ => None }
            }
        }
    };
}
notices! {
    TeamCreated = "team-created": "The team is created. Link it to organizations, and invite people to it.",
    TeamChanged = "team-changed": "The team is changed.",
    TeamDeleted = "team-deleted": "The team is deleted. Its members keep their seats.",
    Linked = "linked": "The team is linked: its members reach the organization now.",
    Unlinked = "unlinked": "The team is no longer linked to the organization.",
    MemberAdded = "member-added": "The member is in the team.",
    GroupLinked = "group-linked": "The team and the SCIM group are one now. The identity provider keeps its name and members.",
    GroupUnlinked = "group-unlinked": "The team is manual again, and the SCIM group has a team of its own.",
    PlaceChanged = "place-changed": "The role in the team is changed.",
    MemberRemoved = "member-removed": "The member is out of the team. The seat stays taken: only the page Licenses frees it.",
    AccountMemberAdded = "account-member-added": "The member is added, and has a seat.",
    AccountMemberChanged = "account-member-changed": "Name and address are changed.",
    AccountMemberDeactivated = "account-member-deactivated": "The member is deactivated. The seat is free; teams and organizations are kept for when you reactivate the member.",
    AccountMemberReactivated = "account-member-reactivated": "The member is active again, and has a seat.",
    AccountMemberRemoved = "account-member-removed": "The member is removed from the account. The seat is free.",
    AccountRoleChanged = "account-role-changed": "The account role is changed. The member is told by mail.",
    CoOwnerInvited = "co-owner-invited": "This person is no member yet, and is invited to be co-owner. The invitation is below; it holds a seat until it is accepted or revoked.",
    LicenceResent = "licence-resent": "The invitation is sent again: with a new link, for another 30 days.",
    LicenceRevoked = "licence-revoked": "The invitation is revoked. The seat is free.",
    MembersMerged = "members-merged": "The two members are one now.",
    ProvisionedMemberRemoved = "provisioned-member-removed": "The member is removed from the account, and the seat is free. Unassign the person in the identity provider, too; otherwise the next sync brings them back.",
}

/// Renders the notice.
pub fn show(notice: Notice) -> Markup {
    banner(Tone::Good, &html! { (notice.text()) }, None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_known_words_are_notices() {
        assert_eq!(Notice::of("a=b&done=linked"), Some(Notice::Linked));
        for query in ["", "done=", "done=<script>", "undone=linked"] {
            assert_eq!(Notice::of(query), None, "{query}");
        }
    }
}
