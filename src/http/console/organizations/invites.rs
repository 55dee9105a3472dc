//! The tab Invites: the rule that says whom invitations to the organization may go to.

use actix_web::web::{Path, ServiceConfig};
use maud::{Markup, html};

use super::place::{self, Organization, Shown, page};
use crate::administration::invite_control;
use crate::enterprise::invite_control::InviteRule;
use crate::http::admin::permits::{ManageInviteControl, ReadAccount, Reading};
use crate::http::base::problem::Problem;
use crate::http::console::notice::Notice;
use crate::http::console::routing::form;
use crate::http::console::routing::shown;
use crate::http::console::sent::Sent;
use crate::http::console::visit::{Answer, Visit};
use crate::http::console::words::Label;
use crate::http::pages::parts::{
    Choice, Field, Filled, Form, Input, Tone, badge, card, confirmation, dialog, link,
};
use crate::views::invite_control::{AccountInviteControl, EffectiveRule, InviteControlPreview};

const EDIT: &str = "Edit the rule for invitations";

/// Registers the pages.
pub fn routes(config: &mut ServiceConfig) {
    let path = "/dashboard/organizations/{id}/invites";
    config
        .service(shown(path, show))
        .service(form(&format!("{path}/edit"), edit, save))
        .service(form(&format!("{path}/reset"), ask, reset));
}

async fn effective<P>(visit: &Visit<P>, id: &str) -> Result<EffectiveRule, Problem> {
    let id = id.to_owned();
    let read =
        visit.admin.read(move |conn, account| invite_control::of_organization(conn, account, &id));
    Ok(read.await?.into())
}

/// `GET /app/dashboard/organizations/{id}/invites`.
async fn show(visit: Visit<ReadAccount>, id: Path<String>) -> Answer {
    let organization = place::read(&visit, &id).await?;
    let rule = effective(&visit, &id).await?;
    let at = |rest: &str| visit.at(&organization.at(rest));
    let content = html! {
        p { (badge(Tone::Neutral, rule.rule.label())) }
        @if !rule.domains.is_empty() {
            ul.chips { @for domain in &rule.domains { li { (badge(Tone::Neutral, domain)) } } }
        }
        p.muted {
            @if rule.own { "The organization has a rule of its own." }
            @else { "The account's rule counts here." }
        }
        @if visit.frame.includes_advanced() {
            div.actions {
                (dialog("Edit", &at("/invites/edit")))
                @if rule.own { (dialog("Use the account's rule", &at("/invites/reset"))) }
                (link("The account's rule", &visit.at("/app/enterprise/invite")))
            }
        } @else {
            p.muted { "The rule rests: the account's plan does not include invite control now." }
        }
    };
    let content = card("Whom invitations may go to", &content);
    let content = page(&visit.frame, &organization, Shown::Invites, &content);
    Ok(visit.show(Shown::Invites.title(), &organization.above(), &content))
}

const RULES: &[Choice<'_>] = &[
    Choice { value: "all_domains", label: "All domains", hint: "Any address." },
    Choice {
        value: "verified_domains",
        label: "Only verified domains",
        hint: "Addresses in domains that the account has verified.",
    },
    Choice {
        value: "custom_domains",
        label: "Custom domains",
        hint: "Addresses in the domains that are listed below.",
    },
    Choice { value: "off", label: "Invitations off", hint: "No address can be invited." },
];

const FIELDS: &[Field<'_>] = &[
    Field::text("rule", "Rule").takes(Input::One(RULES)),
    Field::text("domains", "Domains")
        .takes(Input::Lines)
        .hint("For Custom domains only: one on each line.")
        .optional(),
];

fn editing<P>(visit: &Visit<P>, organization: &Organization, filled: &Filled) -> Markup {
    let action = visit.at(&organization.at("/invites/edit"));
    let back = visit.at(&organization.tab(Shown::Invites));
    let form = Form::new(&action, FIELDS, "Save").or_back(&back).render(filled);
    let what = html! {
        p { "For invitations to " (organization.name) ". Before anybody stops complying, you are asked." }
    };
    confirmation(EDIT, &what, &form)
}

/// `GET …/invites/edit`.
async fn edit(visit: Visit<Reading<ManageInviteControl>>, id: Path<String>) -> Answer {
    let organization = place::read(&visit, &id).await?;
    let rule = effective(&visit, &id).await?;
    let filled =
        Filled::new().with("rule", rule.rule.as_str()).with("domains", rule.domains.join("\n"));
    let content = editing(&visit, &organization, &filled);
    Ok(visit.show(EDIT, &organization.above(), &content))
}

