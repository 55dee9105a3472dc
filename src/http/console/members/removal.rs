//! Removing a member from the account, which frees the seat: from the member's page, and from the
//! page of licenses.

use actix_web::web::{Path, ServiceConfig};
use maud::{Markup, html};

use super::member::may_change;
use super::{PATH, TITLE, name_of, path_of};
use crate::administration::{member_list, members};
use crate::enterprise::MemberSource;
use crate::enterprise::permissions::Operation;
use crate::http::admin::permits::{ManageMembers, Reading, Smaller};
use crate::http::base::problem::Problem;
use crate::http::console::named::{counted, names};
use crate::http::console::notice::Notice;
use crate::http::console::routing::form;
use crate::http::console::sent::Sent;
use crate::http::console::visit::{Answer, Visit};
use crate::http::pages::parts::{Filled, Form, Tone, banner, confirmation};
use crate::store::Transaction;
use crate::views::members::{EffectiveAccess, ListedMember};

/// Registers the pages.
pub fn routes(config: &mut ServiceConfig) {
    config.service(form("/enterprise/members/{id}/remove", ask, remove));
}

/// A member that is about to be removed.
pub struct Removal {
    listed: ListedMember,
    organizations: Vec<String>,
    may_change: bool,
}

impl Removal {
    /// Reads what the member would lose.
    pub async fn read<P>(visit: &Visit<P>, id: &str) -> Result<Self, Problem> {
        let (id, now) = (id.to_owned(), visit.frame.now);
        let look = move |conn: &mut _, account| {
            let listed = member_list::get(conn, account, &id, now)?;
            Ok((listed, members::effective_access(conn, account, &id)?))
        };
        let (listed, access) = visit.admin.read(look).await?;
        let listed = ListedMember::from(listed);
        let name = |access| EffectiveAccess::from(access).organization_name;
        Ok(Self {
            may_change: may_change(visit, &listed.member),
            organizations: access.into_iter().map(name).collect(),
            listed,
        })
    }

    /// Returns the member's name.
    pub fn name(&self) -> &str {
        name_of(&self.listed.member)
    }

    /// Renders the question, which is sent to the page itself.
    pub fn question<P>(&self, visit: &Visit<P>, back: &str, filled: &Filled) -> Markup {
        let (name, action) = (self.name(), visit.at(visit.frame.path()));
        let teams: Vec<&str> = self.listed.teams.iter().map(|team| team.name.as_str()).collect();
        let team_count = usize::try_from(self.listed.team_count).unwrap_or(0);
        let all = self.organizations.len();
        let what = html! {
            ul {
                li {
                    @if team_count == 0 { (name) " is in no team." } @else {
                        "Leaves " (counted(team_count, "team", "teams")) ": "
                        (names(&teams, team_count))
                    }
                }
                li {
                    @if all == 0 { "Reaches no organization." } @else {
                        "Loses " (counted(all, "organization", "organizations")) ": "
                        (names(&self.organizations, all))
                    }
                }
                li { "The seat is free at once. The person is told by mail." }
            }
            @if self.listed.member.source == MemberSource::Scim {
                (banner(Tone::Warn, &html! {
                    (name) " came by SCIM. Unassign them in the identity provider, too; otherwise the \
                     next sync brings them back."
                }, None))
            }
        };
        let question = format!("Remove {name} from the account?");
        if !self.may_change {
            let why = html! { p { "Only an owner changes or removes owners and co-owners." } };
            return confirmation(&question, &why, &html! {});
        }
        let form = Form::new(&action, &[], "Remove").dangerous().or_back(back).render(filled);
        confirmation(&question, &what, &form)
    }
}

/// Removes a member; returns what is said then.
pub async fn carry_out<P>(visit: &Visit<P>, removal: &Removal) -> Result<Notice, Problem> {
    let id = removal.listed.member.id.clone();
    let manages_owners = visit.admin.may(Operation::ManageOwners);
    let write = move |transaction: &mut Transaction<'_>, account| {
        members::remove(transaction, account, &id, manages_owners)
    };
    visit.admin.write(write).await?;
    Ok(match removal.listed.member.source {
        MemberSource::Manual => Notice::AccountMemberRemoved,
        MemberSource::Scim => Notice::ProvisionedMemberRemoved,
    })
}

/// `GET /app/enterprise/members/{id}/remove`.
async fn ask(visit: Visit<Reading<ManageMembers>>, id: Path<String>) -> Answer {
    let removal = Removal::read(&visit, &id).await?;
    let back = path_of(&id, "");
    let content = removal.question(&visit, &visit.at(&back), &Filled::new());
    Ok(visit.show("Remove", &[(TITLE, PATH), (removal.name(), &back)], &content))
}

/// `POST /app/enterprise/members/{id}/remove`.
async fn remove(visit: Visit<Smaller<ManageMembers>>, id: Path<String>, sent: Sent) -> Answer {
    let removal = Removal::read(&visit, &id).await?;
    match carry_out(&visit, &removal).await {
        Ok(notice) => Ok(visit.go(PATH, notice)),
        Err(problem) => {
            let back = path_of(&id, "");
            let content = removal.question(&visit, &visit.at(&back), &sent.refused(&problem));
            let above = [(TITLE, PATH), (removal.name(), back.as_str())];
            Ok(visit.show_again(&problem, "Remove", &above, &content))
        }
    }
}
