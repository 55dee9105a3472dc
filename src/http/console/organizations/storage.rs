//! The tab Storage, which everybody who reaches the organization sees, and its settings.

use actix_web::web::{Path, ServiceConfig};
use maud::{Markup, html};

use super::list::said;
use super::place::{self, Organization, Shown, page};
use super::{PATH, TITLE};
use crate::administration::persons::reach::{self, ReachedOrganization};
use crate::administration::storage;
use crate::enterprise::storage::StorageKind;
use crate::enterprise::{OrganizationRole, Role};
use crate::http::admin::me::caller::Me;
use crate::http::admin::permits::{ManageStorage, Reading};
use crate::http::base::problem::Problem;
use crate::http::console::notice::Notice;
use crate::http::console::routing::{form, sent, shown};
use crate::http::console::sent::{Sent, invalid};
use crate::http::console::visit::{Answer, OwnVisit, Visit};
use crate::http::console::words::Label;
use crate::http::pages::parts::{
    Choice, Field, Filled, Form, Input, Tone, badge, card, confirmation, dialog, facts,
};
use crate::http::pages::{hidden, post_form};

/// Registers the pages.
pub fn routes(config: &mut ServiceConfig) {
    let path = "/dashboard/organizations/{id}";
    config
        .service(shown(path, enter))
        .service(shown(&format!("{path}/storage"), show))
        .service(form(&format!("{path}/storage/edit"), edit, save))
        .service(sent(&format!("{path}/storage/reset"), reset));
}

async fn reached(me: &Me, id: &Path<String>) -> Result<ReachedOrganization, Problem> {
    let (id, now) = (id.to_string(), me.now());
    me.read(None, move |conn, mine| reach::organization(conn, mine, &id, now)).await
}

/// Returns whether the organization belongs to the account in which the person acts.
fn is_here(visit: &OwnVisit, found: &ReachedOrganization) -> bool {
    visit.frame.account().is_some_and(|account| account.plan.id == found.account_id)
}

/// `GET /app/dashboard/organizations/{id}`: leads to the first tab that the person has.
async fn enter(visit: OwnVisit, me: Me, id: Path<String>) -> Answer {
    let found = reached(&me, &id).await?;
    let administers = found.role >= OrganizationRole::Admin && is_here(&visit, &found);
    let tab = if administers { Shown::Collaborators } else { Shown::Storage };
    Ok(visit.lead(&format!("{PATH}/{}{}", found.id, tab.end())))
}

/// `GET /app/dashboard/organizations/{id}/storage`.
async fn show(visit: OwnVisit, me: Me, id: Path<String>) -> Answer {
    let found = reached(&me, &id).await?;
    let is_here = is_here(&visit, &found);
    let ways: Vec<String> = found.ways.iter().map(said).collect();
    let (account_id, account_name) = (found.account_id, found.account_name);
    let organization = Organization {
        path: format!("{PATH}/{}", found.id),
        id: found.id,
        name: found.name,
        // The other tabs are those of the account in which the person acts.
        role: if is_here { found.role } else { OrganizationRole::Member },
        storage: found.storage.into(),
    };
    let content = html! {
        @if !is_here {
            (elsewhere(&visit, &organization, (&account_id, &account_name)))
        }
        (rule(&visit, &organization, is_here))
        (card("You", &facts(&[
            ("Your role", html! { (found.role.label()) }),
            ("How you reach it", html! { (ways.join(", ")) }),
            ("Account", html! { (account_name) }),
            ("State", match found.inactive {
                None => badge(Tone::Good, "Active"),
                Some(_) => html! {
                    (badge(Tone::Bad, "Inactive")) " The account's plan has ended. The data is kept."
                },
            }),
        ])))
    };
    let content = page(&visit.frame, &organization, Shown::Storage, &content);
    let above = [(TITLE, PATH)];
    Ok(visit.show(&organization.name, &above, &content))
}

