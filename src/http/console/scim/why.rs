//! Why a user did not arrive: a question, and what is known in sentences.

use actix_web::web::ServiceConfig;
use maud::{Markup, html};
use serde::Deserialize;

use super::{SCIM, views};
use crate::administration::connector::why::{self, Explanation, Finding, FindingKind};
use crate::http::admin::permits::{ManageConnector, Reading};
use crate::http::console::routing::shown;
use crate::http::console::visit::{Answer, Visit};
use crate::http::console::wanted::Wanted;
use crate::http::pages::parts::{Tone, badge, moment};

const TITLE: &str = "Why did this user not arrive?";

/// Registers the page.
pub fn routes(config: &mut ServiceConfig) {
    config.service(shown("/enterprise/scim/why", show));
}

/// Whom the question is about.
#[derive(Clone, Debug, Deserialize)]
pub struct Question {
    about: Option<String>,
}

/// `GET /app/enterprise/scim/why`.
async fn show(visit: Visit<Reading<ManageConnector>>, wanted: Wanted<Question>) -> Answer {
    let now = visit.admin.now();
    let answer = match wanted.query.about.clone() {
        None => None,
        Some(about) => {
            let explain = move |conn: &mut crate::store::Conn, account| {
                why::explain(conn, account, &about, now)
            };
            Some(visit.admin.read_page(explain).await)
        }
    };
    let (explained, refusal) = match answer {
        None => (None, None),
        Some(Ok(explained)) => (Some(explained), None),
        Some(Err(problem)) => (None, Some(problem)),
    };
    let wrong = refusal.as_ref().map(|problem| problem.detail().to_owned());
    let content = html! {
        header {
            div {
                h1 { (TITLE) }
                p.lead {
                    "Members, invitations, seats, the request log and the connector are asked; the \
                     answer says what to do."
                }
            }
        }
        (views(&visit, "/why"))
        form.search method="get" role="search" {
            div.field {
                label for="about" { "Address, name or id" }
                input id="about" type="search" name="about" value=(wanted.text("about"))
                    maxlength="255" required autocomplete="off"
                    aria-invalid=[wrong.as_ref().map(|_| "true")]
                    aria-describedby=[wrong.as_ref().map(|_| "about-told")];
                @if let Some(text) = &wrong { span.wrong id="about-told" role="alert" { (text) } }
            }
            button.main { "Ask" }
        }
        @if let Some(explained) = &explained { (answered(&visit, explained)) }
    };
    Ok(match &refusal {
        Some(problem) => visit.show_again(problem, TITLE, &[SCIM], &content),
        None => visit.show(TITLE, &[SCIM], &content),
    })
}

fn answered(visit: &Visit<Reading<ManageConnector>>, explained: &Explanation) -> Markup {
    html! {
        section.card aria-label={ "What is known about " (explained.about) } {
            header { h2 { (explained.about) } }
            ol.findings {
                @for finding in &explained.findings { li { (told(visit, finding)) } }
            }
        }
    }
}

fn told(visit: &Visit<Reading<ManageConnector>>, finding: &Finding) -> Markup {
    let (tone, label) = sign(finding.kind);
    html! {
        p {
            (badge(tone, label)) " "
            @if let Some(at) = finding.at { span.muted { (moment(at)) } }
        }
        p { (finding.text) }
        @if let Some(advice) = &finding.advice { p { strong { "What to do: " } (advice) } }
        p.row {
            @if let Some(member) = &finding.member_id {
                a href=(visit.at(&format!("/app/enterprise/members/{member}"))) { "Show the member" }
            }
            @if let Some(request) = &finding.scim_request_id {
                a href=(visit.at(&format!("/app/enterprise/scim/requests/{request}"))) {
                    "Show the request"
                }
            }
        }
    }
}

fn sign(kind: FindingKind) -> (Tone, &'static str) {
    match kind {
        FindingKind::NotRunning => (Tone::Bad, "Provisioning does not run"),
        FindingKind::Arrived => (Tone::Good, "Has arrived"),
        FindingKind::Manual => (Tone::Info, "Manual member"),
        FindingKind::Several => (Tone::Warn, "Several match"),
        FindingKind::Deactivated => (Tone::Warn, "Deactivated"),
        FindingKind::Refused => (Tone::Bad, "Refused"),
        FindingKind::LookedFor => (Tone::Warn, "Only looked for"),
        FindingKind::Invited => (Tone::Info, "Invited"),
        FindingKind::Removed => (Tone::Warn, "Removed"),
        FindingKind::NeverNamed => (Tone::Warn, "Never named"),
    }
}
