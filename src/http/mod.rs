//! HTTP, by actix-web: routes, extractors, status codes, headers. No rule of the protocol or of the
//! domain lives here.
//!
//! From top to bottom: `server` puts everything together; `admin`, `scim`, `oauth` and `sso` are what
//! it serves; `pages` is how they speak to people; `base` is what all of them stand on.

pub mod admin;
pub mod base;
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
pub use server::{Connections, serve};
