//! The components of the design system. Each is one function; none knows what a page is about.

mod acts;
mod blocks;
mod chart;
mod form;
mod list;
mod marks;
mod narrowing;
mod time;

pub use acts::{OpenForm, act, choosing, condition, copied, pick, small_dialog};
pub use blocks::{Tab, card, confirmation, empty, facts, secret, steps, tabs};
pub use chart::Chart;
pub use form::{Field, Filled, Form, Input, Option as Choice};
pub use list::{Column, Filter, Table, search};
pub use marks::{Tone, badge, banner, dialog, link, main_link, meter};
pub use narrowing::{By, Group, Narrowing, narrowing};
pub use time::{date, moment};
