//! The secret box: what is shown this once, and the tick that it is stored.

use maud::{Markup, html};

use crate::http::base::query::encoded;

/// Renders a value to copy. `id` is unique on the page.
pub fn secret(id: &str, label: &str, value: &str) -> Markup {
    html! {
        div.field {
            label for=(id) { (label) }
            div.secret {
                input id=(id) readonly value=(value) autocomplete="off" spellcheck="false" data-secret;
                button type="button" data-copies=(id) { "Copy" }
            }
        }
    }
}

/// A value in the secret box.
#[derive(Clone, Copy, Debug)]
pub struct Secret<'a> {
    /// The id of the field, unique on the page.
    pub id: &'a str,
    /// What the value is.
    pub label: &'a str,
    /// The value.
    pub value: &'a str,
}

/// Renders secrets that are shown this once, with a file of them to download. *Done* leads to `done`
/// once the reader has ticked that they stored it; leaving the page without the tick asks first where
/// scripts run. The page is the answer to the form that made the secret, so that no address holds it.
pub fn secret_box(secrets: &[Secret<'_>], file: &str, done: &str) -> Markup {
    let lines: Vec<String> = match secrets {
        [one] => vec![one.value.to_owned()],
        several => several.iter().map(|one| format!("{}: {}", one.label, one.value)).collect(),
    };
    let content = format!("data:text/plain;charset=utf-8,{}", encoded(&lines.join("\n")));
    html! {
        section.card {
            p { strong { "This is shown this once." } " Store it now: nobody can show it again." }
            @for one in secrets { (secret(one.id, one.label, one.value)) }
            div.actions { a.button href=(content) download=(file) data-secret { "Download" } }
            form.form method="get" action=(done) {
                div.choice {
                    input type="checkbox" id="stored" required data-enables="done";
                    label for="stored" { "I have stored it" }
                }
                div.actions { button.main id="done" { "Done" } }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_has_what_is_shown_and_done_needs_the_tick() {
        let token = Secret { id: "token", label: "Token", value: "insomnia_scim_a&b" };
        let shown = secret_box(&[token], "token.txt", "/app/x").into_string();
        assert!(shown.contains("value=\"insomnia_scim_a&amp;b\""), "{shown}");
        assert!(shown.contains("utf-8,insomnia_scim_a%26b\" download=\"token.txt\""), "{shown}");
        assert!(shown.contains("id=\"stored\" required data-enables=\"done\""), "{shown}");
        let url = Secret { id: "url", label: "URL", value: "https://x" };
        let both = secret_box(&[url, token], "scim.txt", "/app/x").into_string();
        assert!(both.contains("URL%3A%20https%3A%2F%2Fx%0AToken%3A%20insomnia"), "{both}");
    }
}
