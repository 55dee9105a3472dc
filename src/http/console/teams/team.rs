//! One team: what it is, its settings, and its end.

use actix_web::web::{Path, ServiceConfig};
use maud::{Markup, html};

use super::found::{path, read};
use super::{FIELDS, PATH, TITLE, links, members, scim_group, source};
use crate::administration::team_losses::{self, Deletion};
use crate::administration::teams::{self, Changes};
use crate::enterprise::TeamSource;
use crate::http::admin::list::Paged;
use crate::http::admin::permits::{ManageTeams, ReadAccount, Reading, Smaller};
use crate::http::admin::team_members::WantedTeamMembers;
use crate::http::base::problem::Problem;
use crate::http::console::named::{affected, counted};
use crate::http::console::notice::Notice;
use crate::http::console::routing::{form, shown};
use crate::http::console::sent::Sent;
use crate::http::console::visit::{Answer, Visit};
use crate::http::console::wanted::Wanted;
use crate::http::console::words::Label;
use crate::http::pages::parts::{
    Field, Filled, Form, Tone, banner, card, confirmation, dialog, facts, moment,
};
use crate::views::teams::Team;

/// Registers the pages.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(shown("/enterprise/team/{id}", show))
        .service(form("/enterprise/team/{id}/edit", edit, change))
        .service(form("/enterprise/team/{id}/delete", ask, delete));
}

/// `GET /app/enterprise/team/{id}`.
async fn show(
    visit: Visit<ReadAccount>,
    wanted: Wanted<WantedTeamMembers>,
    paging: Paged,
    id: Path<String>,
) -> Answer {
    let team = read(&visit, &id).await?;
    let members = members::block(&visit, &team, &wanted, &paging).await?;
    let content = html! {
        header {
            div {
                h1 { (team.name) }
                @if !team.description.is_empty() { p.lead { (team.description) } }
            }
            div.actions {
                (dialog("Edit", &visit.at(&path(&team, "/edit"))))
                @if team.source == TeamSource::Manual {
                    (dialog("Delete team", &visit.at(&path(&team, "/delete"))))
                }
            }
        }
        (card("Team", &facts(&[
            ("Role", html! { (team.role.label()) }),
            ("Source", source(team.source)),
            ("Members", html! { (team.member_count) }),
            ("Created", moment(team.created_at)),
        ])))
        (links::block(&visit, &team))
        (super::inviting::blocks(&visit, &team).await?)
        (members)
        (scim_group::block(&visit, &team))
    };
    Ok(visit.show(&team.name, &[(TITLE, PATH)], &content))
}

/// Returns the fields that can be changed: the name of a team that SCIM keeps is the group's.
fn fields(team: &Team) -> &'static [Field<'static>] {
    match team.source {
        TeamSource::Manual => FIELDS,
        TeamSource::Scim | TeamSource::Synchronised => FIELDS.get(1..).unwrap_or(FIELDS),
    }
}

fn editing<P>(visit: &Visit<P>, team: &Team, filled: &Filled) -> Markup {
    let (action, back) = (visit.at(&path(team, "/edit")), visit.at(&path(team, "")));
    let form = Form::new(&action, fields(team), "Save").or_back(&back).render(filled);
    let locked = html! {
        @if team.source != TeamSource::Manual {
            (facts(&[("Team name", html! {
                (team.name) " "
                span.muted {
                    "It is kept by the identity provider: rename the group there"
                    @if team.name_if_unlinked.is_some() { ", or unlink the team from it first" }
                    "."
                }
            })]))
        }
    };
    confirmation("Edit the team", &locked, &form)
}

/// `GET /app/enterprise/team/{id}/edit`.
async fn edit(visit: Visit<Reading<ManageTeams>>, id: Path<String>) -> Answer {
    let team = read(&visit, &id).await?;
    let filled = Filled::new()
        .with("name", &team.name)
        .with("description", &team.description)
        .with("role", team.role.as_str());
    let above = [(TITLE, PATH), (team.name.as_str(), &path(&team, ""))];
    Ok(visit.show("Edit", &above, &editing(&visit, &team, &filled)))
}

