//! The form that narrows a list by several things at once.

use maud::{Markup, html};

/// By what a list is narrowed.
#[derive(Clone, Copy, Debug)]
pub enum By<'a> {
    /// A text.
    Text,
    /// A day.
    Day,
    /// One of these values, in groups, each with its label.
    Choice(&'a [Group<'a>]),
    /// One of these values with their labels; the first is "all" and has the empty value.
    One(&'a [(&'a str, &'a str)]),
}

/// Values that belong together.
#[derive(Clone, Debug)]
pub struct Group<'a> {
    /// What they are about.
    pub label: String,
    /// The values with their labels.
    pub values: Vec<(&'a str, &'a str)>,
}

/// A field of the form.
#[derive(Clone, Copy, Debug)]
pub struct Narrowing<'a> {
    /// The parameter of the address.
    pub name: &'a str,
    /// What the field says.
    pub label: &'a str,
    /// By what it narrows.
    pub by: By<'a>,
    /// The value that is given.
    pub value: &'a str,
}

/// Renders the form. It is sent while the reader types where scripts run.
pub fn narrowing(label: &str, fields: &[Narrowing<'_>]) -> Markup {
    html! {
        form.search method="get" role="search" aria-label=(label) data-searches {
            @for field in fields {
                div.field.narrow {
                    label for={ "by-" (field.name) } { (field.label) }
                    (input(field))
                }
            }
            button { "Search" }
            @if fields.iter().any(|one| !one.value.is_empty()) {
                a.button href="?" { "Clear filters" }
            }
        }
    }
}

fn input(field: &Narrowing<'_>) -> Markup {
    let id = format!("by-{}", field.name);
    html! {
        @match field.by {
            By::Text => input id=(id) type="search" name=(field.name) value=(field.value)
                maxlength="255" autocomplete="off";,
            By::Day => input id=(id) type="date" name=(field.name) value=(field.value);,
            By::One(values) => select id=(id) name=(field.name) {
                @for (value, label) in values {
                    option value=(value) selected[*value == field.value] { (label) }
                }
            },
            By::Choice(groups) => select id=(id) name=(field.name) {
                option value="" { "All" }
                @for group in groups {
                    optgroup label=(group.label) {
                        @for (value, label) in &group.values {
                            option value=(value) selected[*value == field.value] { (label) }
                        }
                    }
                }
            },
        }
    }
}
