//! Forms, declared once: fields with labels and hints, and which refusals belong to which field.

use maud::{Markup, html};

use super::Filled;

/// What a field takes.
#[derive(Clone, Copy, Debug)]
pub enum Input<'a> {
    /// One line of text.
    Text,
    /// An address of a mailbox.
    Email,
    /// What browsers know of the reader, by its word for them: `email`, `given-name`.
    Own(&'a str),
    /// A secret.
    Secret,
    /// A whole number.
    Number,
    /// Several lines.
    Lines,
    /// Addresses of mailboxes, separated by commas, semicolons, blanks or lines.
    Addresses,
    /// One of these, all of which are seen.
    One(&'a [Option<'a>]),
    /// One of these, from a list that opens.
    Select(&'a [Option<'a>]),
    /// Any of these.
    Any(&'a [Option<'a>]),
    /// A tick.
    Tick,
    /// Not shown; it is sent again with all its values.
    Hidden,
}

/// One of the values of a field.
#[derive(Clone, Copy, Debug)]
pub struct Option<'a> {
    /// The value that is sent.
    pub value: &'a str,
    /// What the reader chooses.
    pub label: &'a str,
    /// What that means.
    pub hint: &'a str,
}

/// A field of a form.
#[derive(Clone, Copy, Debug)]
pub struct Field<'a> {
    /// The name of the field in what is sent.
    pub name: &'a str,
    /// What the field asks for.
    pub label: &'a str,
    /// What the field takes.
    pub input: Input<'a>,
    /// What helps to fill it in; empty if nothing does.
    pub hint: &'a str,
    /// The words of the refusals that are shown at the field.
    pub refusals: &'a [&'a str],
    /// Whether it must be filled in.
    pub is_required: bool,
    /// Whether the reader types into it at once.
    pub has_focus: bool,
}

impl<'a> Field<'a> {
    /// A field for one line of text, which must be filled in.
    pub const fn text(name: &'a str, label: &'a str) -> Self {
        let (input, hint, refusals) = (Input::Text, "", &[]);
        Self { name, label, input, hint, refusals, is_required: true, has_focus: false }
    }

    /// Takes something else.
    #[must_use]
    pub const fn takes(self, input: Input<'a>) -> Self {
        Self { input, ..self }
    }

    /// Explains what to fill in.
    #[must_use]
    pub const fn hint(self, hint: &'a str) -> Self {
        Self { hint, ..self }
    }

    /// Shows these refusals at the field.
    #[must_use]
    pub const fn answers(self, refusals: &'a [&'a str]) -> Self {
        Self { refusals, ..self }
    }

    /// Is typed into at once if this holds.
    #[must_use]
    pub const fn focused(self, has_focus: bool) -> Self {
        Self { has_focus, ..self }
    }

    /// May be left empty.
    #[must_use]
    pub const fn optional(self) -> Self {
        Self { is_required: false, ..self }
    }
}

/// A form that is sent to a page of the console.
#[derive(Clone, Copy, Debug)]
pub struct Form<'a> {
    /// The page that it is sent to.
    pub action: &'a str,
    /// The fields.
    pub fields: &'a [Field<'a>],
    /// What the button says: the act.
    pub button: &'a str,
    /// Whether the act cannot be undone.
    pub is_dangerous: bool,
    /// The page that *Cancel* leads to; empty without that button.
    pub cancel: &'a str,
    /// Whether it creates something, once however often it is sent.
    pub creates: bool,
}

