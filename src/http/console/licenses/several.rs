//! Several licences at once: who it is, then a result for each.

use std::collections::HashMap;

use actix_web::web::ServiceConfig;
use maud::{Markup, html};

use super::{PATH, TITLE};
use crate::administration::licence_selection::{self, Holder, Selected};
use crate::administration::licences;
use crate::enterprise::permissions::Operation;
use crate::http::admin::permits::{ManageMembers, Smaller};
use crate::http::console::named::{counted, names};
use crate::http::console::routing::sent as posted;
use crate::http::console::sent::Sent;
use crate::http::console::visit::{Answer, Visit};
use crate::http::pages::parts::{
    Column, Field, Filled, Form, Input, Table, Tone, badge, banner, confirmation, link,
};
use crate::store::Transaction;
use crate::views::licences::{RemovalResult, RemovalResults};

/// Registers the page.
pub fn routes(config: &mut ServiceConfig) {
    config.service(posted("/enterprise/licenses/remove", remove));
}

/// `POST /app/enterprise/licenses/remove`: asks, then removes.
async fn remove(visit: Visit<Smaller<ManageMembers>>, sent: Sent) -> Answer {
    let ids = sent.all("ids");
    if ids.is_empty() {
        let content = confirmation(
            "Nobody is selected",
            &html! {
                p { "Tick the licenses to remove in the list first." }
                div.actions { (link("Back to Licenses", &visit.at(PATH))) }
            },
            &html! {},
        );
        return Ok(visit.show("Remove", &[(TITLE, PATH)], &content));
    }
    let look = {
        let ids = ids.clone();
        move |conn: &mut _, account| licence_selection::selected(conn, account, &ids)
    };
    let selected = visit.admin.read_page(look).await?;
    if !sent.ticked("confirmed") {
        let filled = sent.filled().with("confirmed", "true");
        let content = question(&visit, &selected, &filled);
        return Ok(visit.show("Remove", &[(TITLE, PATH)], &content));
    }
    let manages_owners = visit.admin.may(Operation::ManageOwners);
    let write = move |transaction: &mut Transaction<'_>, account| {
        licences::remove_several(transaction, account, &ids, manages_owners)
    };
    let results = RemovalResults::from(visit.admin.write(write).await?);
    let visit = visit.renewed().await?;
    let content = outcome(&visit, &selected, &results);
    Ok(visit.show("Removed", &[(TITLE, PATH)], &content))
}

fn of_kind(selected: &[Selected], holder: Holder) -> Vec<&str> {
    selected.iter().filter(|one| one.holder == holder).map(|one| one.name.as_str()).collect()
}

fn question<P>(visit: &Visit<P>, selected: &[Selected], filled: &Filled) -> Markup {
    let fields = [
        Field::text("ids", "").takes(Input::Hidden),
        Field::text("confirmed", "").takes(Input::Hidden),
    ];
    let number = selected.len();
    let (action, back) = (visit.at(&format!("{PATH}/remove")), visit.at(PATH));
    let button = format!("Remove {number}");
    let form = Form::new(&action, &fields, &button).dangerous().or_back(&back).render(filled);
    let provisioned = of_kind(selected, Holder::Provisioned);
    let mut members = of_kind(selected, Holder::Member);
    members.extend(&provisioned);
    let invitations = of_kind(selected, Holder::Invitation);
    let what = html! {
        ul {
            @if !members.is_empty() {
                li {
                    (counted(members.len(), "member loses", "members lose"))
                    " all teams and organizations of the account: " (names(&members, members.len()))
                }
            }
            @if !invitations.is_empty() {
                li {
                    (counted(invitations.len(), "invitation is", "invitations are")) " revoked: "
                    (names(&invitations, invitations.len()))
                }
            }
            li { (counted(number, "seat is", "seats are")) " free at once." }
        }
        @if !provisioned.is_empty() {
            (banner(Tone::Warn, &html! {
                (counted(provisioned.len(), "of them", "of them")) " came by SCIM: "
                (names(&provisioned, provisioned.len()))
                ". Unassign them in the identity provider, too; otherwise the next sync brings them back."
            }, None))
        }
    };
    let question = format!("Remove {} from the account?", counted(number, "license", "licenses"));
    confirmation(&question, &what, &form)
}

fn outcome<P>(visit: &Visit<P>, selected: &[Selected], results: &RemovalResults) -> Markup {
    let names: HashMap<&str, &Selected> =
        selected.iter().map(|one| (one.id.as_str(), one)).collect();
    let row = |result: &RemovalResult| {
        let holder = names.get(result.id.as_str());
        vec![
            html! { (holder.map_or("No longer in the account", |one| one.name.as_str())) },
            html! {
                @match &result.refusal {
                    None => {
                        (badge(Tone::Good, "Removed"))
                        @if holder.is_some_and(|one| one.holder == Holder::Provisioned) {
                            span.sub { "Unassign this person in the identity provider, too." }
                        }
                    }
                    Some(refusal) => { (badge(Tone::Bad, "Not removed")) span.sub { (refusal.detail) } }
                }
            },
        ]
    };
    let refused = results.results.len() - results.removed;
    html! {
        header {
            div {
                h1 { (counted(results.removed, "seat is free", "seats are free")) }
                @if refused > 0 {
                    p.lead { (counted(refused, "license was", "licenses were")) " not removed." }
                }
            }
            (link("Back to Licenses", &visit.at(PATH)))
        }
        (Table {
            caption: "What became of each license",
            columns: &[Column::text("Name"), Column::text("Result")],
            nothing: "",
            rows: results.results.iter().map(row).collect(),
            next: None,
        }.render())
    }
}
