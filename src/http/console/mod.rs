//! `/app/…`: the web console. Pages are rendered here and do everything that a click does without
//! scripts; `pages/console.js` improves them.
//!
//! A page is a handler whose first argument says who visits: a [`visit::Visit`] lets in whoever may do
//! the page's operation, as the administrators' API does; a [`visit::OwnVisit`] everybody who is signed
//! in. Both know what surrounds the page. The handler runs the same use cases as the endpoints, and
//! shows the same views ([`crate::views`]). A refusal of a form is shown in the form
//! ([`sent::Sent::refused`]); every other refusal becomes a page of its own in [`states`].
//!
//! `/operator/…` is for who runs the server, with a credential of its own ([`operator`]).
//!
//! A new page is a module with `routes`, a line in [`routes`], an entry in [`menu`] if the menu leads
//! to it, and a line in `tests/integration/console`.

mod account;
mod audit_log;
mod banners;
mod billing;
mod co_owners;
mod components;
mod document;
mod domains;
mod frame;
mod home;
mod invites;
mod inviting;
mod licenses;
mod members;
mod menu;
mod name_conflicts;
mod named;
mod notice;
mod operator;
mod organizations;
mod places;
mod proof;
mod reports;
mod routing;
mod scim;
mod sent;
mod sso;
mod start;
mod states;
mod storage;
mod subscription;
mod teams;
mod transfers;
mod visit;
mod wanted;
mod words;

use actix_web::middleware::from_fn;
use actix_web::web::{self, ServiceConfig};

use crate::http::admin::list::PageLength;
use crate::http::base::problem::not_found;

/// The number of rows on a page of a list: what people look at before they search, and well below
/// 100 kB.
const ROWS: i64 = 25;

/// Registers the pages.
pub fn routes(config: &mut ServiceConfig) {
    config.service(
        web::scope("/app")
            .app_data(PageLength(ROWS))
            .wrap(from_fn(states::as_pages))
            .configure(account::routes)
            .configure(home::routes)
            .configure(billing::routes)
            .configure(subscription::routes)
            .configure(proof::routes)
            .configure(scim::routes)
            .configure(sso::routes)
            .configure(start::routes)
            .configure(teams::routes)
            .configure(domains::routes)
            .configure(invites::routes)
            .configure(storage::routes)
            .configure(reports::routes)
            .configure(audit_log::routes)
            .configure(organizations::routes)
            .configure(transfers::routes)
            .configure(members::routes)
            .configure(co_owners::routes)
            .configure(licenses::routes)
            .default_service(web::to(not_found)),
    );
}

/// Registers the pages of the server's operator.
pub fn operators(config: &mut ServiceConfig) {
    config.service(
        web::scope("/operator")
            .wrap(from_fn(states::as_operators_pages))
            .configure(operator::routes)
            .default_service(web::to(not_found)),
    );
}

/// Registers the page that shows every component in every state. Only the demo serves it.
pub fn components(config: &mut ServiceConfig) {
    config.service(
        web::scope("/console").wrap(from_fn(states::as_pages)).configure(components::routes),
    );
}
