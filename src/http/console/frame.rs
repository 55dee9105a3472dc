//! What surrounds every page: account, plan, seats, menu, banners.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use maud::{DOCTYPE, Markup, html};

use super::banners;
use super::document::{answer, head};
use super::menu::{self, Entry};
use super::notice::{self, Notice};
use super::words::Label;
use crate::administration::attention::{self, Attention, Reader};
use crate::administration::{self, AdministrationError, plans};
use crate::enterprise::plan::Plan;
use crate::enterprise::seats::Seats;
use crate::enterprise::{AccountPk, MemberPk, Role, Timestamp};
use crate::http::base::browser::path_of;
use crate::http::pages::parts::{Tone, badge, meter};
use crate::store::Conn;
use crate::store::plans::PlanRow;
use crate::store::sessions::SessionRow;
use crate::store::users;

/// One day in milliseconds.
const DAY: i64 = 24 * 60 * 60 * 1000;

/// The member as which somebody visits.
#[derive(Clone, Copy, Debug)]
pub struct Acting {
    /// The member.
    pub member: MemberPk,
    /// The member's role in the account.
    pub role: Role,
}

/// What surrounds the pages of a visitor.
pub struct Frame {
    /// The path of the server's URL, before every path.
    base: String,
    /// The path of the page, below the base.
    path: String,
    /// What was done before the page was opened.
    notice: Option<Notice>,
    /// The address that the visitor is known by.
    email: String,
    /// The account in which the visitor acts.
    account: Option<Account>,
    /// When the page is shown.
    pub now: Timestamp,
}

/// What the frame shows of an account.
pub struct Account {
    /// The visitor in it.
    pub acting: Acting,
    /// The account's plan.
    pub plan: PlanRow,
    /// The usage of its seats.
    pub seats: Seats,
    /// What needs the visitor's attention, the most severe first.
    pub attention: Vec<Attention>,
}

impl Account {
    fn read(
        conn: &mut Conn,
        session: &SessionRow,
        (account, acting): (AccountPk, Acting),
        now: Timestamp,
    ) -> Result<Self, AdministrationError> {
        let plan = plans::get(conn, account)?;
        let seats = administration::seats(conn, account, now)?;
        let (role, plan_of, seats_of) = (acting.role, &plan, &seats);
        let reader = Reader { account, role, session, plan: plan_of, seats: seats_of, now };
        let attention = attention::of(conn, &reader)?;
        Ok(Self { acting, plan, seats, attention })
    }
}

impl Frame {
    /// Reads what surrounds the pages of a person, in an account if they act in one.
    ///
    /// # Errors
    /// Fails if the database does.
    pub fn read(
        conn: &mut Conn,
        session: &SessionRow,
        acting: Option<(AccountPk, Acting)>,
        now: Timestamp,
    ) -> Result<Self, AdministrationError> {
        let email = users::by_pk(conn, session.user_pk)?.email;
        let account = match acting {
            Some((account, acting)) => Some(Account::read(conn, session, (account, acting), now)?),
            None => None,
        };
        let (base, path) = (String::new(), String::new());
        Ok(Self { base, path, notice: None, email, account, now })
    }

    /// Puts the frame around the page that `former` surrounds.
    #[must_use]
    pub fn in_place_of(self, former: Self) -> Self {
        Self { base: former.base, path: former.path, notice: former.notice, ..self }
    }

    /// Puts the frame around the page of this path.
    #[must_use]
    pub fn at(self, path: String, notice: Option<Notice>, public_url: &str) -> Self {
        Self { base: path_of(public_url).trim_end_matches('/').to_owned(), path, notice, ..self }
    }

