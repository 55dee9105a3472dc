//! Storage control: the account's rules, and organizations with a rule of their own.

mod organizations;

use actix_web::web::{Path, ServiceConfig};
use maud::{Markup, html};
use serde::Deserialize;

use super::notice::Notice;
use super::routing::{form, shown};
use super::sent::{Sent, invalid};
use super::visit::{Answer, Visit};
use super::wanted::{Wanted, Whole};
use super::words::Label;
use crate::administration::storage;
use crate::enterprise::storage::StorageKind;
use crate::http::admin::list::Paged;
use crate::http::admin::permits::{ManageStorage, ReadAccount, Reading};
use crate::http::base::problem::Problem;
use crate::http::pages::parts::{Choice, Field, Filled, Form, Input, Tone, badge, confirmation};
use crate::views::storage::StorageControl;

const TITLE: &str = "Storage";
const PATH: &str = "/app/enterprise/storage";

/// Registers the pages.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(shown("/enterprise/storage", show))
        .service(form(
            "/enterprise/storage/edit/{which:personal-workspaces|organizations}",
            edit,
            save,
        ))
        .configure(organizations::routes);
}

/// Which of the account's rules is meant.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
enum Which {
    PersonalWorkspaces,
    Organizations,
}

impl Which {
    /// Returns the name of the field, as the refusals have it.
    const fn field(self) -> &'static str {
        match self {
            Self::PersonalWorkspaces => "personal_workspaces",
            Self::Organizations => "organizations",
        }
    }

    const fn path(self) -> &'static str {
        match self {
            Self::PersonalWorkspaces => "/app/enterprise/storage/edit/personal-workspaces",
            Self::Organizations => "/app/enterprise/storage/edit/organizations",
        }
    }

    const fn label(self) -> &'static str {
        match self {
            Self::PersonalWorkspaces => "Personal workspaces",
            Self::Organizations => "Organizations",
        }
    }

    fn of(self, rules: &StorageControl) -> &[StorageKind] {
        match self {
            Self::PersonalWorkspaces => &rules.personal_workspaces,
            Self::Organizations => &rules.organizations,
        }
    }
}

const KINDS: &[Choice<'_>] = &[
    Choice {
        value: StorageKind::CloudSync.as_str(),
        label: "Cloud Sync",
        hint: "Projects are kept encrypted in Insomnia's cloud, and synchronised between people.",
    },
    Choice {
        value: StorageKind::LocalVault.as_str(),
        label: "Local Vault",
        hint: "Projects are kept on the person's own computer only.",
    },
    Choice {
        value: StorageKind::GitSync.as_str(),
        label: "Git Sync",
        hint: "Projects are kept in a Git repository that your people choose.",
    },
];

/// Renders the kinds that a rule allows.
fn kinds(allowed: &[StorageKind]) -> Markup {
    html! { span.row { @for kind in allowed { (badge(Tone::Info, kind.label())) } } }
}

/// Returns a form in which these kinds are ticked.
fn ticked(field: &str, allowed: &[StorageKind]) -> Filled {
    allowed.iter().fold(Filled::new(), |filled, kind| filled.with(field, kind.as_str()))
}

/// Reads the ticks of a form.
fn chosen(sent: &Sent, field: &'static str) -> Result<Vec<StorageKind>, Problem> {
    let kinds: Vec<StorageKind> = sent
        .all(field)
        .iter()
        .map(|word| word.parse().map_err(|_| invalid(field, "choose of the values")))
        .collect::<Result<_, _>>()?;
    if kinds.is_empty() {
        return Err(invalid(field, "at least one has to be allowed"));
    }
    Ok(kinds)
}

async fn rules<P>(visit: &Visit<P>) -> Result<StorageControl, Problem> {
    Ok(visit.admin.read(storage::of_account).await?.into())
}

/// `GET /app/enterprise/storage`.
async fn show(visit: Visit<ReadAccount>, wanted: Wanted<Whole>, paging: Paged) -> Answer {
    let rules = rules(&visit).await?;
    let content = html! {
        header { div {
            h1 { (TITLE) }
            p.lead { "Where your people may keep their content." }
        } }
        div.grid {
            (rule(&visit, Which::PersonalWorkspaces, &rules, "In the workspace that each person has alone."))
            (rule(&visit, Which::Organizations, &rules, "In organizations without a rule of their own."))
        }
        (organizations::list(&visit, &wanted, paging).await?)
    };
    Ok(visit.show(TITLE, &[], &content))
}

fn rule<P>(visit: &Visit<P>, which: Which, rules: &StorageControl, text: &str) -> Markup {
    html! {
        section.card {
            header {
                h2 { (which.label()) }
                a.button.small data-dialog href=(visit.at(which.path())) {
                    "Edit" span.unseen { " " (which.label()) }
                }
            }
            p.muted { (text) }
            (kinds(which.of(rules)))
        }
    }
}

fn editing<P>(visit: &Visit<P>, which: Which, filled: &Filled) -> Markup {
    let fields = [Field::text(which.field(), "Allowed storage").takes(Input::Any(KINDS))];
    let (action, back) = (visit.at(which.path()), visit.at(PATH));
    let form = Form::new(&action, &fields, "Save").or_back(&back).render(filled);
    confirmation(which.label(), &html! {}, &form)
}

/// `GET /app/enterprise/storage/edit/{which}`.
async fn edit(visit: Visit<Reading<ManageStorage>>, which: Path<Which>) -> Answer {
    let rules = rules(&visit).await?;
    let filled = ticked(which.field(), which.of(&rules));
    Ok(visit.show(which.label(), &[(TITLE, PATH)], &editing(&visit, *which, &filled)))
}

/// `POST /app/enterprise/storage/edit/{which}`.
async fn save(visit: Visit<ManageStorage>, which: Path<Which>, sent: Sent) -> Answer {
    let which = *which;
    let done = async {
        let kinds = chosen(&sent, which.field())?;
        visit
            .admin
            .write(move |transaction, account| {
                // The other rule stays as it is, also if somebody else has just changed it.
                let before = StorageControl::from(storage::of_account(transaction, account)?);
                let (personal, organizations) = match which {
                    Which::PersonalWorkspaces => (&kinds, &before.organizations),
                    Which::Organizations => (&before.personal_workspaces, &kinds),
                };
                storage::set_of_account(transaction, account, personal, organizations)
            })
            .await
    }
    .await;
    match done {
        Ok(_) => Ok(visit.go(PATH, Notice::StorageSaved)),
        Err(problem) => {
            let content = editing(&visit, which, &sent.refused(&problem));
            Ok(visit.show_again(&problem, which.label(), &[(TITLE, PATH)], &content))
        }
    }
}
