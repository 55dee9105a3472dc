//! Organizations with a storage rule of their own.

use actix_web::web::{Path, ServiceConfig};
use maud::{Markup, html};

use super::{KINDS, PATH, TITLE, chosen, kinds, ticked};
use crate::administration::{organizations, storage};
use crate::http::admin::list::Paged;
use crate::http::admin::permits::{ManageStorage, Permits, ReadAccount, Reading};
use crate::http::base::problem::Problem;
use crate::http::console::notice::Notice;
use crate::http::console::places::Places;
use crate::http::console::routing::form;
use crate::http::console::sent::{Sent, invalid};
use crate::http::console::visit::{Answer, Visit};
use crate::http::console::wanted::{Wanted, Whole};
use crate::http::pages::parts::{
    Column, Field, Filled, Form, Input, Table, confirmation, link, small_dialog,
};
use crate::views::storage::{OrganizationStorage, OrganizationStorageRule};

const ADD: &str = "/app/enterprise/storage/organizations/add";

/// Registers the pages.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(form("/enterprise/storage/organizations/add", choose, add))
        .service(form("/enterprise/storage/organizations/{id}", edit, save))
        .service(form("/enterprise/storage/organizations/{id}/reset", ask_reset, reset));
}

fn path(id: &str, rest: &str) -> String {
    format!("/app/enterprise/storage/organizations/{id}{rest}")
}

/// Renders the list of organizations with a rule of their own.
///
/// # Errors
/// Returns 400 if the cursor is invalid.
pub async fn list(
    visit: &Visit<ReadAccount>,
    wanted: &Wanted<Whole>,
    paging: Paged,
) -> Result<Markup, Problem> {
    let (after, limit) = paging.range()?;
    let page = visit
        .admin
        .read_page(move |conn, account| storage::list_own(conn, account, after, limit))
        .await?;
    let own = paging.list(page, OrganizationStorageRule::from);
    let next = wanted.next(&visit.at(PATH), own.next_cursor);
    Ok(html! {
        div.row.apart {
            h2 { "Organizations with their own rule" }
            (link("Add", &visit.at(ADD)))
        }
        @if own.items.is_empty() && !wanted.narrows() {
            p.muted { "None: the account's rule counts in every organization." }
        } @else {
            (Table {
                caption: "Organizations with a storage rule of their own",
                columns: &[Column::text("Organization"), Column::text("Allowed"), Column::text("")],
                nothing: "There are no further ones.",
                rows: own.items.iter().map(|rule| row(visit, rule)).collect(),
                next,
            }.render())
        }
    })
}

fn row(visit: &Visit<ReadAccount>, rule: &OrganizationStorageRule) -> Vec<Markup> {
    let id = &rule.organization_id;
    let organization = visit.at(&format!("/app/dashboard/organizations/{id}"));
    vec![
        html! { a.thing href=(organization) { (rule.organization_name) } },
        kinds(&rule.allowed),
        html! {
            (small_dialog("Edit", &visit.at(&path(id, "")))) " "
            (small_dialog("Use the account's rule", &visit.at(&path(id, "/reset"))))
        },
    ]
}

async fn adding<P: Permits>(
    visit: &Visit<P>,
    place: &str,
    filled: &Filled,
) -> Result<Markup, Problem> {
    let places = Places::organizations(&visit.admin, place).await?;
    let choices = places.choices();
    let fields = [
        Field::text("organization", "Organization")
            .takes(Input::Select(&choices))
            .answers(&["not-found"]),
        Field::text("allowed", "Allowed storage").takes(Input::Any(KINDS)),
    ];
    let (action, back) = (visit.at(ADD), visit.at(PATH));
    let form = Form::new(&action, &fields, "Save").or_back(&back).render(filled);
    Ok(html! {
        header { h1 { "Give an organization its own rule" } }
        (places.search("Find an organization", place, &[]))
        (form)
    })
}

/// `GET /app/enterprise/storage/organizations/add`.
async fn choose(visit: Visit<Reading<ManageStorage>>, wanted: Wanted<Whole>) -> Answer {
    let rules = super::rules(&visit).await?;
    let filled = ticked("allowed", &rules.organizations);
    let content = adding(&visit, wanted.text("place"), &filled).await?;
    Ok(visit.show("Add", &[(TITLE, PATH)], &content))
}

