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
    GitSyncOff = "git-sync-off": "Git Sync is switched off.",
    GitSyncOn = "git-sync-on": "Git Sync is switched on.",
    Downgraded = "downgraded": "The account is downgraded to Essentials and inactive. Nothing was deleted.",
    Reactivated = "reactivated": "The account is active again.",
    SeatsRequested = "seats-requested": "The sales team has got your request by mail.",
    TrialStarted = "trial-started": "The trial has begun: 14 days, 50 seats, and everything that Enterprise includes.",
    StepsHidden = "steps-hidden": "The first steps are hidden.",
    StepsShown = "steps-shown": "The first steps are shown again.",
    TeamCreated = "team-created": "The team is created. Link it to organizations, and invite people to it.",
    TeamChanged = "team-changed": "The team is changed.",
    TeamDeleted = "team-deleted": "The team is deleted. Its members keep their seats.",
    Linked = "linked": "The team is linked: its members reach the organization now.",
    Unlinked = "unlinked": "The team is no longer linked to the organization.",
    MemberAdded = "member-added": "The member is in the team.",
    MemberRemoved = "member-removed": "The member is out of the team. The seat stays taken: only the page Licenses frees it.",
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
