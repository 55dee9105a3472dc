//! Blocks of a page: cards, facts, tabs, steps, empty states, confirmations.

use maud::{Markup, html};

use super::{Tone, badge};

/// Renders a box with a heading.
pub fn card(heading: &str, content: &Markup) -> Markup {
    html! {
        section.card {
            header { h2 { (heading) } }
            (content)
        }
    }
}

/// Renders names with their values.
pub fn facts(facts: &[(&str, Markup)]) -> Markup {
    html! {
        dl.facts {
            @for (name, value) in facts {
                dt { (name) }
                dd { (value) }
            }
        }
    }
}

/// One of several views of a thing.
#[derive(Clone, Copy, Debug)]
pub struct Tab<'a> {
    /// What the tab says.
    pub label: &'a str,
    /// The page behind it.
    pub href: &'a str,
    /// Whether it is the page that is shown.
    pub is_current: bool,
}

/// Renders tabs.
pub fn tabs(label: &str, tabs: &[Tab<'_>]) -> Markup {
    html! {
        nav.tabs aria-label=(label) {
            @for tab in tabs {
                a href=(tab.href) aria-current=[tab.is_current.then_some("page")] { (tab.label) }
            }
        }
    }
}

/// Renders what stands where a list has no rows: one sentence, and the way to the first row.
pub fn empty(heading: &str, text: &str, action: Option<&Markup>) -> Markup {
    html! {
        section.card.empty {
            h2 { (heading) }
            p { (text) }
            @if let Some(action) = action { (action) }
        }
    }
}

/// Renders numbered steps: name, sentence, and `None` if the step is done, or the way to do it.
pub fn steps(steps: &[(&str, Markup, Option<Markup>)]) -> Markup {
    html! {
        ol.steps {
            @for (number, (name, text, action)) in (1..).zip(steps) {
                li.done[action.is_none()] {
                    span.mark aria-hidden="true" {
                        @if action.is_none() { "✓" } @else { (number) }
                    }
                    div { strong { (name) } p.muted { (text) } }
                    @match action {
                        Some(action) => { (action) }
                        None => { (badge(Tone::Good, "Done")) }
                    }
                }
            }
        }
    }
}

/// Renders a question that must be answered before something is done. With scripts it opens as a
/// dialog over the page that leads to it; without them it is a page.
pub fn confirmation(question: &str, content: &Markup, form: &Markup) -> Markup {
    html! {
        section.card data-confirmation {
            h1 { (question) }
            (content)
            (form)
        }
    }
}