fn elsewhere(
    visit: &OwnVisit,
    organization: &Organization,
    (account_id, account_name): (&str, &str),
) -> Markup {
    let fields = html! {
        (hidden("account", account_id))
        (hidden("return_to", &organization.path))
        button { "Go on in " (account_name) }
    };
    html! {
        div.banner.info role="status" {
            p { "This organization belongs to " (account_name) ", and you act in another account now." }
            (post_form(&visit.at("/accounts"), &fields))
        }
    }
}

fn rule(visit: &OwnVisit, organization: &Organization, is_here: bool) -> Markup {
    let rule = &organization.storage;
    let manages = is_here && matches!(visit.frame.role(), Some(Role::Owner | Role::CoOwner));
    let at = |rest: &str| visit.at(&organization.at(rest));
    let content = html! {
        p {
            @for kind in &rule.allowed { (badge(Tone::Good, kind.label())) " " }
        }
        p.muted {
            @if rule.is_overridden {
                "The organization has a rule of its own."
            } @else {
                "The account's rule for organizations counts here."
            }
        }
        @if manages && visit.frame.includes_advanced() {
            div.actions {
                (dialog("Edit", &at("/storage/edit")))
                @if rule.is_overridden {
                    form.inline method="post" action=(at("/storage/reset")) {
                        button { "Use the account's rule" }
                    }
                }
            }
        } @else if manages {
            p.muted {
                "All storage is allowed, because the account's plan does not include storage control "
                "now."
            }
        }
    };
    card("Storage allowed", &content)
}

const KINDS: &[Choice<'_>] = &[
    Choice { value: "cloud_sync", label: "Cloud Sync", hint: "In Insomnia's cloud, encrypted." },
    Choice { value: "local_vault", label: "Local Vault", hint: "On each person's own computer." },
    Choice { value: "git_sync", label: "Git Sync", hint: "In a Git repository of your choice." },
];

fn editing<P>(visit: &Visit<P>, organization: &Organization, filled: &Filled) -> Markup {
    let fields = [Field::text("allowed", "Storage allowed")
        .takes(Input::Any(KINDS))
        .hint("At least one. The organization has a rule of its own then.")];
    let action = visit.at(&organization.at("/storage/edit"));
    let back = visit.at(&organization.tab(Shown::Storage));
    let form = Form::new(&action, &fields, "Save").or_back(&back).render(filled);
    let what = html! { p { "Where the content of " (organization.name) " may be kept." } };
    confirmation("Edit the storage rule", &what, &form)
}

/// `GET …/storage/edit`.
async fn edit(visit: Visit<Reading<ManageStorage>>, id: Path<String>) -> Answer {
    let organization = place::read(&visit, &id).await?;
    let allowed = organization.storage.allowed.iter();
    let filled = allowed.fold(Filled::new(), |filled, kind| filled.with("allowed", kind.as_str()));
    let content = editing(&visit, &organization, &filled);
    Ok(visit.show("Edit the storage rule", &organization.above(), &content))
}

/// `POST …/storage/edit`.
async fn save(visit: Visit<ManageStorage>, id: Path<String>, sent: Sent) -> Answer {
    let organization = place::read(&visit, &id).await?;
    let done = async {
        let words = sent.all("allowed");
        let kinds: Result<Vec<StorageKind>, _> = words.iter().map(|word| word.parse()).collect();
        let kinds = kinds.map_err(|_| invalid("allowed", "choose some of the values"))?;
        visit
            .admin
            .write(move |transaction, account| {
                storage::set_of_organization(transaction, account, &id, Some(&kinds))
            })
            .await
    }
    .await;
    match done {
        Ok(_) => Ok(visit.go(&organization.tab(Shown::Storage), Notice::StorageSaved)),
        Err(problem) => {
            let content = editing(&visit, &organization, &sent.refused(&problem));
            let title = "Edit the storage rule";
            Ok(visit.show_again(&problem, title, &organization.above(), &content))
        }
    }
}

/// `POST …/storage/reset`.
async fn reset(visit: Visit<ManageStorage>, id: Path<String>) -> Answer {
    let organization = place::read(&visit, &id).await?;
    visit
        .admin
        .write(move |transaction, account| {
            storage::set_of_organization(transaction, account, &id, None)
        })
        .await?;
    Ok(visit.go(&organization.tab(Shown::Storage), Notice::StorageSaved))
}
