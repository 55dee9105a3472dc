//! Small signs: badges, banners, meters, links that look like buttons.

use maud::{Markup, html};

/// What a sign means. Its colour follows from that, and is never the only hint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Nothing special.
    Neutral,
    /// It works, or it is done.
    Good,
    /// It needs attention soon.
    Warn,
    /// It does not work, or it is about to be lost.
    Bad,
    /// It is worth knowing.
    Info,
    /// It belongs to the product.
    Accent,
}

impl Tone {
    /// Returns the class in the stylesheet.
    pub const fn class(self) -> &'static str {
        match self {
            Self::Neutral => "neutral",
            Self::Good => "good",
            Self::Warn => "warn",
            Self::Bad => "bad",
            Self::Info => "info",
            Self::Accent => "accent",
        }
    }
}

/// Renders a word in a coloured pill.
pub fn badge(tone: Tone, text: &str) -> Markup {
    // Tables cut long ones off.
    let title = (text.chars().count() > LONG).then_some(text);
    html! { span class={ "badge " (tone.class()) } title=[title] { (text) } }
}

/// The number of characters from which a pill in a table may be cut off.
const LONG: usize = 28;

/// Renders a strip over the page, with what can be done about it. Screen readers announce what is
/// bad at once.
pub fn banner(tone: Tone, text: &Markup, action: Option<(&str, &str)>) -> Markup {
    banner_with(tone, text, action.as_slice())
}

/// The same with any number of links.
pub fn banner_with(tone: Tone, text: &Markup, actions: &[(&str, &str)]) -> Markup {
    let role = if tone == Tone::Bad { "alert" } else { "status" };
    html! {
        div class={ "banner " (tone.class()) } role=(role) {
            p { (text) }
            @if !actions.is_empty() {
                div.actions {
                    @for (label, href) in actions { a.button.small href=(href) { (label) } }
                }
            }
        }
    }
}

/// Renders how much of a limit is used: amber from 90 per cent, red when nothing is left.
pub fn meter(used: i64, total: i64, label: &str) -> Markup {
    let share = if total > 0 { (used.saturating_mul(100) / total).clamp(0, 100) } else { 100 };
    let tone = match share {
        100.. => Tone::Bad,
        90.. => Tone::Warn,
        _ => Tone::Neutral,
    };
    html! {
        span class={ "meter " (tone.class()) } {
            small { (label) }
            svg viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true" {
                rect width=(share) height="4" {}
            }
        }
    }
}

/// Renders a link that looks like a button.
pub fn link(label: &str, href: &str) -> Markup {
    html! { a.button href=(href) { (label) } }
}

/// Renders a link to a page with a question, which opens over this page where scripts run.
pub fn dialog(label: &str, href: &str) -> Markup {
    html! { a.button href=(href) data-dialog { (label) } }
}

/// The same for what a block of the page is for.
pub fn main_dialog(label: &str, href: &str) -> Markup {
    html! { a.button.main href=(href) data-dialog { (label) } }
}

/// Renders the same in a row of a table.
pub fn small_dialog(label: &str, href: &str) -> Markup {
    html! { a.button.small href=(href) data-dialog { (label) } }
}

/// Renders a thing of a set: its name with its page, and what takes it out of the set, which asks for
/// confirmation.
pub fn chip(name: &str, href: &str, (remove, asks): (&str, &str)) -> Markup {
    html! {
        li.chip {
            a href=(href) { (name) }
            a.chip-out href=(asks) aria-label=(remove) title=(remove) data-dialog { "×" }
        }
    }
}

/// Renders the link to what the page is for.
pub fn main_link(label: &str, href: &str) -> Markup {
    html! { a.button.main href=(href) { (label) } }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_meter_warns_from_nine_tenths_and_never_overflows() {
        for (used, total, class, width) in [
            (0, 50, "neutral", "0"),
            (44, 50, "neutral", "88"),
            (45, 50, "warn", "90"),
            (50, 50, "bad", "100"),
            (51, 50, "bad", "100"),
            (0, 0, "bad", "100"),
        ] {
            let shown = meter(used, total, "seats").into_string();
            let expected = format!("meter {class}");
            assert!(shown.contains(&expected), "{used} of {total}: {shown}");
            assert!(shown.contains(&format!("width=\"{width}\"")), "{used} of {total}: {shown}");
        }
    }
}
