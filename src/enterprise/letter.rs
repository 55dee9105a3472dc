//! The content of mails, rendered as plain text and as HTML.

use maud::{DOCTYPE, Markup, html};

/// The product name, in the header and the footer of every mail.
const PRODUCT: &str = "Insomnia Enterprise";
/// Maximum number of characters in a subject; mail programs show fewer.
const LONGEST_SUBJECT: usize = 200;

/// The content of a mail.
///
/// Text from clients is safe everywhere: a subject is always a single line, and all text is escaped
/// in HTML.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    subject: String,
    parts: Vec<Part>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Paragraph(String),
    Link {
        label: String,
        url: String,
    },
    /// A link to a page of the server, whose URL is not known yet.
    Page {
        label: String,
        path: String,
    },
}

impl Letter {
    /// Creates a letter with this subject and no content.
    pub fn new(subject: impl AsRef<str>) -> Self {
        let one_line: String = subject
            .as_ref()
            .chars()
            .map(|character| if is_break(character) { ' ' } else { character })
            .take(LONGEST_SUBJECT)
            .collect();
        Self { subject: one_line.trim().to_owned(), parts: Vec::new() }
    }

    /// Adds a paragraph and preserves its line breaks.
    #[must_use]
    pub fn paragraph(mut self, text: impl AsRef<str>) -> Self {
        self.parts.push(Part::Paragraph(clean(text.as_ref())));
        self
    }

    /// Adds an `http` or `https` link, with a label that says what it does.
    #[must_use]
    pub fn link(mut self, label: impl AsRef<str>, url: impl AsRef<str>) -> Self {
        let url = url.as_ref().chars().filter(|character| !is_break(*character)).collect();
        self.parts.push(Part::Link { label: clean(label.as_ref()), url });
        self
    }

    /// Adds a link to a page of the server, by its path. Whoever sends the letter knows the
    /// server's URL: see [`Self::at`].
    #[must_use]
    pub fn page(mut self, label: impl AsRef<str>, path: impl Into<String>) -> Self {
        self.parts.push(Part::Page { label: clean(label.as_ref()), path: path.into() });
        self
    }

    /// Returns the letter of a server with this public URL: its pages are links. Without a URL
    /// they are left out.
    #[must_use]
    pub fn at(&self, public_url: Option<&str>) -> Self {
        let link = |part: &Part| match (part, public_url) {
            (Part::Page { label, path }, Some(base)) => {
                Some(Part::Link { label: label.clone(), url: format!("{base}{path}") })
            }
            (Part::Page { .. }, None) => None,
            (other, _) => Some(other.clone()),
        };
        Self { subject: self.subject.clone(), parts: self.parts.iter().filter_map(link).collect() }
    }

    /// Returns the subject, a single line.
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// Renders the letter as plain text.
    pub fn text(&self) -> String {
        let mut text = format!("{PRODUCT}\n\n");
        for part in &self.parts {
            match part {
                Part::Paragraph(paragraph) => text.push_str(paragraph),
                Part::Link { label, url } => {
                    text.push_str(label);
                    text.push_str(":\n");
                    text.push_str(url);
                }
                Part::Page { label, .. } => text.push_str(label),
            }
            text.push_str("\n\n");
        }
        text.push_str("-- \n");
        text.push_str(&foot());
        text.push('\n');
        text
    }

    /// Renders the letter as an HTML document, which loads no external resources. Styles stand at
    /// each element, because many mail programs ignore style sheets.
    pub fn html(&self) -> String {
        let html = html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    meta charset="utf-8";
                    title { (self.subject) }
                }
                body style="margin:0;padding:24px;background:#f4f4f7;color:#222;font:16px/1.5 sans-serif" {
                    div style="max-width:560px;margin:0 auto;padding:24px;background:#fff;border-radius:8px" {
                        p style="margin:0 0 24px;font-weight:bold;color:#4000bf" { (PRODUCT) }
                        @for part in &self.parts {
                            p style="margin:0 0 16px" { (part.html()) }
                        }
                        p style="margin:24px 0 0;font-size:13px;color:#666" { (foot()) }
                    }
                }
            }
        };
        html.into_string()
    }
}

