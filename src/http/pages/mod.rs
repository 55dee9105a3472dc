//! Pages for people: one layout, one stylesheet, one policy. Templates are checked when they are
//! compiled, and what others have said is text in them.
//!
//! Pages load nothing but the stylesheet, from this server, and run nothing.

mod documentation;
mod layout;
mod style;

pub use documentation::documentation;
pub use layout::{Page, button, field, hidden, post_form};
pub use style::routes;
