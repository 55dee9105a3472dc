//! HTML pages: one layout, one stylesheet, one content security policy. Templates are checked at
//! compile time, and escape every value.
//!
//! Pages load only the stylesheet, from this server, and run no script except the one that submits
//! a form, and where it helps the one that improves the console.

pub mod assets;
mod documentation;
mod layout;
pub mod parts;

pub use assets::routes;
pub use documentation::documentation;
pub use layout::{Page, button, field, hidden, post_form};
