//! The actions of the audit log, each with a text for people.

/// The actions and their texts, sorted by action.
pub const ACTIONS: &[(&str, &str)] = &[
    ("account.created", "The account was created"),
    ("activation-code.issued", "An activation code was issued for the account"),
    ("activation-code.revoked", "An activation code of the account was revoked"),
    ("connector.changed", "The settings or tokens of SCIM were changed"),
    ("connector.disabled", "SCIM was disabled"),
    ("connector.enabled", "SCIM was enabled"),
    ("connector.token_ended", "A token of SCIM was ended"),
    ("connector.token_refreshed", "A new token of SCIM was made"),
    ("domain.added", "A domain was added"),
    ("domain.changed", "Capture or lock of a domain was changed"),
    ("domain.found", "The DNS record of a verified domain is back"),
    ("domain.lost", "The DNS record of a verified domain is missing"),
    ("domain.removed", "A domain was removed"),
    ("domain.verified", "A domain was verified"),
    ("group.changed", "The identity provider changed a group"),
    ("group.deleted", "The identity provider deleted a group"),
    ("group.provisioned", "The identity provider made a group"),
    ("group.synchronised", "The identity provider took over a manual team as a group"),
    ("invitation.accepted", "An invitation was accepted"),
    ("invitation.changed", "The organizations, teams or roles of an invitation were changed"),
    ("invitation.created", "Somebody was invited"),
    ("invitation.declined", "The invited person declined an invitation"),
    ("invitation.expired", "An invitation expired"),
    ("invitation.mail-given-up", "The mail of an invitation could not be delivered in time"),
    ("invitation.mail-refused", "A mail server refused the mail of an invitation"),
    ("invitation.resent", "An invitation was sent again"),
    ("invitation.revoked", "An invitation was revoked"),
    ("invitation.withheld", "An accepted invitation gave less than it promised"),
    ("invite_control.changed", "The rule about who may be invited was changed"),
    ("member.added", "An administrator added a member"),
    ("member.captured", "A domain captured a new member who signed up"),
    ("member.changed", "An administrator changed the name or address of a member"),
    ("member.claim-ended", "A person is no longer signed in as a member"),
    ("member.claimed", "A person proved to be a member"),
    ("member.deactivated", "An administrator deactivated a member"),
    ("member.declined", "A person declined to be a member"),
    ("member.joined", "An invited person became a member"),
    ("member.left", "A person left the account"),
    ("member.merged", "Two members who are one person were merged"),
    ("member.reactivated", "An administrator reactivated a member"),
    ("member.removed", "A member was removed from the account"),
    ("member.role-changed", "The account role of a member was changed"),
    (
        "member.sso-identity-confirmed",
        "The identity provider's new name for a member was confirmed",
    ),
    ("oauth_client.authorized", "An OAuth client was allowed to provision"),
    ("oauth_client.created", "An OAuth client was created"),
    ("oauth_client.revoked", "An OAuth client was revoked"),
    ("oauth_client.secret_rotated", "An OAuth client got a new secret"),
    ("oauth_client.tokens_ended", "The tokens of an OAuth client were ended"),
    ("organization.created", "An organization was created"),
    ("organization.deleted", "An organization was deleted"),
    ("organization.member-added", "A member got direct access to an organization"),
    ("organization.member-changed", "The role of a member in an organization was changed"),
    ("organization.member-removed", "The direct access of a member to an organization was ended"),
    ("organization.received", "An organization was taken over from another account"),
    ("organization.renamed", "An organization was renamed"),
    ("organization.transfer-accepted", "The transfer of an organization was accepted"),
    ("organization.transfer-cancelled", "The transfer of an organization was taken back"),
    ("organization.transfer-declined", "The transfer of an organization was declined"),
    ("organization.transfer-expired", "The transfer of an organization expired"),
    ("organization.transfer-requested", "An organization was offered to another account"),
    ("plan.activated", "The Enterprise plan was activated"),
    ("plan.changed", "The plan or its seats were changed"),
    ("plan.downgraded", "The account was downgraded"),
    ("plan.ended", "The plan or the trial ended"),
    ("plan.git-sync-changed", "Git Sync was switched on or off"),
    ("plan.reactivated", "The account was reactivated"),
    ("plan.renewed", "The plan was renewed"),
    ("plan.seats-requested", "More seats were asked for"),
    ("plan.trial-started", "The trial was started"),
    ("recovery-link.created", "A link to sign in past single sign-on was made"),
    ("recovery-link.revoked", "A link to sign in past single sign-on was revoked"),
    ("recovery-link.used", "A link to sign in past single sign-on was used"),
    ("session.ended", "A member signed out"),
    ("session.others-ended", "A person ended all of their other sessions"),
    ("session.proved", "A person proved again who they are"),
    ("session.revoked", "A session was ended"),
    ("session.started", "A member signed in"),
    ("sso-connection.adopted", "New settings of single sign-on were put into use"),
    ("sso-connection.changed", "The settings of single sign-on were changed"),
    ("sso-connection.created", "A single sign-on connection was created"),
    ("sso-connection.deleted", "A single sign-on connection was deleted"),
    ("sso-connection.switched-off", "Single sign-on was switched off for a domain"),
    ("sso-connection.switched-on", "Single sign-on was switched on for a domain"),
    ("sso-connection.verified", "A single sign-on connection was verified"),
    ("storage-control.changed", "The rule about where content may be kept was changed"),
    ("team.changed", "The name, description or role of a team was changed"),
    ("team.created", "A team was created"),
    ("team.deleted", "A team was deleted"),
    ("team.linked", "A team was linked to an organization"),
    ("team.member-added", "A member was added to a team"),
    ("team.member-changed", "The role of a member in a team was changed"),
    ("team.member-removed", "A member was taken out of a team"),
    ("team.synchronised", "A team was linked to a SCIM group"),
    ("team.unlinked", "A team was unlinked from an organization"),
    ("team.unsynchronised", "A team was unlinked from its SCIM group"),
    ("token.created", "A personal token was created"),
    ("token.revoked", "A personal token was revoked"),
    ("user.adopted", "The identity provider took over a manual member"),
    ("user.changed", "The identity provider changed a user"),
    ("user.deactivated", "The identity provider deactivated a user"),
    ("user.deleted", "The identity provider deleted a user"),
    ("user.provisioned", "The identity provider made a user"),
    ("user.reactivated", "The identity provider reactivated a user"),
];

