//! What is done with one pending invitation: it is sent anew, gets another role, or is revoked.

use actix_web::http::StatusCode;
use actix_web::web::{Path, ServiceConfig};
use maud::{Markup, html};

use super::{PENDING, TITLE};
use crate::administration::invitations::{self, RoleIn};
use crate::enterprise::PlaceRole;
use crate::http::admin::permits::{ManageMembers, Reading, Smaller};
use crate::http::base::problem::Problem;
use crate::http::console::notice::Notice;
use crate::http::console::routing::{form, sent};
use crate::http::console::sent::{Sent, invalid};
use crate::http::console::visit::{Above, Answer, Visit};
use crate::http::pages::parts::{Choice, Field, Filled, Form, Input, confirmation};
use crate::views::invitations::ListedInvitation;

/// Registers the pages.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(sent("/enterprise/invite/{id}/resend", resend))
        .service(form("/enterprise/invite/{id}/role", ask_role, set_role))
        .service(form("/enterprise/invite/{id}/revoke", ask_revoke, revoke));
}

const ABOVE: Above<'_> = &[(TITLE, super::PATH), ("Pending invitations", PENDING)];

async fn read<P>(visit: &Visit<P>, id: &str) -> Result<ListedInvitation, Problem> {
    let (id, now) = (id.to_owned(), visit.frame.now);
    let found = visit.admin.read(move |conn, account| invitations::get(conn, account, &id)).await?;
    Ok(ListedInvitation::at(found, now))
}

fn path<P>(visit: &Visit<P>, one: &ListedInvitation, rest: &str) -> String {
    visit.at(&format!("/app/enterprise/invite/{}/{rest}", one.invitation.id))
}

/// `POST /app/enterprise/invite/{id}/resend`.
async fn resend(visit: Visit<ManageMembers>, id: Path<String>) -> Answer {
    let url = visit.admin.service.public_url.clone();
    visit
        .admin
        .write(move |transaction, account| invitations::resend(transaction, account, &url, &id))
        .await?;
    Ok(visit.go(PENDING, Notice::InvitationResent))
}

/// A place that an invitation leads to, with the role there.
struct Place {
    /// The name of its field, and of the target.
    field: String,
    label: String,
    role: PlaceRole,
    is_team: bool,
}

fn places(one: &ListedInvitation) -> Vec<Place> {
    let organizations = one.organizations.iter().map(|target| Place {
        field: format!("organization:{}", target.organization_id),
        label: format!("Role in {}", target.organization_name),
        role: target.role.into(),
        is_team: false,
    });
    let teams = one.teams.iter().map(|team| Place {
        field: format!("team:{}", team.team_id),
        label: format!("Role by the team {}", team.team_name),
        role: team.role.into(),
        is_team: true,
    });
    organizations.chain(teams).collect()
}

const ROLES: &[Choice<'_>] = &[
    Choice { value: "member", label: "Member", hint: "" },
    Choice { value: "admin", label: "Admin", hint: "" },
    Choice { value: "team", label: "The team's role", hint: "" },
];

fn choosing<P>(visit: &Visit<P>, one: &ListedInvitation, filled: &Filled) -> Markup {
    let places = places(one);
    let field = |place: &'_ Place| -> Input<'static> {
        Input::Select(if place.is_team { ROLES } else { ROLES.get(..2).unwrap_or(ROLES) })
    };
    let fields: Vec<Field<'_>> = places
        .iter()
        .map(|place| Field::text(&place.field, &place.label).takes(field(place)))
        .collect();
    let (action, back) = (path(visit, one, "role"), visit.at(PENDING));
    let form = Form::new(&action, &fields, "Change role").or_back(&back).render(filled);
    let what =
        html! { p { "The mail that was sent stays valid. Resend it to tell the new role." } };
    confirmation(&format!("The role of {}", one.invitation.email), &what, &form)
}

/// `GET /app/enterprise/invite/{id}/role`.
async fn ask_role(visit: Visit<Reading<ManageMembers>>, id: Path<String>) -> Answer {
    let one = read(&visit, &id).await?;
    let filled = places(&one)
        .iter()
        .fold(Filled::new(), |filled, place| filled.with(&place.field, place.role.as_str()));
    Ok(visit.show("Change role", ABOVE, &choosing(&visit, &one, &filled)))
}

/// Reads the roles that are new.
fn changes(one: &ListedInvitation, sent: &Sent) -> Result<Vec<(RoleIn, PlaceRole)>, Problem> {
    let mut changes = Vec::new();
    for place in places(one) {
        let role: PlaceRole = sent
            .text(&place.field)
            .parse()
            .map_err(|_| invalid(&place.field, "choose one of the values"))?;
        let id = place.field.split_once(':').map_or("", |(_, id)| id).to_owned();
        if role != place.role {
            let of = if place.is_team { RoleIn::Team(id) } else { RoleIn::Organization(id) };
            changes.push((of, role));
        }
    }
    if changes.is_empty() {
        let text = "Each role is as it was. Choose another one.";
        return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid-value", text));
    }
    Ok(changes)
}

/// `POST /app/enterprise/invite/{id}/role`.
async fn set_role(visit: Visit<ManageMembers>, id: Path<String>, sent: Sent) -> Answer {
    let one = read(&visit, &id).await?;
    let done = async {
        let changes = changes(&one, &sent)?;
        visit
            .admin
            .write(move |transaction, account| {
                for (target, role) in &changes {
                    invitations::set_role(transaction, account, &id, target, *role)?;
                }
                Ok(())
            })
            .await
    }
    .await;
    match done {
        Ok(()) => Ok(visit.go(PENDING, Notice::InvitationChanged)),
        Err(problem) => {
            let content = choosing(&visit, &one, &sent.refused(&problem));
            Ok(visit.show_again(&problem, "Change role", ABOVE, &content))
        }
    }
}

fn revoking<P>(visit: &Visit<P>, one: &ListedInvitation, filled: &Filled) -> Markup {
    let (action, back) = (path(visit, one, "revoke"), visit.at(PENDING));
    let form = Form::new(&action, &[], "Revoke").dangerous().or_back(&back).render(filled);
    let what = html! { p { "Its link does not work any more, and its seat is free at once. You can invite the address again." } };
    confirmation(&format!("Revoke the invitation of {}?", one.invitation.email), &what, &form)
}

/// `GET /app/enterprise/invite/{id}/revoke`.
async fn ask_revoke(visit: Visit<Reading<ManageMembers>>, id: Path<String>) -> Answer {
    let one = read(&visit, &id).await?;
    Ok(visit.show("Revoke", ABOVE, &revoking(&visit, &one, &Filled::new())))
}

/// `POST /app/enterprise/invite/{id}/revoke`.
async fn revoke(visit: Visit<Smaller<ManageMembers>>, id: Path<String>, sent: Sent) -> Answer {
    let one = read(&visit, &id).await?;
    let done = visit
        .admin
        .write(move |transaction, account| invitations::revoke(transaction, account, &id))
        .await;
    match done {
        Ok(()) => Ok(visit.go(PENDING, Notice::InvitationRevoked)),
        Err(problem) => {
            let content = revoking(&visit, &one, &sent.refused(&problem));
            Ok(visit.show_again(&problem, "Revoke", ABOVE, &content))
        }
    }
}
