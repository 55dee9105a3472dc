//! What has to be known on every page: the most severe first, at most two at once.

use maud::{Markup, html};

use super::frame::Frame;
use crate::enterprise::Role;
use crate::http::pages::parts::{Tone, banner};

/// Returns the banners over the page.
pub fn of(frame: &Frame) -> Vec<Markup> {
    let Some(account) = frame.account() else { return Vec::new() };
    let role = account.acting.role;
    let mut banners = Vec::new();
    if !frame.is_active() && role == Role::Owner {
        let text = html! {
            strong { "The account is inactive." }
            " Its data is kept and cannot be changed; you can read and export it, make the account \
             smaller, and reactivate it."
        };
        banners.push(banner(Tone::Bad, &text, Some(("Reactivate", &frame.link("/app/billing")))));
    }
    if frame.is_active() && account.seats.used() >= account.seats.total && role != Role::Member {
        let text = html! {
            strong { "All " (account.seats.total) " seats are used." }
            " Invitations, sign-ups and provisioning are refused until one is free."
        };
        let licenses = frame.link("/app/enterprise/licenses");
        banners.push(banner(Tone::Bad, &text, Some(("Licenses", &licenses))));
    }
    banners.truncate(2);
    banners
}
