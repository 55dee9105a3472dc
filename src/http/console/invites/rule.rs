//! The account's rule about whom invitations may go to.

use actix_web::web::ServiceConfig;
use maud::{Markup, html};

use super::{PATH, TITLE, consequences, organizations, views};
use crate::administration::connector::{self, Settings};
use crate::administration::invite_control;
use crate::enterprise::invite_control::{InviteControl, InviteRule};
use crate::http::admin::list::Paged;
use crate::http::admin::permits::{ManageConnector, ManageInviteControl, Permits, ReadAccount};
use crate::http::base::problem::Problem;
use crate::http::console::notice::Notice;
use crate::http::console::routing::{form, sent};
use crate::http::console::sent::Sent;
use crate::http::console::visit::{Answer, Visit};
use crate::http::console::wanted::{Wanted, Whole};
use crate::http::pages::parts::{Choice, Field, Filled, Form, Input, OpenForm, card, confirmation};
use crate::views::invite_control::{AccountInviteControl, InviteControlPreview};

/// Registers the pages.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(form("/enterprise/invite", show, save))
        .service(sent("/enterprise/invite/preview", preview))
        .service(sent("/enterprise/invite/scim", bind_scim));
}

const RULES: &[Choice<'_>] = &[
    Choice {
        value: InviteRule::AllDomains.as_str(),
        label: "All domains",
        hint: "Every address can be invited.",
    },
    Choice {
        value: InviteRule::VerifiedDomains.as_str(),
        label: "Only verified domains",
        hint: "Addresses in the account's verified domains.",
    },
    Choice {
        value: InviteRule::CustomDomains.as_str(),
        label: "Custom domains",
        hint: "Addresses in the domains that you list below.",
    },
    Choice {
        value: InviteRule::Off.as_str(),
        label: "Invitations off",
        hint: "No address can be invited.",
    },
];

const FIELDS: &[Field<'_>] = &[
    Field::text("rule", "Who may be invited").takes(Input::One(RULES)),
    Field::text("domains", "Domains")
        .takes(Input::Lines)
        .hint("For custom domains only. Separate several by commas or lines.")
        .optional(),
];

/// `GET /app/enterprise/invite`.
async fn show(visit: Visit<ReadAccount>, wanted: Wanted<Whole>, paging: Paged) -> Answer {
    let (control, binds) = visit
        .admin
        .read(|conn, account| {
            let control = invite_control::of_account(conn, account)?;
            Ok((control, invite_control::binds_scim(conn, account)?))
        })
        .await?;
    let filled = Filled::new()
        .with("rule", control.rule.as_str())
        .with("domains", control.domains.join("\n"));
    let content = html! {
        (heading(&visit))
        (card("The account's rule", &editing(&visit, &filled)))
        (card("SCIM", &scim(&visit, binds)))
        (organizations::list(&visit, &wanted, paging).await?)
    };
    Ok(visit.show(TITLE, &[], &content))
}

fn heading<P>(visit: &Visit<P>) -> Markup {
    html! {
        header { div {
            h1 { (TITLE) }
            p.lead { "Whom invitations to organizations and teams may go to." }
        } }
        (views(visit, PATH))
    }
}

fn editing<P>(visit: &Visit<P>, filled: &Filled) -> Markup {
    let buttons = html! {
        button.main { "Save" }
        button formaction=(visit.at("/app/enterprise/invite/preview")) { "Preview" }
    };
    let action = visit.at(PATH);
    let form = OpenForm {
        action: &action,
        fields: FIELDS,
        hidden: &[],
        creates: false,
        buttons: &buttons,
    };
    form.render(filled)
}

fn scim<P>(visit: &Visit<P>, binds: bool) -> Markup {
    let fields = [Field::text("binds", "Also binds SCIM").takes(Input::Tick).hint(
        "Then the identity provider cannot provision an address that could not be invited, and \
         provisioned members are checked, too.",
    )];
    let filled = Filled::new().with("binds", binds.to_string());
    Form::new(&visit.at("/app/enterprise/invite/scim"), &fields, "Save for SCIM").render(&filled)
}

/// Reads the rule of a form. Domains count for custom domains only.
fn control(sent: &Sent) -> Result<InviteControl, Problem> {
    let rule = sent.word::<InviteRule>("rule")?;
    let domains = match rule {
        InviteRule::CustomDomains => sent.several("domains"),
        _ => Vec::new(),
    };
    Ok(AccountInviteControl { rule, domains }.checked()?)
}

/// Returns whom a rule would make non-compliant.
async fn look<P: Permits>(
    visit: &Visit<P>,
    control: InviteControl,
) -> Result<InviteControlPreview, Problem> {
    let now = visit.frame.now;
    let preview = visit
        .admin
        .read_page(move |conn, account| {
            invite_control::preview(conn, account, now, None, Some(control.clone()))
        })
        .await?;
    Ok(preview.into())
}

/// `POST /app/enterprise/invite/preview`.
async fn preview(visit: Visit<ManageInviteControl>, sent: Sent) -> Answer {
    let looked = async { look(&visit, control(&sent)?).await }.await;
    match looked {
        Ok(preview) => Ok(asking(&visit, &preview, sent)),
        Err(problem) => Ok(again(&visit, &problem, sent)),
    }
}

/// `POST /app/enterprise/invite`: saves at once if that makes nothing non-compliant; else it asks.
async fn save(visit: Visit<ManageInviteControl>, sent: Sent) -> Answer {
    let done = async {
        let control = control(&sent)?;
        if !sent.ticked("seen") {
            let preview = look(&visit, control.clone()).await?;
            if preview.members + preview.pending_invitations > 0 {
                return Ok(Some(preview));
            }
        }
        visit
            .admin
            .write(move |transaction, account| {
                invite_control::set_account(transaction, account, &control)
            })
            .await?;
        Ok(None)
    }
    .await;
    match done {
        Ok(None) => Ok(visit.go(PATH, Notice::InviteRuleSaved)),
        Ok(Some(preview)) => Ok(asking(&visit, &preview, sent)),
        Err(problem) => Ok(again(&visit, &problem, sent)),
    }
}

fn asking<P>(
    visit: &Visit<P>,
    preview: &InviteControlPreview,
    sent: Sent,
) -> actix_web::HttpResponse {
    let hidden = |name| Field::text(name, name).takes(Input::Hidden);
    let fields = [hidden("rule"), hidden("domains"), hidden("seen")];
    let filled = sent.filled().with("seen", "true");
    let (action, back) = (visit.at(PATH), visit.at(PATH));
    let form = Form::new(&action, &fields, "Save").or_back(&back).render(&filled);
    let content = confirmation("What the rule would change", &consequences(preview), &form);
    visit.show("Preview", &[(TITLE, PATH)], &content)
}

fn again<P>(visit: &Visit<P>, problem: &Problem, sent: Sent) -> actix_web::HttpResponse {
    let content = html! {
        (heading(visit))
        (card("The account's rule", &editing(visit, &sent.refused(problem))))
    };
    visit.show_again(problem, TITLE, &[], &content)
}

/// `POST /app/enterprise/invite/scim`.
async fn bind_scim(visit: Visit<ManageConnector>, sent: Sent) -> Answer {
    let binds = sent.ticked("binds");
    let settings = Settings { invite_control_binds_scim: Some(binds), ..Settings::default() };
    visit
        .admin
        .write(move |transaction, account| connector::change(transaction, account, settings))
        .await?;
    let notice = if binds { Notice::InviteRuleBindsScim } else { Notice::InviteRuleSparesScim };
    Ok(visit.go(PATH, notice))
}
