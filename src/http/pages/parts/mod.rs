//! The components of the design system. Each is one function; none knows what a page is about.

mod blocks;
mod chart;
mod form;
mod list;
mod marks;
mod secret;
mod time;

pub use blocks::{Tab, card, confirmation, empty, facts, steps, tabs};
pub use chart::Chart;
pub use form::{Field, Filled, Form, Input, Option as Choice};
pub use list::{Column, Filter, Table, search};
pub use marks::{Tone, badge, banner, dialog, link, main_link, meter};
pub use secret::{Secret, secret, secret_box};
pub use time::{date, moment};
