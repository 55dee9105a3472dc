//! Members and pending invitations that do not comply with invite control, and their removal.

use actix_web::web::ServiceConfig;
use maud::{Markup, html};

use super::{NON_COMPLIANT, TITLE, reasons, views};
use crate::administration::licence_holders::{Holder, holders};
use crate::administration::{invite_control, licences};
use crate::enterprise::permissions::Operation;
use crate::http::admin::list::Paged;
use crate::http::admin::permits::{ManageMembers, ReadAccount, Reading, Smaller};
use crate::http::base::problem::Problem;
use crate::http::console::notice::Notice;
use crate::http::console::routing::{form, shown};
use crate::http::console::sent::{Sent, invalid};
use crate::http::console::visit::{Answer, Visit};
use crate::http::console::wanted::{Wanted, Whole};
use crate::http::pages::parts::{
    Column, Filled, OpenForm, Table, Tone, badge, choosing, confirmation, empty, link, pick,
};
use crate::views::invite_control::{NonCompliantKind, NonCompliantSubject};
use crate::views::licences::RemovalResults;
use crate::views::list::List;

const REMOVE: &str = "/app/enterprise/invite/remove";

/// Registers the pages.
pub fn routes(config: &mut ServiceConfig) {
    config.service(shown("/enterprise/invite/non-compliant", list)).service(form(
        "/enterprise/invite/remove",
        ask,
        remove,
    ));
}

/// `GET /app/enterprise/invite/non-compliant`.
async fn list(visit: Visit<ReadAccount>, wanted: Wanted<Whole>, paging: Paged) -> Answer {
    let ((after, limit), now) = (paging.range()?, visit.frame.now);
    let found = visit
        .admin
        .read_page(move |conn, account| {
            invite_control::non_compliant(conn, account, now, after, limit)
        })
        .await?;
    let strays = paging.list(found, NonCompliantSubject::from);
    let content = html! {
        header { div {
            h1 { (TITLE) }
            p.lead { "Members and pending invitations that do not comply with the rules." }
        } }
        (views(&visit, NON_COMPLIANT))
        @if strays.items.is_empty() && strays.next_cursor.is_none() {
            (empty("All comply", "Every member and every pending invitation complies with the rules.", None))
        } @else {
            (choosing(&visit.at(REMOVE), "Remove or revoke", &table(&visit, &wanted, strays)))
        }
    };
    Ok(visit.show("Does not comply", &[(TITLE, super::PATH)], &content))
}

fn table(
    visit: &Visit<ReadAccount>,
    wanted: &Wanted<Whole>,
    strays: List<NonCompliantSubject>,
) -> Markup {
    let next = wanted.next(&visit.at(NON_COMPLIANT), strays.next_cursor);
    let row = |stray: &NonCompliantSubject| {
        let kind = match stray.kind {
            NonCompliantKind::Member => badge(Tone::Neutral, "Member"),
            NonCompliantKind::Invitation => badge(Tone::Info, "Invitation"),
        };
        vec![
            pick("ids", &stray.id, &stray.email),
            html! { (stray.email) },
            kind,
            html! { (reasons(&stray.violations)) },
        ]
    };
    Table {
        caption: "What does not comply with invite control",
        columns: &[
            Column::text("Choose"),
            Column::text("Address"),
            Column::text("What"),
            Column::text("Why"),
        ],
        nothing: "None on this page.",
        rows: strays.items.iter().map(row).collect(),
        next,
    }
    .render()
}

async fn named<P>(visit: &Visit<P>, ids: &[String]) -> Result<Vec<Holder>, Problem> {
    let ids = ids.to_vec();
    visit.admin.read_page(move |conn, account| holders(conn, account, &ids)).await
}

