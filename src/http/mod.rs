//! HTTP, by actix-web: routes, extractors, status codes, headers. Rules of the protocol or of the
//! domain do not belong here.
//!
//! From top to bottom: `server` assembles everything; it serves `admin`, `scim`, `oauth` and `sso`,
//! and for the demo `demo_idp`; `pages` renders HTML for them; `base` is the foundation of all.

pub mod admin;
pub mod base;
pub mod demo_idp;
mod invitation_page;
mod oauth;
mod pages;
pub mod scim;
mod server;
mod signing_in;
mod sso;
pub mod tls;

pub use base::bodies::Patience;
pub use base::place::TrustedProxies;
pub use base::secrets::Secrets;
pub use base::state::{ServerLimits, Service};
pub use server::{Connections, Site, serve};
