//! Teams, members, co-owners and licenses.

mod co_owners;
mod licenses;
mod members;
mod teams;

use crate::support::{App, Browser, Visit};

/// Somebody in front of the console, signed in.
pub struct Visitor {
    browser: Browser,
    url: String,
}

impl Visitor {
    /// Signs a person in by the link of a mail.
    pub async fn signed_in(app: &App, email: &str) -> Self {
        let link = app.sign_in_link(email).await;
        let mut browser = Browser::new();
        let page = format!("{}/sign-in/{link}", app.url);
        browser.submit(&page, &app.url, &[]).await;
        assert!(browser.cookie(&app.url, "insomnia_session").is_some(), "{email} is not signed in");
        Self { browser, url: app.url.clone() }
    }

    /// Opens a page below `/app/enterprise`.
    pub async fn open(&mut self, path: &str) -> Visit {
        let url = format!("{}/app/enterprise{path}", self.url);
        self.browser.get(&url).await
    }

    /// Opens a page that is there, and gives its text.
    #[track_caller]
    pub fn page(&mut self, path: &str) -> impl Future<Output = String> {
        let path = path.to_owned();
        async move { self.open(&path).await.page(200) }
    }

    /// Sends a form to a page below `/app/enterprise`.
    pub async fn send(&mut self, path: &str, fields: &[(&str, &str)]) -> Visit {
        let url = format!("{}/app/enterprise{path}", self.url);
        let origin = self.url.clone();
        self.browser.submit(&url, &origin, fields).await
    }

    /// Sends a form that is accepted, and gives the page that it leads to.
    pub async fn done(&mut self, path: &str, fields: &[(&str, &str)]) -> String {
        let target = self.send(path, fields).await.leads_to();
        self.browser.get(&target).await.page(200)
    }
}

/// Checks that a page says all of these.
#[track_caller]
pub fn says(page: &str, all: &[&str]) {
    let text = text_of(page);
    for one in all {
        assert!(text.contains(one), "not said: {one}\n{text}");
    }
}

/// Checks that a page says none of these.
#[track_caller]
pub fn says_not(page: &str, none: &[&str]) {
    let text = text_of(page);
    for one in none {
        assert!(!text.contains(one), "said: {one}\n{text}");
    }
}

/// What a page says: its main part without the marks of HTML, with single blanks.
fn text_of(page: &str) -> String {
    let (_, main) = page.split_once("<main").unwrap_or(("", page));
    let mut text = String::new();
    let mut is_mark = true;
    for letter in main.chars() {
        match letter {
            '<' => is_mark = true,
            '>' => {
                is_mark = false;
                text.push(' ');
            }
            letter if !is_mark => text.push(letter),
            _ => {}
        }
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ").replace(" .", ".").replace(" ,", ",")
}

/// Checks that a refusal stands at a field.
#[track_caller]
pub fn refuses_at(page: &str, field: &str, text: &str) {
    let place = format!("id=\"field-{field}-told\" role=\"alert\">");
    let (_, told) = page.split_once(&place).unwrap_or_else(|| panic!("nothing at {field}: {page}"));
    let told = told.split('<').next().unwrap();
    assert!(told.contains(text), "{field}: {told}");
}
