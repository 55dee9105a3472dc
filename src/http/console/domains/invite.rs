//! Inviting the unclaimed accounts of a domain: those who were chosen, or all of them.

use actix_web::web::{Path, ServiceConfig};
use maud::{Markup, html};
use serde::{Deserialize, Serialize};

use super::{PATH, Shown, TITLE};
use crate::administration::invitations::{self, Invited, Target};
use crate::administration::{AdministrationError, domains};
use crate::enterprise::{AccountPk, PlaceRole};
use crate::http::admin::invitations::target;
use crate::http::admin::permits::{ManageMembers, Permits, Reading};
use crate::http::base::problem::Problem;
use crate::http::console::notice::Notice;
use crate::http::console::places::Places;
use crate::http::console::routing::form;
use crate::http::console::sent::{Sent, invalid};
use crate::http::console::visit::{Answer, Visit};
use crate::http::console::wanted::{Wanted, Whole};
use crate::http::pages::parts::{
    Choice, Column, Field, Filled, Input, OpenForm, Table, Tone, badge, confirmation, link,
    main_link,
};
use crate::store::Transaction;
use crate::views::refusals::Wording;

/// Registers the page.
pub fn routes(config: &mut ServiceConfig) {
    config.service(form("/enterprise/domains/{id}/unclaimed/invite", ask, invite));
}

const INVITE: &str = "Invite unclaimed accounts";

/// `GET /app/enterprise/domains/{id}/unclaimed/invite`.
async fn ask(
    visit: Visit<Reading<ManageMembers>>,
    id: Path<String>,
    wanted: Wanted<Whole>,
) -> Answer {
    let of = Shown::read(&visit, &id).await?;
    let asked = Asked { emails: wanted.all("emails"), place: wanted.text("place").to_owned() };
    let content = if asked.emails.is_empty() && wanted.text("chosen") == "true" {
        let what = html! { p { "Tick the people to invite, or invite all." } };
        let back = link("Back", &visit.at(&of.path("/unclaimed")));
        confirmation("Nobody is chosen", &what, &back)
    } else {
        asked.render(&visit, &of, &Filled::new()).await?
    };
    Ok(visit.show(INVITE, &[(TITLE, PATH), (of.title(), &of.path(""))], &content))
}

/// Who is to be invited.
struct Asked {
    /// The addresses that were chosen; without any, all of the domain.
    emails: Vec<String>,
    /// What the places to choose from were searched by.
    place: String,
}

const ROLES: &[Choice<'_>] = &[
    Choice { value: "", label: "Member, or in a team the team's role", hint: "" },
    Choice { value: "member", label: "Member", hint: "" },
    Choice { value: "admin", label: "Admin", hint: "" },
];

impl Asked {
    async fn render<P: Permits>(
        &self,
        visit: &Visit<P>,
        of: &Shown,
        filled: &Filled,
    ) -> Result<Markup, Problem> {
        let places = Places::all(&visit.admin, &self.place).await?;
        let choices = places.choices();
        let fields = [
            Field::text("to", "Invite to")
                .takes(Input::Select(&choices))
                .hint("An organization, or a team, whose organizations they then reach."),
            Field::text("role", "Role").takes(Input::Select(ROLES)).optional(),
        ];
        let hidden: Vec<(&str, &str)> =
            self.emails.iter().map(|email| ("emails", email.as_str())).collect();
        let back = visit.at(&of.path("/unclaimed"));
        let buttons = html! {
            button.main { (self.button()) }
            a.button href=(back) { "Cancel" }
        };
        let form = OpenForm {
            action: &visit.at(&of.path("/unclaimed/invite")),
            fields: &fields,
            hidden: &hidden,
            creates: true,
            buttons: &buttons,
        };
        Ok(html! {
            header { h1 { (INVITE) } }
            section.card {
                h2 { (self.question(of)) }
                p {
                    "Each is sent a mail, and the invitation holds a seat for 30 days."
                    @if let Some(account) = visit.frame.account() {
                        " " strong {
                            (account.seats.total - account.seats.used()) " of " (account.seats.total)
                            " seats are free."
                        }
                    }
                }
                (places.search("Find an organization or a team", &self.place, &hidden))
                (form.render(filled))
            }
        })
    }

    fn button(&self) -> String {
        if self.emails.is_empty() {
            "Invite all".to_owned()
        } else {
            format!("Invite {}", self.emails.len())
        }
    }

