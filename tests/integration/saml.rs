//! Single sign-on by SAML 2.0, against an identity provider that is not ours, with what browsers do
//! (docs/domain.md §6).

mod attacks;
mod browser;
mod certificates;
mod connection;
mod once;
mod sign_in;
mod stage;
mod xmlsec;