/// `POST /app/enterprise/team/{id}/edit`.
async fn change(visit: Visit<ManageTeams>, id: Path<String>, sent: Sent) -> Answer {
    let team = read(&visit, &id).await?;
    let done = async {
        let has_name = fields(&team).iter().any(|field| field.name == "name");
        let changes = Changes {
            name: Some(sent.text("name").to_owned()).filter(|name| has_name && *name != team.name),
            description: Some(sent.text("description").to_owned()),
            role: Some(sent.word("role")?),
        };
        visit
            .admin
            .write(move |transaction, account| teams::change(transaction, account, &id, &changes))
            .await
    }
    .await;
    match done {
        Ok(_) => Ok(visit.go(&path(&team, ""), Notice::TeamChanged)),
        Err(problem) => {
            let above = [(TITLE, PATH), (team.name.as_str(), &path(&team, ""))];
            let content = editing(&visit, &team, &sent.refused(&problem));
            Ok(visit.show_again(&problem, "Edit", &above, &content))
        }
    }
}

/// Renders who loses what.
fn losses(deletion: &Deletion) -> Markup {
    let concerned = |one: &&team_losses::Loss| one.losing.count + one.falling.count > 0;
    html! {
        @for loss in deletion.losses.iter().filter(concerned) {
            h3 { (loss.organization) }
            ul {
                (affected(&loss.losing, ("member loses access", "members lose access")))
                (affected(&loss.falling, ("member keeps a lower role", "members keep a lower role")))
            }
        }
        @if deletion.losses.iter().all(|loss| loss.losing.count + loss.falling.count == 0) {
            p { "Nobody loses an organization or a role by this." }
        }
        @if deletion.more > 0 {
            p {
                "What members lose in "
                (counted(deletion.more, "further organization", "further organizations"))
                " of the team is not shown here."
            }
        }
    }
}

async fn deleting<P>(visit: &Visit<P>, team: &Team, filled: &Filled) -> Result<Markup, Problem> {
    let (action, back) = (visit.at(&path(team, "/delete")), visit.at(&path(team, "")));
    if team.source != TeamSource::Manual {
        let text = html! {
            "The identity provider keeps this team. "
            @if team.name_if_unlinked.is_some() {
                "Unlink it from its SCIM group first; then it is manual again and can be deleted."
            } @else {
                "Delete the group there, or take it out of what is pushed."
            }
        };
        let note = banner(Tone::Warn, &text, Some(("Back", &back)));
        return Ok(confirmation(&format!("Delete the team {}?", team.name), &note, &html! {}));
    }
    let id = team.id.clone();
    let look = move |conn: &mut _, account| team_losses::of_deletion(conn, account, &id);
    let deletion = visit.admin.read_page(look).await?;
    let label = format!("Type {} to confirm", team.name);
    let confirm = [Field::text("confirm", &label)];
    // A team without links gives nobody anything.
    let fields: &[Field<'_>] = if team.organizations.is_empty() { &[] } else { &confirm };
    let form = Form::new(&action, fields, "Delete team").dangerous().or_back(&back).render(filled);
    let members = usize::try_from(team.member_count).unwrap_or(0);
    let what = html! {
        p {
            "The team has " (counted(members, "member", "members")) " and is linked to "
            (counted(team.organizations.len(), "organization", "organizations"))
            ". Its members stay in the account, and their seats stay taken. Pending invitations that \
             lead to nothing else are revoked."
        }
        (losses(&deletion))
    };
    Ok(confirmation(&format!("Delete the team {}?", team.name), &what, &form))
}

/// `GET /app/enterprise/team/{id}/delete`.
async fn ask(visit: Visit<Reading<ManageTeams>>, id: Path<String>) -> Answer {
    let team = read(&visit, &id).await?;
    let above = [(TITLE, PATH), (team.name.as_str(), &path(&team, ""))];
    let content = deleting(&visit, &team, &Filled::new()).await?;
    Ok(visit.show("Delete", &above, &content))
}

/// `POST /app/enterprise/team/{id}/delete`.
async fn delete(visit: Visit<Smaller<ManageTeams>>, id: Path<String>, sent: Sent) -> Answer {
    let team = read(&visit, &id).await?;
    let done = async {
        if !team.organizations.is_empty() {
            sent.confirms(&team.name)?;
        }
        visit
            .admin
            .write(move |transaction, account| teams::delete(transaction, account, &id))
            .await
    }
    .await;
    match done {
        Ok(()) => Ok(visit.go(PATH, Notice::TeamDeleted)),
        Err(problem) => {
            let above = [(TITLE, PATH), (team.name.as_str(), &path(&team, ""))];
            let content = deleting(&visit, &team, &sent.refused(&problem)).await?;
            Ok(visit.show_again(&problem, "Delete", &above, &content))
        }
    }
}
