//! The components of the design system. Each is one function; none knows what a page is about.

mod acts;
mod blocks;
mod chart;
mod filled;
mod form;
mod list;
mod marks;
mod narrowing;
mod secret;
mod time;

pub use acts::{OpenForm, act, choosing, condition, copied, pick};
pub use blocks::{Tab, before_after, card, confirmation, empty, facts, steps, tabs};
pub use chart::Chart;
pub use filled::Filled;
pub use form::{Field, Form, Input, Option as Choice};
pub use list::{Column, Filter, Table, chosen_form, search, tick};
pub use marks::{
    Tone, badge, banner, banner_with, chip, dialog, link, main_dialog, main_link, meter,
    small_dialog,
};
pub use narrowing::{By, Group, Narrowing, narrowing};
pub use secret::{Secret, secret, secret_box};
pub use time::{date, moment};