/// Returns the rule that was chosen; domains that were typed for another rule are left out.
fn chosen(sent: &Sent) -> Result<AccountInviteControl, Problem> {
    let rule = sent.word::<InviteRule>("rule")?;
    let domains = match rule {
        InviteRule::CustomDomains => sent.several("domains"),
        _ => Vec::new(),
    };
    Ok(AccountInviteControl { rule, domains })
}

async fn preview<P>(
    visit: &Visit<P>,
    id: &str,
    rule: Option<&AccountInviteControl>,
) -> Result<InviteControlPreview, Problem> {
    let control = rule.map(AccountInviteControl::checked).transpose()?;
    let (id, now) = (id.to_owned(), visit.admin.now());
    let read = visit.admin.read_page(move |conn, account| {
        invite_control::preview(conn, account, now, Some(&id), control.clone())
    });
    Ok(read.await?.into())
}

/// `POST …/invites/edit`: asks first if somebody would not comply any more.
async fn save(visit: Visit<ManageInviteControl>, id: Path<String>, sent: Sent) -> Answer {
    let organization = place::read(&visit, &id).await?;
    let done = async {
        let rule = chosen(&sent)?;
        let concerned = preview(&visit, &id, Some(&rule)).await?;
        if concerned.members + concerned.pending_invitations > 0 && !sent.ticked("confirmed") {
            return Ok(Some((rule, concerned)));
        }
        write(&visit, &id, Some(&rule)).await.map(|()| None)
    }
    .await;
    match done {
        Ok(None) => Ok(visit.go(&organization.tab(Shown::Invites), Notice::InviteRuleSaved)),
        Ok(Some((rule, concerned))) => {
            let content = asking(&visit, &organization, &rule, &concerned);
            Ok(visit.show(EDIT, &organization.above(), &content))
        }
        Err(problem) => {
            let content = editing(&visit, &organization, &sent.refused(&problem));
            Ok(visit.show_again(&problem, EDIT, &organization.above(), &content))
        }
    }
}

async fn write(
    visit: &Visit<ManageInviteControl>,
    id: &str,
    rule: Option<&AccountInviteControl>,
) -> Result<(), Problem> {
    let control = rule.map(AccountInviteControl::checked).transpose()?;
    let id = id.to_owned();
    let write = visit.admin.write(move |transaction, account| {
        invite_control::set_organization(transaction, account, &id, control.as_ref())
    });
    write.await
}

fn asking<P>(
    visit: &Visit<P>,
    organization: &Organization,
    rule: &AccountInviteControl,
    concerned: &InviteControlPreview,
) -> Markup {
    let action = visit.at(&organization.at("/invites/edit"));
    let back = visit.at(&organization.tab(Shown::Invites));
    let fields =
        ["rule", "domains", "confirmed"].map(|name| Field::text(name, name).takes(Input::Hidden));
    let filled = Filled::new()
        .with("rule", rule.rule.as_str())
        .with("domains", rule.domains.join(" "))
        .with("confirmed", "true");
    let form = Form::new(&action, &fields, "Save").or_back(&back).render(&filled);
    confirmation("Save the rule?", &stopping(concerned), &form)
}

/// Renders who would not comply any more.
fn stopping(concerned: &InviteControlPreview) -> Markup {
    let InviteControlPreview { members, pending_invitations: invitations, first } = concerned;
    let named: Vec<&str> = first.iter().take(5).map(|one| one.email.as_str()).collect();
    html! {
        @if members + invitations == 0 {
            p { "Everybody complies as before." }
        } @else {
            p {
                "Will not comply any more: members " (members) ", pending invitations "
                (invitations) " (" (named.join(", "))
                @if members + invitations > 5 { " and others" } ")."
            }
            p { "Members stay as they are. An invitation can be accepted only where the rule allows it." }
        }
    }
}

/// `GET …/invites/reset`.
async fn ask(visit: Visit<Reading<ManageInviteControl>>, id: Path<String>) -> Answer {
    let organization = place::read(&visit, &id).await?;
    let concerned = preview(&visit, &id, None).await?;
    let action = visit.at(&organization.at("/invites/reset"));
    let back = visit.at(&organization.tab(Shown::Invites));
    let form = Form::new(&action, &[], "Use the account's rule").or_back(&back);
    let form = form.render(&Filled::new());
    let content = confirmation("Use the account's rule?", &stopping(&concerned), &form);
    Ok(visit.show("Use the account's rule", &organization.above(), &content))
}

/// `POST …/invites/reset`.
async fn reset(visit: Visit<ManageInviteControl>, id: Path<String>) -> Answer {
    let organization = place::read(&visit, &id).await?;
    write(&visit, &id, None).await?;
    Ok(visit.go(&organization.tab(Shown::Invites), Notice::InviteRuleSaved))
}
