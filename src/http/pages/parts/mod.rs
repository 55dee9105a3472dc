//! The components of the design system. Each is one function; none knows what a page is about.

mod blocks;
mod chart;
mod form;
mod list;
mod marks;
mod time;

pub use blocks::{Tab, before_after, card, confirmation, empty, facts, secret, steps, tabs};
pub use chart::Chart;
pub use form::{Field, Filled, Form, Input, Option as Choice};
pub use list::{Column, Filter, Table, search};
pub use marks::{Tone, badge, banner, banner_with, dialog, link, main_link, meter};
pub use time::{date, moment};
