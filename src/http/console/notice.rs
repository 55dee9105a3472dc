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
    ScimDisabled = "scim-disabled": "SCIM is disabled. What was provisioned stays.",
    ScimTokenEnded = "scim-token-ended": "The token has ended: requests with it are refused.",
    ScimSettingsChanged = "scim-settings-changed": "The settings of SCIM are changed.",
    OauthClientRevoked = "oauth-client-revoked": "The OAuth client and its tokens have ended.",
    ConnectionCreated = "connection-created": "The connection is created. Tell your identity provider the values below.",
    ConnectionEntered = "connection-entered": "The settings are entered as a draft. Verify them.",
    ConnectionDeleted = "connection-deleted": "The connection is deleted.",
    SsoSwitchedOn = "sso-switched-on": "Single sign-on is on: people of the domain sign in by the identity provider.",
    SsoSwitchedOff = "sso-switched-off": "Single sign-on is off: people of the domain sign in by mail.",
    OrganizationCreated = "organization-created": "The organization is created. Invite people to it, or link a team.",
    OrganizationRenamed = "organization-renamed": "The organization has its new name.",
    OrganizationDeleted = "organization-deleted": "The organization is deleted. Its people stay members of the account, and keep their seats.",
    OrganizationOffered = "organization-offered": "The organization is offered. The new owner gets a mail, and has 7 days to accept.",
    OfferTakenBack = "offer-taken-back": "The offer is taken back. Nothing moves.",
    OfferAccepted = "offer-accepted": "The organization is in your account now, with everybody who reaches it.",
    OfferDeclined = "offer-declined": "The offer is declined. The owners of the organization are told by mail.",
    Invited = "invited": "Invited. Each gets a mail with a link, and holds a seat for 30 days, or until the invitation ends.",
    InvitationChanged = "invitation-changed": "The invitation gives another role. Resend it to tell the invited person.",
    InvitationResent = "invitation-resent": "The invitation is sent anew, with a new link that works for another 30 days.",
    InvitationRevoked = "invitation-revoked": "The invitation is revoked. Unless it leads elsewhere, too, its seat is free.",
    InvitationsRevoked = "invitations-revoked": "The invitations are revoked.",
    CollaboratorsAdded = "collaborators-added": "Added: they reach the organization now.",
    CollaboratorChanged = "collaborator-changed": "The role is changed. A team can still give a higher one.",
    CollaboratorRemoved = "collaborator-removed": "Removed from the organization. The seat stays taken: only the page Licenses frees it.",
    StorageSaved = "storage-saved": "The storage rule is saved.",
    InviteRuleSaved = "invite-rule-saved": "The rule for invitations is saved.",
    NameChanged = "name-changed": "Your name is changed.",
    AddressAsked = "address-asked": "A link is on its way to the address. Open it in this browser.",
    AddressAdded = "address-added": "The address is one of yours now.",
    AddressPrimary = "address-primary": "Mail goes to that address from now on.",
    AddressRemoved = "address-removed": "The address is not yours any more.",
    InvitationAccepted = "invitation-accepted": "You have joined the account.",
    InvitationDeclined = "invitation-declined": "The invitation is declined. Who invited you sees it.",
    AccountMade = "account-made": "The account is yours.",
    AccountLeft = "account-left": "You have left the account. Your seat there is free.",
    TokenRevoked = "token-revoked": "The token is revoked. Requests with it are refused.",
    SessionEnded = "session-ended": "The session has ended.",
    SessionsEnded = "sessions-ended": "All your other sessions have ended.",
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
    MembersAdded = "members-added": "Added: they are in the team now.",
    MemberAdded = "member-added": "The member is in the team.",
    GroupLinked = "group-linked": "The team and the SCIM group are one now. The identity provider keeps its name and members.",
    GroupUnlinked = "group-unlinked": "The team is manual again, and the SCIM group has a team of its own.",
    PlaceChanged = "place-changed": "The role in the team is changed.",
    MemberRemoved = "member-removed": "The member is out of the team. The seat stays taken: only the page Licenses frees it.",

    DomainAdded = "domain-added": "The domain is added. Publish its record, then verify it.",
    DomainVerified = "domain-verified": "The domain is verified.",
    DomainRemoved = "domain-removed": "The domain is removed.",
    CaptureOn = "capture-on": "Capture is on: who signs up with an address in the domain becomes a member.",
    CaptureOff = "capture-off": "Capture is off. Members stay.",
    LockOn = "lock-on": "Lock is on: who is neither a member nor invited gets no access.",
    LockOff = "lock-off": "Lock is off.",
    UnclaimedInvited = "unclaimed-invited": "All of them are invited. Each invitation holds a seat until it is accepted, revoked or expired.",
    InviteRuleReset = "invite-rule-reset": "The account's rule counts in the organization again.",
    InviteRuleBindsScim = "invite-rule-binds-scim": "The rule also binds the members whom SCIM provisions.",
    InviteRuleSparesScim = "invite-rule-spares-scim": "The rule does not bind the members whom SCIM provisions.",
    StraysRemoved = "strays-removed": "They are removed, and their seats are free.",
    StorageReset = "storage-reset": "The account's rule counts in the organization again.",
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
    CodeRevoked = "code-revoked": "The code is revoked. It cannot be entered any more.",
    RecoveryLinkRevoked = "recovery-link-revoked": "The recovery link is revoked.",
    RecoveryLinkSent = "recovery-link-sent": "The link is on its way to the owner by mail. It works once, for an hour.",
    IdentityConfirmed = "identity-confirmed": "Confirmed. This person signs in as the member from now on.",
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
