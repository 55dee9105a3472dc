//! A browser: it keeps cookies, does not send them with what other sites' pages post, and does not
//! follow redirects unless told.

use reqwest::Method;
use reqwest::header::{COOKIE, LOCATION, SET_COOKIE};

use crate::support::Form;

/// See above.
#[derive(Clone)]
pub struct Browser {
    http: reqwest::Client,
    cookies: Vec<(String, String)>,
}

/// What a browser got.
#[derive(Debug)]
pub struct Seen {
    pub status: u16,
    /// Where it is sent on.
    pub location: String,
    pub page: String,
    /// The content security policy.
    pub policy: String,
}

impl Seen {
    /// Checks the status.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.page);
        self
    }

    /// Checks that a page with this text says that nobody was signed in.
    #[track_caller]
    pub fn refused(&self, status: u16, text: &str) {
        assert_eq!(self.status, status, "{}", self.page);
        assert!(self.page.contains("<h1>Not signed in</h1>"), "{}", self.page);
        assert!(self.page.contains(text), "{} does not say {text}", self.page);
    }
}

impl Browser {
    pub fn new() -> Self {
        let policy = reqwest::redirect::Policy::none();
        let http = reqwest::Client::builder().redirect(policy).build().unwrap();
        Self { http, cookies: Vec::new() }
    }

    /// The value of a cookie.
    pub fn cookie(&self, name: &str) -> Option<&str> {
        self.cookies.iter().find(|(own, _)| own == name).map(|(_, value)| &**value)
    }

    /// Whether it has a session.
    pub fn is_signed_in(&self) -> bool {
        self.cookie("insomnia_session").is_some()
    }

    /// Opens an address, as by a link.
    pub async fn open(&mut self, url: &str) -> Seen {
        self.send(Method::GET, url, None, true).await
    }

    /// Posts the form of another site's page.
    pub async fn post_from_elsewhere(&mut self, form: &Form) -> Seen {
        self.send(Method::POST, &form.action, Some(form.body()), false).await
    }

    /// Posts the form of a page of our server.
    pub async fn post_from_here(&mut self, form: &Form) -> Seen {
        self.send(Method::POST, &form.action, Some(form.body()), true).await
    }

    /// Posts an identity provider's answer, and what our page makes of it.
    pub async fn answer(&mut self, form: &Form) -> Seen {
        let seen = self.post_from_elsewhere(form).await;
        if !seen.page.contains("name=\"again\"") {
            return seen;
        }
        assert_eq!(seen.status, 200);
        assert!(seen.policy.contains("script-src 'sha256-"), "{}", seen.policy);
        self.post_from_here(&Form::in_page(&seen.page)).await
    }

    async fn send(
        &mut self,
        method: Method,
        url: &str,
        form: Option<String>,
        with_cookies: bool,
    ) -> Seen {
        let mut request = self.http.request(method, url);
        if with_cookies && !self.cookies.is_empty() {
            let pairs: Vec<String> =
                self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            request = request.header(COOKIE, pairs.join("; "));
        }
        if let Some(form) = form {
            request =
                request.header("content-type", "application/x-www-form-urlencoded").body(form);
        }
        let response = request.send().await.unwrap();
        let headers = response.headers().clone();
        for cookie in headers.get_all(SET_COOKIE) {
            let cookie = cookie.to_str().unwrap();
            assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
            let (name, value) = cookie.split(';').next().unwrap().split_once('=').unwrap();
            self.cookies.retain(|(own, _)| own != name);
            self.cookies.push((name.to_owned(), value.to_owned()));
        }
        let header =
            |name| headers.get(name).map_or("", |value| value.to_str().unwrap()).to_owned();
        Seen {
            status: response.status().as_u16(),
            location: header(LOCATION.as_str()),
            policy: header("content-security-policy"),
            page: response.text().await.unwrap(),
        }
    }
}