impl Part {
    /// Renders the inside of the part's paragraph. The address is shown as well as the link, because
    /// not every mail program makes links clickable, and so that readers can see where it leads.
    fn html(&self) -> Markup {
        match self {
            Self::Paragraph(text) => lines(text),
            Self::Link { label, url } if is_web_address(url) => html! {
                a href=(url) style="display:inline-block;padding:10px 18px;background:#4000bf;color:#fff;text-decoration:none;border-radius:4px" { (label) }
                " "
                span style="font-size:13px;color:#666;word-break:break-all" { (url) }
            },
            Self::Link { label, url } => html! { (label) ": " (url) },
            Self::Page { label, .. } => lines(label),
        }
    }
}

fn is_web_address(url: &str) -> bool {
    url.starts_with("https://") || url.starts_with("http://")
}

fn lines(text: &str) -> Markup {
    html! {
        @for (index, line) in text.split('\n').enumerate() {
            @if index > 0 { br; }
            (line)
        }
    }
}

fn foot() -> String {
    format!("{PRODUCT} sent this mail by itself. Answers to it are not read.")
}

/// Returns `true` for line separators and control characters.
fn is_break(character: char) -> bool {
    character.is_control() || matches!(character, '\u{2028}' | '\u{2029}')
}

/// Removes control characters except line breaks.
fn clean(text: &str) -> String {
    text.chars().filter(|character| *character == '\n' || !is_break(*character)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letter() -> Letter {
        Letter::new("Join \"Cargo\"")
            .paragraph("Olive invites you.\nIt ends in 30 days.")
            .link("Accept the invitation", "https://insomnia.example/accept?a=1&b=2")
            .paragraph("Bye")
    }

    #[test]
    fn the_text_has_everything_in_order_between_the_products_names() {
        assert_eq!(
            letter().text(),
            "Insomnia Enterprise\n\nOlive invites you.\nIt ends in 30 days.\n\n\
             Accept the invitation:\nhttps://insomnia.example/accept?a=1&b=2\n\nBye\n\n\
             -- \nInsomnia Enterprise sent this mail by itself. Answers to it are not read.\n"
        );
    }

    #[test]
    fn the_html_has_the_same_with_a_link_to_click() {
        let html = letter().html();
        assert!(html.contains("<title>Join &quot;Cargo&quot;</title>"), "{html}");
        assert!(html.contains("Olive invites you.<br>It ends in 30 days."), "{html}");
        assert!(html.contains("<a href=\"https://insomnia.example/accept?a=1&amp;b=2\""), "{html}");
        assert_eq!(html.matches("Insomnia Enterprise").count(), 2);
    }

    #[test]
    fn a_page_is_a_link_once_the_server_is_known() {
        let letter = Letter::new("Ends").page("Plan & billing", "/app/billing");
        let text = letter.at(Some("https://insomnia.example/scim")).text();
        assert!(
            text.contains("Plan & billing:\nhttps://insomnia.example/scim/app/billing\n"),
            "{text}"
        );
        assert!(!letter.at(None).text().contains("billing"));
    }

    #[test]
    fn a_subject_is_one_line_whatever_is_in_a_name() {
        let letter = Letter::new("Hello\r\nBcc: everybody@kong.example\u{2028}x\0 ");
        assert_eq!(letter.subject(), "Hello  Bcc: everybody@kong.example x");
        assert_eq!(Letter::new("é".repeat(1000)).subject().chars().count(), LONGEST_SUBJECT);
    }

    #[test]
    fn nothing_that_others_wrote_is_taken_for_html() {
        let html = Letter::new("<b>")
            .paragraph("<script>alert('1')</script>\0")
            .link("\"><img src=x>", "https://x/\"><img src=x>")
            .link("run", "javascript:alert(1)")
            .html();
        for wrong in ["<script", "<img", "<b>", "href=\"javascript", "\0"] {
            assert!(!html.contains(wrong), "{wrong} in {html}");
        }
        assert!(html.contains("run: javascript:alert(1)"), "shown, but not to be clicked");
    }
}
