//! One team: what it is, its settings, and its end.

use actix_web::web::{Path, ServiceConfig};
use maud::{Markup, html};

use super::{FIELDS, PATH, TITLE, source};
use crate::administration::teams::{self, Changes};
use crate::http::admin::permits::{ManageTeams, ReadAccount, Reading, Smaller};
use crate::http::base::problem::Problem;
use crate::http::console::notice::Notice;
use crate::http::console::routing::{form, shown};
use crate::http::console::sent::Sent;
use crate::http::console::visit::{Answer, Visit};
use crate::http::console::words::Label;
use crate::http::pages::parts::{Field, Filled, Form, card, confirmation, dialog, facts, moment};
use crate::views::teams::Team;

/// Registers the pages.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(shown("/enterprise/team/{id}", show))
        .service(form("/enterprise/team/{id}/edit", edit, change))
        .service(form("/enterprise/team/{id}/delete", ask, delete));
}

async fn read<P>(visit: &Visit<P>, id: &Path<String>) -> Result<Team, Problem> {
    let id = id.to_string();
    visit.admin.read(move |conn, account| teams::get(conn, account, &id)).await.map(Team::from)
}

fn path(team: &Team, rest: &str) -> String {
    format!("{PATH}/{}{rest}", team.id)
}

/// `GET /app/enterprise/team/{id}`.
async fn show(visit: Visit<ReadAccount>, id: Path<String>) -> Answer {
    let team = read(&visit, &id).await?;
    let content = html! {
        header {
            div {
                h1 { (team.name) }
                @if !team.description.is_empty() { p.lead { (team.description) } }
            }
            div.actions {
                (dialog("Edit", &visit.at(&path(&team, "/edit"))))
                (dialog("Delete team", &visit.at(&path(&team, "/delete"))))
            }
        }
        (card("Team", &facts(&[
            ("Role", html! { (team.role.label()) }),
            ("Source", source(team.source)),
            ("Members", html! { (team.member_count) }),
            ("Created", moment(team.created_at)),
        ])))
        (super::inviting::blocks(&visit, &team).await?)
    };
    Ok(visit.show(&team.name, &[(TITLE, PATH)], &content))
}

fn editing<P>(visit: &Visit<P>, team: &Team, filled: &Filled) -> Markup {
    let (action, back) = (visit.at(&path(team, "/edit")), visit.at(&path(team, "")));
    let form = Form::new(&action, FIELDS, "Save").or_back(&back).render(filled);
    confirmation("Edit the team", &html! {}, &form)
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
        let changes = Changes {
            name: Some(sent.text("name").to_owned()).filter(|name| *name != team.name),
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

fn deleting<P>(visit: &Visit<P>, team: &Team, filled: &Filled) -> Markup {
    let (action, back) = (visit.at(&path(team, "/delete")), visit.at(&path(team, "")));
    let label = format!("Type {} to confirm", team.name);
    let fields = [Field::text("confirm", &label)];
    let form = Form::new(&action, &fields, "Delete team").dangerous().or_back(&back).render(filled);
    let what = html! {
        p {
            (team.member_count) " members lose what they reach through this team"
            @if !team.organizations.is_empty() {
                ": " (team.organizations.iter().map(|one| one.name.as_str()).collect::<Vec<_>>().join(", "))
            }
            ". They stay in the account, and their seats stay taken."
        }
    };
    confirmation(&format!("Delete the team {}?", team.name), &what, &form)
}

/// `GET /app/enterprise/team/{id}/delete`.
async fn ask(visit: Visit<Reading<ManageTeams>>, id: Path<String>) -> Answer {
    let team = read(&visit, &id).await?;
    let above = [(TITLE, PATH), (team.name.as_str(), &path(&team, ""))];
    Ok(visit.show("Delete", &above, &deleting(&visit, &team, &Filled::new())))
}

/// `POST /app/enterprise/team/{id}/delete`.
async fn delete(visit: Visit<Smaller<ManageTeams>>, id: Path<String>, sent: Sent) -> Answer {
    let team = read(&visit, &id).await?;
    let done = async {
        sent.confirms(&team.name)?;
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
            let content = deleting(&visit, &team, &sent.refused(&problem));
            Ok(visit.show_again(&problem, "Delete", &above, &content))
        }
    }
}
