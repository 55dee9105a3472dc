//! The components of the design system. Each is one function; none knows what a page is about.

mod blocks;
mod chart;
mod filled;
mod form;
mod list;
mod marks;
mod time;

pub use blocks::{Tab, card, confirmation, empty, facts, secret, steps, tabs};
pub use chart::Chart;
pub use filled::Filled;
pub use form::{Field, Form, Input, Option as Choice};
pub use list::{Column, Filter, Table, chosen_form, search, tick};
pub use marks::{Tone, badge, banner, chip, dialog, link, main_link, meter, small_dialog};
pub use time::{date, moment};
