//! Capture and lock of a domain: each is switched on or off after a question that says what follows.

use actix_web::web::{Path, ServiceConfig};
use maud::{Markup, html};
use serde::Deserialize;

use super::{PATH, Shown, TITLE};
use crate::administration::domains;
use crate::http::admin::permits::{ManageDomains, Permits, Reading, Smaller};
use crate::http::base::problem::Problem;
use crate::http::console::notice::Notice;
use crate::http::console::routing::form;
use crate::http::console::sent::Sent;
use crate::http::console::visit::{Answer, Visit};
use crate::http::pages::parts::{Filled, Form, confirmation};

/// Registers the pages.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(form("/enterprise/domains/{id}/{rule:capture|lock}/on", ask_on, switch_on))
        .service(form("/enterprise/domains/{id}/{rule:capture|lock}/off", ask_off, switch_off));
}

/// A rule of a domain.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
enum Rule {
    Capture,
    Lock,
}

/// What is asked: which rule of which domain, and whether it shall be on.
struct Question {
    shown: Shown,
    rule: Rule,
    on: bool,
    /// The first people who are concerned.
    people: Vec<String>,
}

/// How many people a question names.
const NAMED: i64 = 5;

impl Question {
    async fn read<P>(visit: &Visit<P>, id: &str, rule: Rule, on: bool) -> Result<Self, Problem> {
        let shown = Shown::read(visit, id).await?;
        let mut people = Vec::new();
        if rule == Rule::Lock && on && shown.is_verified() {
            let id = id.to_owned();
            let first = visit
                .admin
                .read_page(move |conn, account| domains::unclaimed(conn, account, &id, 0, NAMED))
                .await?;
            people = first.items.into_iter().map(|person| person.email).collect();
        }
        Ok(Self { shown, rule, on, people })
    }

    fn path(&self) -> String {
        let rule = if self.rule == Rule::Capture { "capture" } else { "lock" };
        self.shown.path(&format!("/{rule}/{}", if self.on { "on" } else { "off" }))
    }

    fn title(&self) -> &'static str {
        match (self.rule, self.on) {
            (Rule::Capture, true) => "Switch capture on",
            (Rule::Capture, false) => "Switch capture off",
            (Rule::Lock, true) => "Switch lock on",
            (Rule::Lock, false) => "Switch lock off",
        }
    }

    fn notice(&self) -> Notice {
        match (self.rule, self.on) {
            (Rule::Capture, true) => Notice::CaptureOn,
            (Rule::Capture, false) => Notice::CaptureOff,
            (Rule::Lock, true) => Notice::LockOn,
            (Rule::Lock, false) => Notice::LockOff,
        }
    }

    fn render<P>(&self, visit: &Visit<P>, filled: &Filled) -> Markup {
        let (action, back) = (visit.at(&self.path()), visit.at(&self.shown.path("")));
        let form = Form::new(&action, &[], self.title()).or_back(&back).render(filled);
        let question = format!("{} for {}?", self.title(), self.shown.title());
        confirmation(&question, &self.follows(visit), &form)
    }

    /// Says what follows.
    fn follows<P>(&self, visit: &Visit<P>) -> Markup {
        let seats = visit.frame.account().map(|account| account.seats);
        let (name, unclaimed) = (self.shown.title(), self.shown.unclaimed.unwrap_or(0));
        match (self.rule, self.on) {
            (Rule::Capture, true) => html! {
                p {
                    "Everybody who signs up with an address in " (name) " becomes a member, and takes a \
                     seat."
                    @if let Some(seats) = seats {
                        " " strong { (seats.total - seats.used()) " of " (seats.total) " seats are free." }
                    }
                    " Without a free seat a sign-up is refused, and you are told by mail."
                }
                p { "The people who have an account already are not captured: invite them." }
            },
            (Rule::Capture, false) => html! {
                p { "Who signs up from now on does not become a member. Members stay, and so do their seats." }
            },
            (Rule::Lock, true) => html! {
                p {
                    "Who is neither a member nor invited gets no access with an address in " (name) ". "
                    strong {
                        (unclaimed) @if unclaimed == 1 { " person" } @else { " people" }
                        " cannot sign in any more"
                    }
                    " until you invite them" @if unclaimed == 0 { "." } @else { ":" }
                }
                @if unclaimed > 0 { ul {
                    @for person in &self.people { li { (person) } }
                    @let more = unclaimed - self.people.len() as i64;
                    @if more > 0 { li { "and " (more) " more" } }
                } }
                @if self.shown.domain.capture {
                    p { "Capture is on, too, and counts first: newcomers who sign up become members." }
                }
            },
            (Rule::Lock, false) => html! {
                p { "Everybody with an address in " (name) " gets access to Insomnia again, outside of this account." }
            },
        }
    }
}

type Asked = Path<(String, Rule)>;

/// `GET /app/enterprise/domains/{id}/{rule}/on`.
async fn ask_on(visit: Visit<Reading<ManageDomains>>, asked: Asked) -> Answer {
    ask(&visit, &asked, true).await
}

/// `GET /app/enterprise/domains/{id}/{rule}/off`.
async fn ask_off(visit: Visit<Reading<ManageDomains>>, asked: Asked) -> Answer {
    ask(&visit, &asked, false).await
}

/// `POST /app/enterprise/domains/{id}/{rule}/on`.
async fn switch_on(visit: Visit<ManageDomains>, asked: Asked, sent: Sent) -> Answer {
    switch(&visit, &asked, true, sent).await
}

/// `POST /app/enterprise/domains/{id}/{rule}/off`.
async fn switch_off(visit: Visit<Smaller<ManageDomains>>, asked: Asked, sent: Sent) -> Answer {
    switch(&visit, &asked, false, sent).await
}

async fn ask<P: Permits>(visit: &Visit<P>, (id, rule): &(String, Rule), on: bool) -> Answer {
    let question = Question::read(visit, id, *rule, on).await?;
    let above = [(TITLE, PATH), (question.shown.title(), &question.shown.path(""))];
    Ok(visit.show(question.title(), &above, &question.render(visit, &Filled::new())))
}

async fn switch<P: Permits>(
    visit: &Visit<P>,
    (id, rule): &(String, Rule),
    on: bool,
    sent: Sent,
) -> Answer {
    let (of, capture) = (id.clone(), (*rule == Rule::Capture).then_some(on));
    let locked = (*rule == Rule::Lock).then_some(on);
    let done = visit
        .admin
        .write(move |transaction, account| {
            domains::change(transaction, account, &of, capture, locked)
        })
        .await;
    let question = Question::read(visit, id, *rule, on).await?;
    match done {
        Ok(_) => Ok(visit.go(&question.shown.path(""), question.notice())),
        Err(problem) => {
            let above = [(TITLE, PATH), (question.shown.title(), &question.shown.path(""))];
            let content = question.render(visit, &sent.refused(&problem));
            Ok(visit.show_again(&problem, question.title(), &above, &content))
        }
    }
}
