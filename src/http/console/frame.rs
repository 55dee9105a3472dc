//! What surrounds every page: account, plan, seats, menu, banners.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_SECURITY_POLICY, REFERRER_POLICY, X_FRAME_OPTIONS};
use maud::{DOCTYPE, Markup, html};

use super::menu::{self, Entry};
use super::notice::{self, Notice};
use crate::administration::{self, AdministrationError, members, plans};
use crate::enterprise::plan::Plan;
use crate::enterprise::seats::Seats;
use crate::enterprise::{AccountPk, MemberPk, Role, Timestamp};
use crate::http::pages::assets::{SCRIPT, STYLE};
use crate::http::pages::parts::{Tone, badge, banner, meter};
use crate::store::Conn;
use crate::store::plans::PlanRow;

/// The content security policy of the console: our stylesheet, our script, our own addresses.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; \
                      img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// What surrounds the pages of a visitor.
pub struct Frame {
    /// The server's URL, before every path.
    pub base: String,
    /// The path of the page.
    pub path: String,
    /// What was done before the page was opened.
    pub notice: Option<Notice>,
    account: String,
    name: String,
    role: Role,
    plan: PlanRow,
    seats: Seats,
    now: Timestamp,
}

impl Frame {
    /// Reads what surrounds the pages of a member.
    ///
    /// # Errors
    /// Fails if the database does.
    pub fn read(
        conn: &mut Conn,
        (account, member): (AccountPk, MemberPk),
        role: Role,
        now: Timestamp,
    ) -> Result<Self, AdministrationError> {
        let (plan, seats) = (plans::get(conn, account)?, administration::seats(conn, account, now)?);
        let member = members::by_pk(conn, member)?;
        Ok(Self {
            base: String::new(),
            path: String::new(),
            notice: None,
            account: plan.name.clone(),
            name: member.email.unwrap_or(member.user_name),
            role,
            plan,
            seats,
            now,
        })
    }

    fn plan_badge(&self) -> Markup {
        if !self.plan.is_active(self.now) {
            return badge(Tone::Bad, "Inactive");
        }
        match (self.plan.plan, self.plan.plan_ends_at) {
            (Plan::Trial, Some(end)) => {
                badge(Tone::Accent, &format!("Trial, {} days left", end.days_since(self.now)))
            }
            (plan, _) => badge(Tone::Neutral, plan.title()),
        }
    }

    /// Returns the banners, the most severe first, at most two.
    fn banners(&self) -> Vec<Markup> {
        let billing = format!("{}/app/billing", self.base);
        let is_active = self.plan.is_active(self.now);
        let mut banners = Vec::new();
        if !is_active && self.role == Role::Owner {
            let text = html! {
                strong { "The account is inactive." }
                " Its data is kept and cannot be changed; you can read and export it, make the \
                 account smaller, and reactivate it."
            };
            banners.push(banner(Tone::Bad, &text, Some(("Reactivate", &billing))));
        }
        if is_active && self.seats.free() == 0 && self.role != Role::Member {
            let text = html! {
                strong { "All " (self.seats.total) " seats are used." }
                " Invitations, sign-ups and provisioning are refused until one is free."
            };
            let licenses = format!("{}/app/enterprise/licenses", self.base);
            banners.push(banner(Tone::Bad, &text, Some(("Licenses", &licenses))));
        }
        banners.truncate(2);
        banners
    }

    fn menu(&self) -> Markup {
        let entries: Vec<&Entry> = menu::of(self.role).collect();
        let list = |controls: bool| {
            html! {
                ul { @for entry in entries.iter().filter(|entry| entry.is_control == controls) {
                    li {
                        a href={ (self.base) (entry.path) }
                            aria-current=[entry.holds(&self.path).then_some("page")] {
                            (entry.label)
                        }
                    }
                } }
            }
        };
        html! {
            nav.rail aria-label="Pages" {
                details.rail-menu {
                    summary { "Menu" }
                    div {
                        (list(false))
                        @if entries.iter().any(|entry| entry.is_control) {
                            h2 { "Enterprise Controls" }
                            (list(true))
                        }
                    }
                }
            }
        }
    }

    fn bar(&self) -> Markup {
        let used = format!("{} of {} seats used", self.seats.used(), self.seats.total);
        html! {
            div.bar {
                a.brand href={ (self.base) "/app" } { "Insomnia " span { "Enterprise" } }
                span.account.wide-only { (self.account) }
                @if self.role != Role::Member { (self.plan_badge()) }
                span.spring {}
                @if self.role != Role::Member {
                    a.wide-only.quiet-link href={ (self.base) "/app/enterprise/licenses" } {
                        (meter(self.seats.used(), self.seats.total, &used))
                    }
                }
                details.menu {
                    summary { (self.name) }
                    div {
                        a href={ (self.base) "/app/account" } { "My account" }
                        a href={ (self.base) "/accounts" } { "Other accounts" }
                        a href={ (self.base) "/api/docs" } { "API documentation" }
                        form method="post" action={ (self.base) "/sign-out" } {
                            button { "Sign out" }
                        }
                    }
                }
            }
        }
    }
}

/// A page in its frame.
pub struct Layout<'a> {
    /// What surrounds it.
    pub frame: &'a Frame,
    /// Its title.
    pub title: &'a str,
    /// The pages above it: names and paths.
    pub above: &'a [(&'a str, &'a str)],
    /// Its content, which begins with a header.
    pub content: &'a Markup,
}

impl Layout<'_> {
    /// Renders the page as an HTTP answer.
    pub fn respond(&self, status: StatusCode) -> HttpResponse {
        HttpResponse::build(status)
            .content_type("text/html; charset=utf-8")
            .insert_header((CONTENT_SECURITY_POLICY, POLICY))
            .insert_header((X_FRAME_OPTIONS, "DENY"))
            .insert_header((REFERRER_POLICY, "same-origin"))
            .body(self.render().into_string())
    }

    fn render(&self) -> Markup {
        let frame = self.frame;
        html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    title { (self.title) " · " (frame.account) " · Insomnia Enterprise" }
                    link rel="stylesheet" href={ (frame.base) (STYLE.path) };
                    script type="module" src={ (frame.base) (SCRIPT.path) } {}
                }
                body {
                    a.skip href="#content" { "Skip to the content" }
                    (frame.bar())
                    div.body {
                        (frame.menu())
                        main.page id="content" {
                            nav.crumbs aria-label="You are here" { ol {
                                li { a href={ (frame.base) "/app" } { (frame.account) } }
                                @for (name, path) in self.above {
                                    li { a href={ (frame.base) (path) } { (name) } }
                                }
                                li aria-current="page" { (self.title) }
                            } }
                            @if let Some(notice) = frame.notice { (notice::show(notice)) }
                            @for banner in frame.banners() { (banner) }
                            (self.content)
                        }
                    }
                    footer.foot {
                        "Version " (env!("CARGO_PKG_VERSION")) " · "
                        a href={ (frame.base) "/api/docs" } { "API documentation" }
                    }
                }
            }
        }
    }
}
