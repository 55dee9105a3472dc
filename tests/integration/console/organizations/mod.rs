//! Organizations, inviting, and offers.

mod advanced;
mod collaborators;
mod inviting;
mod lists;
mod settings;

use crate::support::{Account, App, Browser, Visit, text};

const OWNER: &str = "owner@kongair.example";
const DAY: i64 = 24 * 60 * 60 * 1000;
/// The path of the organizations.
const ALL: &str = "/app/dashboard/organizations";

/// Somebody in front of the console, signed in.
struct Visitor {
    browser: Browser,
    url: String,
}

impl Visitor {
    async fn signed_in(app: &App, email: &str) -> Self {
        let link = format!("{}/sign-in/{}", app.url, app.sign_in_link(email).await);
        let mut browser = Browser::new();
        browser.submit(&link, &app.url, &[]).await;
        assert!(browser.cookie(&app.url, "insomnia_session").is_some(), "{email} is not signed in");
        Self { browser, url: app.url.clone() }
    }

    /// Opens a page.
    async fn open(&mut self, path: &str) -> Visit {
        self.browser.get(&format!("{}{path}", self.url)).await
    }

    /// Opens a page that is there, and gives its text.
    async fn page(&mut self, path: &str) -> String {
        self.open(path).await.page(200)
    }

    /// Sends a form.
    async fn send(&mut self, path: &str, fields: &[(&str, &str)]) -> Visit {
        let origin = self.url.clone();
        self.browser.submit(&format!("{}{path}", self.url), &origin, fields).await
    }

    /// Sends a form that leads to a page, and gives that page and its path.
    async fn done(&mut self, path: &str, fields: &[(&str, &str)]) -> (String, String) {
        let target = self.send(path, fields).await.leads_to();
        let page = self.browser.get(&target).await.page(200);
        (page, target.strip_prefix(&self.url).unwrap().split('?').next().unwrap().to_owned())
    }
}

/// Checks that a page says all of these.
#[track_caller]
fn says(page: &str, all: &[&str]) {
    let words = words_of(page);
    for one in all {
        assert!(words.contains(one), "not said: {one}\n{words}");
    }
}

/// Checks that a page says none of these.
#[track_caller]
fn says_not(page: &str, none: &[&str]) {
    let words = words_of(page);
    for one in none {
        assert!(!words.contains(one), "said: {one}\n{words}");
    }
}

/// Checks that a refusal stands at a field.
#[track_caller]
fn refuses(page: &str, field: &str, said: &str) {
    let place = format!("id=\"field-{field}-told\" role=\"alert\">");
    let (_, rest) = page.split_once(&place).unwrap_or_else(|| panic!("no refusal: {page}"));
    let told = unescaped(rest.split('<').next().unwrap());
    assert!(told.contains(said), "{told}");
}

/// The main part of a page without the marks of HTML, with single blanks.
fn words_of(page: &str) -> String {
    let (_, main) = page.split_once("<main").unwrap_or(("", page));
    let mut words = String::new();
    let mut is_mark = true;
    for letter in main.chars() {
        match letter {
            '<' => is_mark = true,
            '>' => {
                is_mark = false;
                words.push(' ');
            }
            letter if !is_mark => words.push(letter),
            _ => {}
        }
    }
    let words: Vec<&str> = words.split_whitespace().collect();
    unescaped(&words.join(" ").replace(" .", ".").replace(" ,", ","))
}

fn unescaped(text: &str) -> String {
    text.replace("&quot;", "\"").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

/// What a field that takes several addresses holds.
fn typed(page: &str) -> Vec<String> {
    let (_, rest) = page.split_once("name=\"emails\"").unwrap();
    let (_, rest) = rest.split_once('>').unwrap();
    rest.split('<').next().unwrap().split_whitespace().map(str::to_owned).collect()
}

/// The id of the organization that the account has from the beginning.
async fn first(account: &Account) -> String {
    text(&account.admin.items("/organizations").await[0], "id")
}
