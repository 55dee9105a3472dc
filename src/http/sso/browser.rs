//! Browsers: their cookies, and whether a request comes from a page of this server.

use actix_web::HttpRequest;
use actix_web::http::Method;
use actix_web::http::header::{COOKIE, ORIGIN};

use crate::enterprise::sso::{LOGIN_LASTS, SESSION_LASTS};
use crate::enterprise::token::{self, NoRandomness};

/// Holds the secret of a session.
pub const SESSION_COOKIE: &str = "insomnia_session";
/// Holds the secret that ties a sign-in to the browser that began it.
const BROWSER_COOKIE: &str = "insomnia_sso";

/// The value of a cookie.
pub fn cookie<'a>(request: &'a HttpRequest, name: &str) -> Option<&'a str> {
    request
        .headers()
        .get_all(COOKIE)
        .filter_map(|header| header.to_str().ok())
        .flat_map(|header| header.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(found, _)| *found == name)
        .map(|(_, value)| value)
}

/// A browser that begins a sign-in, or comes back from one.
pub struct Browser {
    /// Its secret.
    pub secret: String,
}

impl Browser {
    /// The browser that sent this, with a secret of its own from now on.
    ///
    /// # Errors
    /// [`NoRandomness`].
    pub fn begin(request: &HttpRequest) -> Result<Self, NoRandomness> {
        match Self::back(request) {
            Some(browser) => Ok(browser),
            None => Ok(Self { secret: token::generate("")? }),
        }
    }

    /// The browser that sent this, if it has begun a sign-in.
    pub fn back(request: &HttpRequest) -> Option<Self> {
        let is_secret = |value: &&str| {
            value.len() == 43
                && value
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
        };
        let secret = cookie(request, BROWSER_COOKIE).filter(is_secret)?.to_owned();
        Some(Self { secret })
    }

    /// The cookie that keeps the secret as long as a sign-in may take.
    pub fn keep(&self, public_url: &str) -> String {
        set(BROWSER_COOKIE, &self.secret, "/sso", LOGIN_LASTS / 1000, public_url)
    }
}

/// The cookie that keeps a session.
pub fn keep_session(secret: &str, public_url: &str) -> String {
    set(SESSION_COOKIE, secret, "/", SESSION_LASTS / 1000, public_url)
}

/// The cookie that ends one.
pub fn forget_session(public_url: &str) -> String {
    set(SESSION_COOKIE, "", "/", 0, public_url)
}

/// Kept from scripts and from requests that other sites send, except that links lead here. A server
/// below a path of its host has cookies for the whole host: its paths begin with it.
fn set(name: &str, value: &str, path: &str, seconds: i64, public_url: &str) -> String {
    let secure = if public_url.starts_with("https://") { "; Secure" } else { "" };
    let path = if path_of(public_url).is_empty() { path } else { "/" };
    format!("{name}={value}; Path={path}; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}")
}

/// Whether a request that a browser sends with its cookies, and that changes something, comes from
/// a page of this server. A browser says so in one of two headers; without them nobody knows.
pub fn is_from_here(request: &HttpRequest, public_url: &str) -> bool {
    if matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS) {
        return true;
    }
    origin(request, public_url) == Some(true)
}

/// Whether a browser says that another site's page sent this. Programs say nothing of the kind.
pub fn is_from_elsewhere(request: &HttpRequest, public_url: &str) -> bool {
    origin(request, public_url) == Some(false)
}

/// Whether a request comes from a page of this server; `None` where it does not say.
fn origin(request: &HttpRequest, public_url: &str) -> Option<bool> {
    let headers = request.headers();
    if let Some(origin) = headers.get(ORIGIN) {
        let own = origin_of(public_url);
        return Some(origin.to_str().is_ok_and(|origin| origin.eq_ignore_ascii_case(own)));
    }
    match headers.get("sec-fetch-site")?.as_bytes() {
        b"same-origin" => Some(true),
        // Typed in, or opened from a bookmark: no page sent it.
        b"none" => None,
        _ => Some(false),
    }
}

/// Scheme, host and port of a URL.
pub fn origin_of(url: &str) -> &str {
    &url[..url.len() - path_of(url).len()]
}

/// What follows them.
fn path_of(url: &str) -> &str {
    let host = url.find("://").map_or(0, |position| position + 3);
    let end = url[host..].find('/').map_or(url.len(), |position| host + position);
    &url[end..]
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn a_cookie_is_found_among_others() {
        let request = TestRequest::default()
            .insert_header((COOKIE, "a=1; insomnia_session=secret; insomnia_session_x=other"))
            .to_http_request();
        assert_eq!(cookie(&request, SESSION_COOKIE), Some("secret"));
        assert_eq!(cookie(&request, "b"), None);
    }

    #[test]
    fn cookies_are_secure_where_the_server_is() {
        let plain = keep_session("x", "http://127.0.0.1:1");
        assert_eq!(plain, "insomnia_session=x; Path=/; Max-Age=43200; HttpOnly; SameSite=Lax");
        assert!(keep_session("x", "https://scim.example").ends_with("; Secure"));
        let browser = Browser { secret: "s".to_owned() };
        assert!(browser.keep("https://scim.example").contains("; Path=/sso;"));
        assert!(browser.keep("https://host.example/scim").contains("; Path=/;"));
    }

    #[test]
    fn only_pages_of_this_server_change_something_with_a_cookie() {
        let post = |name: &'static str, value: &'static str| {
            TestRequest::post().insert_header((name, value)).to_http_request()
        };
        let here = |request: &HttpRequest| is_from_here(request, "https://scim.example/base");
        assert!(here(&post("origin", "https://scim.example")));
        assert!(here(&post("sec-fetch-site", "same-origin")));
        assert!(!here(&post("origin", "https://evil.example")));
        assert!(!here(&post("origin", "https://scim.example.evil.example")));
        assert!(!here(&post("origin", "http://scim.example")));
        assert!(!here(&post("origin", "null")));
        assert!(!here(&post("sec-fetch-site", "same-site")));
        assert!(!here(&post("sec-fetch-site", "cross-site")));
        assert!(!here(&TestRequest::post().to_http_request()));
        let elsewhere =
            |request: &HttpRequest| is_from_elsewhere(request, "https://scim.example/base");
        assert!(elsewhere(&post("origin", "https://evil.example")));
        assert!(elsewhere(&post("origin", "null")));
        assert!(elsewhere(&post("sec-fetch-site", "same-site")));
        assert!(!elsewhere(&post("origin", "https://scim.example")));
        assert!(!elsewhere(&TestRequest::post().to_http_request()));
        assert!(here(&TestRequest::get().to_http_request()));
    }
}
