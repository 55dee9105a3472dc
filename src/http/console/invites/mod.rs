//! Invites: whom invitations may go to, who does not comply with that, and the account's invitations.

mod invitation;
mod non_compliant;
mod organizations;
mod pending;
mod rule;

use actix_web::web::ServiceConfig;
use maud::{Markup, html};

use super::visit::Visit;
use crate::http::pages::parts::{Tab, tabs};
use crate::views::invite_control::{InviteControlPreview, InviteControlViolation};

const TITLE: &str = "Invites";
const PATH: &str = "/app/enterprise/invite";
const NON_COMPLIANT: &str = "/app/enterprise/invite/non-compliant";
const PENDING: &str = "/app/enterprise/invite/pending";

/// Registers the pages.
pub fn routes(config: &mut ServiceConfig) {
    config
        .configure(rule::routes)
        .configure(organizations::routes)
        .configure(non_compliant::routes)
        .configure(pending::routes)
        .configure(invitation::routes);
}

/// Renders the tabs of the three pages; `current` is the path of the one that is shown.
fn views<P>(visit: &Visit<P>, current: &str) -> Markup {
    let (rule, strays, pending) = (visit.at(PATH), visit.at(NON_COMPLIANT), visit.at(PENDING));
    tabs(
        TITLE,
        &[
            Tab { label: "Who may be invited", href: &rule, is_current: current == PATH },
            Tab { label: "Does not comply", href: &strays, is_current: current == NON_COMPLIANT },
            Tab { label: "Pending invitations", href: &pending, is_current: current == PENDING },
        ],
    )
}

/// How many people a question names.
const NAMED: usize = 5;

/// Says whom a change would make non-compliant.
fn consequences(preview: &InviteControlPreview) -> Markup {
    let (members, invitations) = (preview.members, preview.pending_invitations);
    if members + invitations == 0 {
        return html! { p { "Every member and every pending invitation complies with this." } };
    }
    let more = usize::try_from(members + invitations).unwrap_or(0).saturating_sub(NAMED);
    html! {
        p {
            strong {
                (members) @if members == 1 { " member" } @else { " members" } " and "
                (invitations) " pending " @if invitations == 1 { "invitation" } @else { "invitations" }
            }
            " would no longer comply:"
        }
        ul {
            @for one in preview.first.iter().take(NAMED) { li { (one.email) ": " (reasons(&one.violations)) } }
            @if more > 0 { li { "and " (more) " more" } }
        }
        p {
            "Members stay until you remove them. An invitation can be accepted only where the rule \
             allows it then."
        }
    }
}

/// Says why something does not comply.
fn reasons(violations: &[InviteControlViolation]) -> String {
    let reason = |violation: &InviteControlViolation| match &violation.organization_name {
        Some(name) => format!("{} (rule of {name})", violation.reason),
        None => violation.reason.clone(),
    };
    violations.iter().map(reason).collect::<Vec<_>>().join("; ")
}
