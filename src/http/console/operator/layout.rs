//! What surrounds the operator's pages.

use actix_web::http::StatusCode;
use actix_web::http::header::LOCATION;
use actix_web::{HttpResponse, ResponseError};
use maud::{DOCTYPE, Markup, html};

use super::{ACCOUNTS, CODES, OperatorVisit};
use crate::http::base::problem::Problem;
use crate::http::console::document::{answer, head};
use crate::http::console::notice::{self, Notice};
use crate::http::console::visit::Above;

/// The pages of the menu.
const MENU: [(&str, &str); 2] = [("Accounts", ACCOUNTS), ("Activation codes", CODES)];

impl OperatorVisit {
    /// Returns the address of a path of the server, for links and forms.
    pub fn at(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// Answers with a page: its title, the pages above it, and its content.
    pub fn show(&self, title: &str, above: Above<'_>, content: &Markup) -> HttpResponse {
        answer(StatusCode::OK, self.page(title, above, content))
    }

    /// The same for a form that was refused, with the refusal's status.
    pub fn show_again(
        &self,
        problem: &Problem,
        title: &str,
        above: Above<'_>,
        content: &Markup,
    ) -> HttpResponse {
        answer(problem.status_code(), self.page(title, above, content))
    }

    /// Leads to another page after something was done, which says so.
    pub fn go(&self, path: &str, notice: Notice) -> HttpResponse {
        let target = format!("{}?done={}", self.at(path), notice.as_str());
        HttpResponse::SeeOther().insert_header((LOCATION, target)).finish()
    }

    fn page(&self, title: &str, above: Above<'_>, content: &Markup) -> Markup {
        html! {
            (DOCTYPE)
            html lang="en" {
                (head(&self.base, &format!("{title} · Operator")))
                body {
                    a.skip href="#content" { "Skip to the content" }
                    (self.bar())
                    div.body {
                        (self.menu())
                        main.page id="content" data-sign-in=(self.at("/operator/sign-in"))
                            data-session=(self.at("/operator/activation-codes/new")) {
                            nav.crumbs aria-label="You are here" { ol {
                                li { a href=(self.at(ACCOUNTS)) { "Operator" } }
                                @for (name, path) in above {
                                    li { a href=(self.at(path)) { (name) } }
                                }
                                li aria-current="page" { (title) }
                            } }
                            @if let Some(notice) = self.notice { (notice::show(notice)) }
                            (content)
                        }
                    }
                    footer.foot { "Version " (env!("CARGO_PKG_VERSION")) }
                }
            }
        }
    }

    fn bar(&self) -> Markup {
        html! {
            header.bar {
                a.brand href=(self.at(ACCOUNTS)) { "Insomnia " span { "Enterprise" } }
                span.account { "Operator of this server" }
                span.spring {}
                form method="post" action=(self.at("/operator/sign-out")) {
                    button.small { "Sign out" }
                }
            }
        }
    }

    fn menu(&self) -> Markup {
        let is_current = |path: &str| self.path.starts_with(path).then_some("page");
        html! {
            nav.rail aria-label="Pages" {
                details.rail-menu {
                    summary { "Menu" }
                    div { ul {
                        @for (label, path) in MENU { li {
                            a href=(self.at(path)) aria-current=[is_current(path)] { (label) }
                        } }
                    } }
                }
            }
        }
    }
}