    /// Returns the address of a path of the server.
    pub fn link(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// Returns the path of the page.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Returns the address that the visitor is known by.
    pub fn email(&self) -> &str {
        &self.email
    }

    /// Returns the account in which the visitor acts.
    pub fn account(&self) -> Option<&Account> {
        self.account.as_ref()
    }

    /// Returns the role in which the visitor acts.
    pub fn role(&self) -> Option<Role> {
        self.account.as_ref().map(|account| account.acting.role)
    }

    /// Returns whether the account's plan has not ended.
    pub fn is_active(&self) -> bool {
        self.account.as_ref().is_some_and(|account| account.plan.is_active(self.now))
    }

    /// Returns whether the account is active, and its plan includes the advanced operations.
    pub fn includes_advanced(&self) -> bool {
        let includes = |account: &Account| account.plan.plan.includes_advanced();
        self.is_active() && self.account.as_ref().is_some_and(includes)
    }

    fn account_name(&self) -> &str {
        self.account.as_ref().map_or("No account", |account| &account.plan.name)
    }

    /// Returns the account, for those who see its plan and its seats.
    fn managed(&self) -> Option<&Account> {
        self.account.as_ref().filter(|account| account.acting.role != Role::Member)
    }

    /// Renders the account's plan as one sign.
    pub fn plan_badge(&self, plan: &PlanRow) -> Markup {
        if !plan.is_active(self.now) {
            return badge(Tone::Bad, "Inactive");
        }
        match (plan.plan, plan.plan_ends_at) {
            (Plan::Trial, Some(end)) => {
                let days = end.millis_since(self.now).max(0) / DAY;
                badge(Tone::Accent, &format!("Trial, {days} days left"))
            }
            (plan, _) => badge(Tone::Neutral, plan.label()),
        }
    }

    fn menu(&self) -> Markup {
        let role = self.role().unwrap_or(Role::Member);
        let entries: Vec<&Entry> = menu::of(role).collect();
        let lacks = |entry: &Entry| {
            entry.is_advanced
                && self.account.as_ref().is_some_and(|it| !it.plan.plan.includes_advanced())
        };
        let list = |controls: bool| {
            html! {
                ul { @for entry in entries.iter().filter(|entry| entry.is_control == controls) {
                    li {
                        a href=(self.link(entry.path))
                            aria-current=[entry.holds(&self.path).then_some("page")] {
                            (entry.label)
                            @if lacks(entry) {
                                span.lock title="Not in your plan" { span.unseen { "not in your plan" } }
                            }
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
        html! {
            header.bar {
                a.brand href=(self.link("/app")) { "Insomnia " span { "Enterprise" } }
                span.account.wide-only { (self.account_name()) }
                @if let Some(account) = self.managed() { (self.plan_badge(&account.plan)) }
                span.spring {}
                @if let Some(Account { seats, .. }) = self.managed() {
                    a.wide-only.quiet-link href=(self.link("/app/enterprise/licenses")) {
                        (meter(
                            seats.used(),
                            seats.total,
                            &format!("{} of {} seats used", seats.used(), seats.total),
                        ))
                    }
                }
                details.menu {
                    summary { (self.email) }
                    div {
                        @if let Some(role) = self.role() {
                            p.muted { (self.account_name()) " · " (role.label()) }
                        }
                        a href=(self.link("/app/dashboard/organizations")) { "Your organizations" }
                        @if matches!(self.role(), Some(Role::Owner | Role::CoOwner)) {
                            a href=(self.link("/app/enterprise")) { "Enterprise Controls" }
                        }
                        a href=(self.link("/app/account")) { "My account" }
                        a href=(self.link("/accounts")) { "Other accounts" }
                        a href=(self.link("/api/docs")) { "Documentation" }
                        form method="post" action=(self.link("/sign-out")) {
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
        answer(status, self.render())
    }

    fn render(&self) -> Markup {
        let frame = self.frame;
        html! {
            (DOCTYPE)
            html lang="en" {
                (head(&frame.base, &format!("{} · {}", self.title, frame.account_name())))
                body {
                    a.skip href="#content" { "Skip to the content" }
                    (frame.bar())
                    div.body {
                        (frame.menu())
                        main.page id="content" data-sign-in=(frame.link("/sign-in"))
                            data-session=(frame.link("/api/v1/session")) {
                            nav.crumbs aria-label="You are here" { ol {
                                li { a href=(frame.link("/app")) { (frame.account_name()) } }
                                @for (name, path) in self.above {
                                    li { a href=(frame.link(path)) { (name) } }
                                }
                                li aria-current="page" { (self.title) }
                            } }
                            @if let Some(notice) = frame.notice { (notice::show(notice)) }
                            @for banner in banners::of(frame) { (banner) }
                            (self.content)
                        }
                    }
                    footer.foot {
                        "Version " (env!("CARGO_PKG_VERSION")) " · "
                        a href=(frame.link("/api/docs")) { "API documentation" }
                    }
                }
            }
        }
    }
}