    fn question(&self, of: &Shown) -> String {
        match &self.emails[..] {
            [] if of.unclaimed == Some(1) => format!("Invite the one person of {}?", of.title()),
            [] => format!("Invite all {} of {}?", of.unclaimed.unwrap_or(0), of.title()),
            [only] => format!("Invite {only}?"),
            several => format!("Invite {} people of {}?", several.len(), of.title()),
        }
    }
}

/// What became of the invitations.
#[derive(Serialize, Deserialize)]
struct Outcome {
    invited: Vec<String>,
    /// Addresses that were not invited, and why.
    refused: Vec<(String, String)>,
    /// Whether there are more people than one time invites.
    more: bool,
}

impl Outcome {
    fn of(results: Vec<Invited>, more: bool) -> Self {
        let mut outcome = Self { invited: Vec::new(), refused: Vec::new(), more };
        for one in results {
            match one.outcome {
                Ok(_) => outcome.invited.push(one.email),
                Err(error) => outcome.refused.push((one.email, Wording::from(&error).detail)),
            }
        }
        outcome
    }

    fn render<P>(&self, visit: &Visit<P>, of: &Shown) -> Markup {
        let invited = self
            .invited
            .iter()
            .map(|email| vec![html! { (email) }, html! { (badge(Tone::Good, "Invited")) }]);
        let refused = self.refused.iter().map(|(email, why)| {
            vec![html! { (email) }, html! { (badge(Tone::Bad, "Not invited")) " " (why) }]
        });
        html! {
            header {
                h1 { (self.invited.len()) " invited, " (self.refused.len()) " not" }
                div.actions {
                    @if self.more {
                        (main_link("Invite the next", &visit.at(&of.path("/unclaimed/invite"))))
                    }
                    (link("Unclaimed Accounts", &visit.at(&of.path("/unclaimed"))))
                }
            }
            @if self.more {
                p { "There are more people than are invited at once: invite the next." }
            }
            (Table {
                caption: "What became of each address",
                columns: &[Column::text("Address"), Column::text("Result")],
                nothing: "There was nobody to invite: all have a pending invitation.",
                rows: refused.chain(invited).collect(),
                next: None,
            }.render())
        }
    }
}

/// Reads where they are invited to.
fn wanted_target(sent: &Sent) -> Result<Target, Problem> {
    let role = match sent.given("role") {
        Some(_) => Some(sent.word::<PlaceRole>("role")?),
        None => None,
    };
    match sent.text("to").split_once(':') {
        Some(("organization", id)) => target(Some(id.to_owned()), None, role),
        Some(("team", id)) => target(None, Some(id.to_owned()), role),
        _ => Err(invalid("to", "choose an organization or a team")),
    }
}

/// `POST /app/enterprise/domains/{id}/unclaimed/invite`.
async fn invite(visit: Visit<ManageMembers>, id: Path<String>, sent: Sent) -> Answer {
    let of = Shown::read(&visit, &id).await?;
    let emails = sent.all("emails");
    let url = visit.admin.service.public_url.clone();
    let done = async {
        let (target, chosen) = (wanted_target(&sent)?, emails.clone());
        let work = move |transaction: &mut Transaction<'_>, account: AccountPk| {
            if chosen.is_empty() {
                let done = domains::invite_unclaimed(transaction, account, &url, &id, &target)?;
                return Ok(Outcome::of(done.results, done.more));
            }
            let done = invitations::create_many(transaction, account, &url, &chosen, &target)?;
            Ok::<_, AdministrationError>(Outcome::of(done, false))
        };
        visit.create(&sent, work).await
    }
    .await;
    let above = [(TITLE, PATH), (of.title(), &of.path(""))];
    match done {
        Ok(outcome)
            if outcome.refused.is_empty() && !outcome.more && !outcome.invited.is_empty() =>
        {
            Ok(visit.go(&of.path("/unclaimed"), Notice::UnclaimedInvited))
        }
        Ok(outcome) => {
            let visit = visit.renewed().await?;
            Ok(visit.show(INVITE, &above, &outcome.render(&visit, &of)))
        }
        Err(problem) => {
            let asked = Asked { emails, place: String::new() };
            let content = asked.render(&visit, &of, &sent.refused(&problem)).await?;
            Ok(visit.show_again(&problem, INVITE, &above, &content))
        }
    }
}