/// Returns what an action means, or the action itself if it is of a newer release.
pub fn text_of(action: &str) -> &str {
    let found = ACTIONS.binary_search_by_key(&action, |(known, _)| known);
    found.ok().and_then(|place| ACTIONS.get(place)).map_or(action, |(_, text)| text)
}

/// Returns the actions that the filter `wanted` of the audit log means: all that begin so if it ends
/// with a dot, such as `plan.`, and otherwise the action itself.
pub fn meant(wanted: &str) -> Vec<String> {
    if !wanted.ends_with('.') {
        return vec![wanted.to_owned()];
    }
    let actions = ACTIONS.iter().map(|(action, _)| *action);
    actions.filter(|action| action.starts_with(wanted)).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_action_has_a_text_and_an_unknown_one_is_its_own() {
        assert_eq!(text_of("connector.disabled"), "SCIM was disabled");
        assert_eq!(text_of("moon.landed"), "moon.landed");
    }

    #[test]
    fn every_action_is_listed_once_and_in_order() {
        assert!(ACTIONS.windows(2).all(|two| two[0].0 < two[1].0));
        assert!(ACTIONS.iter().all(|(action, text)| action.contains('.') && !text.is_empty()));
        for (action, said) in ACTIONS {
            assert_eq!(text_of(action), *said, "{action}");
        }
        assert_eq!(text_of("plan"), "plan");
    }

    #[test]
    fn a_dot_at_the_end_means_all_that_begin_so() {
        assert_eq!(
            meant("plan."),
            meant("plan.").into_iter().filter(|one| one != "plan.").collect::<Vec<_>>()
        );
        assert_eq!(meant("token."), ["token.created", "token.revoked"]);
        assert_eq!(meant("token.created"), ["token.created"]);
        assert_eq!(meant("unknown."), [""; 0]);
        assert_eq!(meant("unknown"), ["unknown"]);
    }
}
