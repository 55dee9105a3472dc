//! Acts beside forms: one button, a choice of rows, a form with buttons of its own, a condition
//! before a button.

use maud::{Markup, html};

use super::Filled;
use super::form::{self, Field};

/// Renders one button that does something at once.
pub fn act(action: &str, label: &str, hidden: &[(&str, &str)]) -> Markup {
    html! {
        form.inline method="post" action=(action) {
            @for (name, value) in hidden { input type="hidden" name=(name) value=(value); }
            button.small { (label) }
        }
    }
}

/// Renders a tick that chooses a row of a list, for [`choosing`].
pub fn pick(name: &str, value: &str, label: &str) -> Markup {
    html! { input type="checkbox" name=(name) value=(value) aria-label={ "Choose " (label) }; }
}

/// Renders a list of which rows can be chosen, with the button that leads to what is done with them.
/// The parameter `chosen` says that it was pressed, also if no row was chosen.
pub fn choosing(action: &str, button: &str, list: &Markup) -> Markup {
    html! {
        form.stack method="get" action=(action) {
            input type="hidden" name="chosen" value="true";
            (list)
            div.actions { button { (button) } }
        }
    }
}

/// A form whose buttons are its own, or that carries values which are not fields.
#[derive(Clone, Copy, Debug)]
pub struct OpenForm<'a> {
    /// The page that it is sent to.
    pub action: &'a str,
    /// The fields.
    pub fields: &'a [Field<'a>],
    /// Names and values that are sent along.
    pub hidden: &'a [(&'a str, &'a str)],
    /// Whether it creates something, once however often it is sent.
    pub creates: bool,
    /// The buttons, the main one first.
    pub buttons: &'a Markup,
}

impl OpenForm<'_> {
    /// Renders the form with what was typed, each refusal at its field, others above the buttons.
    pub fn render(&self, filled: &Filled) -> Markup {
        let is_at_a_field = self.fields.iter().any(|field| filled.refusal_at(field).is_some());
        html! {
            form.form method="post" action=(self.action) autocomplete="off" {
                @if self.creates { input type="hidden" name="key" value=(form::key(filled)); }
                @for (name, value) in self.hidden { input type="hidden" name=(name) value=(value); }
                @for field in self.fields { (form::render(field, filled)) }
                @if let (Some((_, text)), false) = (&filled.refusal, is_at_a_field) {
                    p.wrong role="alert" { (text) }
                }
                div.actions { (self.buttons) }
            }
        }
    }
}

/// Renders a form whose button can be pressed once a tick is set: browsers without scripts ask for
/// the tick. `id` is unique on the page.
pub fn condition(action: &str, id: &str, tick: &str, button: &str) -> Markup {
    html! {
        form.form method="post" action=(action) {
            div.choice {
                input type="checkbox" id={ (id) "-tick" } name=(id) value="true" required
                    data-enables=(id);
                label for={ (id) "-tick" } { (tick) }
            }
            div.actions { button.main id=(id) { (button) } }
        }
    }
}

/// Renders a value to copy elsewhere. `id` is unique on the page.
pub fn copied(id: &str, label: &str, value: &str) -> Markup {
    html! {
        div.field {
            label for=(id) { (label) }
            div.secret {
                input id=(id) readonly value=(value) autocomplete="off" spellcheck="false";
                button type="button" data-copies=(id) { "Copy" }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_open_form_shows_refusals_where_they_belong() {
        let fields = [Field::text("domains", "Domains").optional()];
        let buttons = html! { button.main { "Save" } };
        let form = OpenForm {
            action: "/x",
            fields: &fields,
            hidden: &[("emails", "a@x.example"), ("emails", "b@x.example")],
            creates: false,
            buttons: &buttons,
        };
        for (text, place) in [("domains: none", "field-domains-told"), ("No seat is free.", "")] {
            let refusal = Some(("word".to_owned(), text.to_owned()));
            let shown = form.render(&Filled { refusal, ..Filled::default() }).into_string();
            assert_eq!(shown.matches("role=\"alert\"").count(), 1, "{shown}");
            assert_eq!(shown.contains("aria-invalid"), !place.is_empty(), "{shown}");
            assert_eq!(shown.matches("name=\"emails\"").count(), 2, "{shown}");
        }
    }

    #[test]
    fn a_condition_is_asked_for_by_browsers_without_scripts_too() {
        let shown = condition("/x", "added", "I have added the record", "Verify").into_string();
        assert!(shown.contains("required") && shown.contains("data-enables=\"added\""), "{shown}");
        assert!(!shown.contains("disabled"), "{shown}");
    }
}