fn removing<P>(visit: &Visit<P>, people: &[Holder], filled: &Filled) -> Markup {
    let back = visit.at(NON_COMPLIANT);
    if people.is_empty() {
        let what = html! { p { "Tick the members and invitations to remove." } };
        return confirmation("Nothing is chosen", &what, &link("Back", &back));
    }
    let hidden: Vec<(&str, &str)> =
        people.iter().map(|person| ("ids", person.id.as_str())).collect();
    let members = people.iter().filter(|person| !person.is_invitation).count();
    let invitations = people.len() - members;
    let button = format!("Remove {}", people.len());
    let buttons = html! {
        button.main.danger { (button) }
        a.button href=(back) data-closes { "Cancel" }
    };
    let form = OpenForm {
        action: &visit.at(REMOVE),
        fields: &[],
        hidden: &hidden,
        creates: false,
        buttons: &buttons,
    };
    let what = html! {
        @if members > 0 { p {
            (members) @if members == 1 { " member loses" } @else { " members lose" }
            " all access to the account. If SCIM provisioned them, unassign them in the identity \
             provider, too, else its next run brings them back."
        } }
        @if invitations > 0 { p {
            (invitations) @if invitations == 1 { " invitation is" } @else { " invitations are" }
            " revoked: the links do not work any more."
        } }
        p { "Their seats are free at once." }
        ul {
            @for person in people.iter().take(super::NAMED) { li { (person.name) } }
            @if people.len() > super::NAMED { li { "and " (people.len() - super::NAMED) " more" } }
        }
    };
    confirmation(&format!("Remove {} from the account?", people.len()), &what, &form.render(filled))
}

/// `GET /app/enterprise/invite/remove`.
async fn ask(visit: Visit<Reading<ManageMembers>>, wanted: Wanted<Whole>) -> Answer {
    let people = named(&visit, &wanted.all("ids")).await?;
    let above = [(TITLE, super::PATH), ("Does not comply", NON_COMPLIANT)];
    Ok(visit.show("Remove or revoke", &above, &removing(&visit, &people, &Filled::new())))
}

/// `POST /app/enterprise/invite/remove`.
async fn remove(visit: Visit<Smaller<ManageMembers>>, sent: Sent) -> Answer {
    let ids = sent.all("ids");
    let people = named(&visit, &ids).await?;
    let manages_owners = visit.admin.may(Operation::ManageOwners);
    let done = async {
        if ids.is_empty() {
            return Err(invalid("ids", "choose at least one"));
        }
        visit
            .admin
            .write(move |transaction, account| {
                licences::remove_several(transaction, account, &ids, manages_owners)
            })
            .await
    }
    .await;
    let above = [(TITLE, super::PATH), ("Does not comply", NON_COMPLIANT)];
    match done.map(RemovalResults::from) {
        Ok(results) if results.removed == results.results.len() => {
            Ok(visit.go(NON_COMPLIANT, Notice::StraysRemoved))
        }
        Ok(results) => {
            Ok(visit.show("Remove or revoke", &above, &outcome(&visit, &people, &results)))
        }
        Err(problem) => {
            let content = removing(&visit, &people, &sent.refused(&problem));
            Ok(visit.show_again(&problem, "Remove or revoke", &above, &content))
        }
    }
}

/// Says what became of each.
fn outcome<P>(visit: &Visit<P>, people: &[Holder], results: &RemovalResults) -> Markup {
    let name = |id: &str| people.iter().find(|one| one.id == id).map_or("", |one| &one.name);
    let rows = results.results.iter().map(|result| {
        let what = match &result.refusal {
            None => badge(Tone::Good, "Removed"),
            Some(refusal) => html! { (badge(Tone::Bad, "Not removed")) " " (refusal.detail) },
        };
        vec![html! { (name(&result.id)) }, what]
    });
    html! {
        header {
            h1 { (results.removed) " removed, " (results.results.len() - results.removed) " not" }
            (link("Back", &visit.at(NON_COMPLIANT)))
        }
        (Table {
            caption: "What became of each",
            columns: &[Column::text("Address"), Column::text("Result")],
            nothing: "",
            rows: rows.collect(),
            next: None,
        }.render())
    }
}