/// `POST /app/enterprise/storage/organizations/add`.
async fn add(visit: Visit<ManageStorage>, sent: Sent) -> Answer {
    let done = async {
        let id = sent.given("organization");
        let id = id.ok_or_else(|| invalid("organization", "choose one"))?;
        set(&visit, id, &sent).await
    }
    .await;
    match done {
        Ok(()) => Ok(visit.go(PATH, Notice::StorageSaved)),
        Err(problem) => {
            let content = adding(&visit, "", &sent.refused(&problem)).await?;
            Ok(visit.show_again(&problem, "Add", &[(TITLE, PATH)], &content))
        }
    }
}

async fn set(visit: &Visit<ManageStorage>, id: String, sent: &Sent) -> Result<(), Problem> {
    let kinds = chosen(sent, "allowed")?;
    visit
        .admin
        .write(move |transaction, account| {
            storage::set_of_organization(transaction, account, &id, Some(&kinds[..]))
        })
        .await
        .map(drop)
}

/// An organization's name, and the rule that counts in it.
async fn read<P>(visit: &Visit<P>, id: &str) -> Result<(String, OrganizationStorage), Problem> {
    let id = id.to_owned();
    visit
        .admin
        .read(move |conn, account| {
            let name = organizations::require(conn, account, &id)?.name;
            Ok((name, storage::of_organization(conn, account, &id)?.into()))
        })
        .await
}

fn editing<P>(visit: &Visit<P>, id: &str, name: &str, filled: &Filled) -> Markup {
    let fields = [Field::text("allowed", "Allowed storage").takes(Input::Any(KINDS))];
    let (action, back) = (visit.at(&path(id, "")), visit.at(PATH));
    let form = Form::new(&action, &fields, "Save").or_back(&back).render(filled);
    confirmation(&format!("Storage in {name}"), &html! {}, &form)
}

/// `GET /app/enterprise/storage/organizations/{id}`.
async fn edit(visit: Visit<Reading<ManageStorage>>, id: Path<String>) -> Answer {
    let (name, rule) = read(&visit, &id).await?;
    let content = editing(&visit, &id, &name, &ticked("allowed", &rule.allowed));
    Ok(visit.show(&name, &[(TITLE, PATH)], &content))
}

/// `POST /app/enterprise/storage/organizations/{id}`.
async fn save(visit: Visit<ManageStorage>, id: Path<String>, sent: Sent) -> Answer {
    let (name, _) = read(&visit, &id).await?;
    match set(&visit, id.to_string(), &sent).await {
        Ok(()) => Ok(visit.go(PATH, Notice::StorageSaved)),
        Err(problem) => {
            let content = editing(&visit, &id, &name, &sent.refused(&problem));
            Ok(visit.show_again(&problem, &name, &[(TITLE, PATH)], &content))
        }
    }
}

async fn resetting<P>(
    visit: &Visit<P>,
    id: &str,
    filled: &Filled,
) -> Result<(String, Markup), Problem> {
    let (name, _) = read(visit, id).await?;
    let rules = super::rules(visit).await?;
    let (action, back) = (visit.at(&path(id, "/reset")), visit.at(PATH));
    let form = Form::new(&action, &[], "Use the account's rule").or_back(&back).render(filled);
    let what = html! {
        p { "The organization's own rule is removed. The account's rule allows:" }
        (kinds(&rules.organizations))
    };
    let content = confirmation(&format!("Use the account's rule in {name}?"), &what, &form);
    Ok((name, content))
}

/// `GET /app/enterprise/storage/organizations/{id}/reset`.
async fn ask_reset(visit: Visit<Reading<ManageStorage>>, id: Path<String>) -> Answer {
    let (name, content) = resetting(&visit, &id, &Filled::new()).await?;
    Ok(visit.show("Use the account's rule", &[(TITLE, PATH), (&name, &path(&id, ""))], &content))
}

/// `POST /app/enterprise/storage/organizations/{id}/reset`.
async fn reset(visit: Visit<ManageStorage>, id: Path<String>, sent: Sent) -> Answer {
    let of = id.to_string();
    let done = visit
        .admin
        .write(move |transaction, account| {
            storage::set_of_organization(transaction, account, &of, None)
        })
        .await;
    match done {
        Ok(_) => Ok(visit.go(PATH, Notice::StorageReset)),
        Err(problem) => {
            let (name, content) = resetting(&visit, &id, &sent.refused(&problem)).await?;
            let above = [(TITLE, PATH), (name.as_str(), &path(&id, ""))];
            Ok(visit.show_again(&problem, "Use the account's rule", &above, &content))
        }
    }
}
