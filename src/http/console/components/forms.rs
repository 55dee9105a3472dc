//! Forms: all kinds of fields, empty, filled and refused.

use maud::{Markup, html};

use super::PATH;
use crate::http::console::frame::Frame;
use crate::http::pages::parts::{Choice, Field, Filled, Form, Input, card};

const ROLES: &[Choice<'_>] = &[
    Choice { value: "member", label: "Member", hint: "Reads and writes." },
    Choice { value: "admin", label: "Admin", hint: "Also administers the organizations." },
];

const KINDS: &[Choice<'_>] = &[
    Choice { value: "cloud", label: "Cloud Sync", hint: "With Insomnia, encrypted." },
    Choice { value: "local", label: "Local Vault", hint: "On the person's own machine." },
    Choice { value: "git", label: "Git Sync", hint: "" },
];

/// Fields of each kind. Names are unique on the page, because ids follow from them.
fn fields<'a>(names: [&'a str; 8]) -> [Field<'a>; 8] {
    let [text, mail, secret, lines, one, select, any, tick] = names;
    [
        Field::text(text, "Text").hint("A hint helps to fill it in.").answers(&["name-taken"]),
        Field::text(mail, "Mail address").takes(Input::Email),
        Field::text(secret, "Secret").takes(Input::Secret).optional(),
        Field::text(lines, "Lines").takes(Input::Lines).hint("Several lines.").optional(),
        Field::text(one, "One of few").takes(Input::One(ROLES)).hint("All are seen."),
        Field::text(select, "One of many").takes(Input::Select(ROLES)),
        Field::text(any, "Any of these").takes(Input::Any(KINDS)).hint("At least one."),
        Field::text(tick, "I have read it").takes(Input::Tick).hint("A tick.").optional(),
    ]
}

const FILLED: [&str; 8] =
    ["a-text", "a-mail", "a-secret", "a-lines", "a-one", "a-select", "a-any", "a-tick"];
const REFUSED: [&str; 8] =
    ["b-text", "b-mail", "b-secret", "b-lines", "b-one", "b-select", "b-any", "b-tick"];

/// Renders all of them.
pub fn all(frame: &Frame) -> Markup {
    let action = frame.link(PATH);
    let (whole, wrong) = (fields(FILLED), fields(REFUSED));
    let typed = Filled::new()
        .with("a-text", "Flight")
        .with("a-mail", "cora@kongair.example")
        .with("a-lines", "Flies cargo\nand passengers")
        .with("a-one", "member")
        .with("a-select", "admin")
        .with("a-any", "cloud")
        .with("a-any", "git")
        .with("a-tick", "true");
    let confirm = [Field::text("confirm", "Type Flight to confirm")];
    html! {
        h2 { "Forms" }
        div.grid {
            (card("All kinds of fields, filled in", &Form::new(&action, &whole, "Create team").or_back(&action).render(&typed)))
            (card("A refusal at its field", &Form::new(&action, &wrong, "Create team").render(&refused("name-taken", "A team of this name exists."))))
            div.stack {
                @for (name, input) in [("c-lines", Input::Lines), ("c-one", Input::One(ROLES)), ("c-select", Input::Select(ROLES)), ("c-any", Input::Any(KINDS)), ("c-tick", Input::Tick)] {
                    @let field = [Field::text(name, "Refused").takes(input)];
                    (card("Refused", &Form::new(&action, &field, "Save").render(&refused("invalid-value", &format!("{name}: choose another value.")))))
                }
            }
            div.stack {
                (card("A refusal of no field", &Form::new(&action, &[Field::text("d-text", "Text")], "Invite").render(&refused("no-free-seat", "50 of 50 seats are used."))))
                (card("What cannot be undone", &Form::new(&action, &confirm, "Delete team").dangerous().or_back(&action).render(&Filled::new())))
                (card("Choice tiles", &tiles()))
            }
        }
    }
}

fn refused(word: &str, text: &str) -> Filled {
    Filled { refusal: Some((word.to_owned(), text.to_owned())), ..Filled::new() }
}

fn tiles() -> Markup {
    html! {
        fieldset {
            legend { "Protocol" }
            @for (value, label, hint) in [("oidc", "OpenID Connect", "Client id and secret."), ("saml", "SAML", "Metadata of the provider.")] {
                div.choice.tile {
                    input type="radio" id={ "tile-" (value) } name="tile" value=(value) checked[value == "oidc"];
                    label for={ "tile-" (value) } { (label) span.hint { (hint) } }
                }
            }
        }
    }
}