impl<'a> Form<'a> {
    /// A form with these fields.
    pub const fn new(action: &'a str, fields: &'a [Field<'a>], button: &'a str) -> Self {
        Self { action, fields, button, is_dangerous: false, cancel: "", creates: false }
    }

    /// Creates something: sent twice, it creates once.
    #[must_use]
    pub const fn creating(self) -> Self {
        Self { creates: true, ..self }
    }

    /// Does something that cannot be undone.
    #[must_use]
    pub const fn dangerous(self) -> Self {
        Self { is_dangerous: true, ..self }
    }

    /// Has a button *Cancel* that leads to this page.
    #[must_use]
    pub const fn or_back(self, cancel: &'a str) -> Self {
        Self { cancel, ..self }
    }

    /// Renders the form with what was typed, each refusal at its field, others above the button.
    pub fn render(&self, filled: &Filled) -> Markup {
        let is_at_a_field = self.fields.iter().any(|field| filled.refusal_at(field).is_some());
        html! {
            form.form method="post" action=(self.action) autocomplete="off" {
                @if self.creates { input type="hidden" name="key" value=(key(filled)); }
                @for field in self.fields { (render(field, filled)) }
                @if let (Some((_, text)), false) = (&filled.refusal, is_at_a_field) {
                    p.wrong role="alert" { (text) }
                }
                div.actions {
                    button.main.danger[self.is_dangerous] { (self.button) }
                    @if !self.cancel.is_empty() {
                        a.button href=(self.cancel) data-closes { "Cancel" }
                    }
                }
            }
        }
    }
}

/// Returns what makes the form create once: kept while it is corrected, new for the next one.
pub(super) fn key(filled: &Filled) -> String {
    let kept = filled.value("key");
    if kept.is_empty() { uuid::Uuid::new_v4().to_string() } else { kept.to_owned() }
}

/// Renders a field with what was typed and what was refused.
pub(super) fn render(field: &Field<'_>, filled: &Filled) -> Markup {
    let value = filled.value(field.name);
    let (id, refusal) = (format!("field-{}", field.name), filled.refusal_at(field));
    let invalid = refusal.map(|_| "true");
    let told = (refusal.is_some() || !field.hint.is_empty()).then(|| format!("{id}-told"));
    let kind = match field.input {
        Input::Email | Input::Own("email") => "email",
        Input::Secret => "password",
        Input::Number => "number",
        _ => "text",
    };
    html! {
        @match field.input {
            Input::Hidden => @for value in filled.all(field.name) {
                input type="hidden" name=(field.name) value=(value);
            },
            Input::Tick => div.choice {
                input type="checkbox" id=(id) name=(field.name) value="true"
                    checked[value == "true"] aria-describedby=[told.as_deref()];
                label for=(id) { (field.label) (told_about(field, refusal, told.as_deref())) }
            },
            Input::One(options) | Input::Any(options) => fieldset aria-describedby=[told.as_deref()] {
                @let is_one = matches!(field.input, Input::One(_));
                legend { (field.label) }
                @for option in options {
                    div.choice {
                        input type=(if is_one { "radio" } else { "checkbox" })
                            id={ (id) "-" (option.value) } name=(field.name) value=(option.value)
                            checked[filled.has(field.name, option.value)]
                            required[is_one && field.is_required];
                        label for={ (id) "-" (option.value) } {
                            (option.label)
                            @if !option.hint.is_empty() { span.hint { (option.hint) } }
                        }
                    }
                }
                (told_about(field, refusal, told.as_deref()))
            },
            Input::Select(options) => div.field {
                label for=(id) { (field.label) }
                select id=(id) name=(field.name) aria-invalid=[invalid]
                    aria-describedby=[told.as_deref()] required[field.is_required] {
                    @for option in options {
                        option value=(option.value) selected[option.value == value] { (option.label) }
                    }
                }
                (told_about(field, refusal, told.as_deref()))
            },
            _ => div.field {
                label for=(id) { (field.label) }
                @if let Input::Lines | Input::Addresses = field.input {
                    @let are_addresses = matches!(field.input, Input::Addresses);
                    textarea.few[are_addresses] id=(id) name=(field.name) aria-invalid=[invalid]
                        aria-describedby=[told.as_deref()] required[field.is_required]
                        autofocus[field.has_focus] data-several[are_addresses] { (value) }
                } @else {
                    @let own = if let Input::Own(known) = field.input { Some(known) } else { None };
                    input id=(id) name=(field.name) type=(kind) value=(value) maxlength="2000"
                        autocomplete=[own] aria-invalid=[invalid] aria-describedby=[told.as_deref()]
                        required[field.is_required];
                }
                (told_about(field, refusal, told.as_deref()))
            },
        }
    }
}

/// Renders the hint or, in its place, the refusal.
fn told_about(
    field: &Field<'_>,
    refusal: std::option::Option<&str>,
    id: std::option::Option<&str>,
) -> Markup {
    html! {
        @match refusal {
            Some(text) => span.wrong id=[id] role="alert" { (text) },
            None => @if !field.hint.is_empty() { span.hint id=[id] { (field.hint) } },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIELDS: &[Field<'_>] = &[
        Field::text("name", "Team name").answers(&["name-taken"]),
        Field::text("description", "Description").takes(Input::Lines).optional(),
    ];

    #[test]
    fn a_refusal_is_shown_at_its_field_and_what_was_typed_is_kept() {
        let form = Form::new("/app/enterprise/team", FIELDS, "Create team");
        for (word, text, place) in [
            ("name-taken", "A team of this name exists.", "field-name-told"),
            ("invalid-value", "description: at most 2000 characters.", "field-description-told"),
        ] {
            let refusal = Some((word.to_owned(), text.to_owned()));
            let filled = Filled { refusal, ..Filled::default() }.with("name", "<Flight>");
            let shown = form.render(&filled).into_string();
            assert!(shown.contains(&format!("id=\"{place}\" role=\"alert\">{text}")), "{shown}");
            assert!(shown.contains("value=\"&lt;Flight&gt;\""), "{shown}");
            assert_eq!(shown.matches("role=\"alert\"").count(), 1, "{shown}");
        }
    }

    #[test]
    fn what_is_not_shown_is_sent_again_whole() {
        let fields = [Field::text("ids", "").takes(Input::Hidden)];
        let filled = Filled::new().with("ids", "a").with("ids", "b").with("other", "c");
        let shown = Form::new("/x", &fields, "Remove").render(&filled).into_string();
        assert_eq!(shown.matches("type=\"hidden\" name=\"ids\"").count(), 2, "{shown}");
        assert!(!shown.contains("other"), "{shown}");
    }

    #[test]
    fn a_refusal_of_no_field_stands_above_the_button() {
        let refusal = Some(("no-free-seat".to_owned(), "50 of 50 seats are used.".to_owned()));
        let filled = Filled { refusal, ..Filled::default() };
        let shown = Form::new("/x", FIELDS, "Create team").render(&filled).into_string();
        let (alert, button) = (shown.find("50 of 50").unwrap(), shown.find("<button").unwrap());
        assert!(alert < button && !shown.contains("aria-invalid"), "{shown}");
    }
}
