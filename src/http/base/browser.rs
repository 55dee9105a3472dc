//! Browsers: the cookie that ties a sign-in to one browser, and the check that a request comes from
//! a page of this server.

use actix_web::HttpRequest;
use actix_web::http::Method;
use actix_web::http::header::ORIGIN;

use crate::enterprise::sso::LOGIN_LASTS;
use crate::enterprise::token::{self, NoRandomness};
use crate::http::base::cookies::Cookie;

/// A browser that starts a sign-in or returns from one.
pub struct Browser {
    /// The secret in the browser's cookie.
    pub secret: String,
}

impl Browser {
    /// Gives the browser that sent this request a new secret.
    pub fn begin(request: &HttpRequest, public_url: &str) -> Result<Self, NoRandomness> {
        match Self::back(request, public_url) {
            Some(browser) => Ok(browser),
            None => Ok(Self { secret: token::generate("")? }),
        }
    }

    /// Returns the browser that sent this request, if it has started a sign-in.
    pub fn back(request: &HttpRequest, public_url: &str) -> Option<Self> {
        let is_secret = |value: &&str| {
            value.len() == 43
                && value
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
        };
        let secret = Cookie::Browser.read(request, public_url).filter(is_secret)?.to_owned();
        Some(Self { secret })
    }

    /// Returns the cookie with the secret, which lasts as long as a sign-in may take.
    pub fn keep(&self, public_url: &str) -> String {
        Cookie::Browser.set(&self.secret, LOGIN_LASTS / 1000, public_url)
    }
}

/// Returns `true` if a request with a browser's cookies may change something: it comes from a page
/// of this server. A browser says so in `Origin` or `Sec-Fetch-Site`; without either header it is
/// refused. Reading is always allowed.
pub fn is_from_here(request: &HttpRequest, public_url: &str) -> bool {
    if matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS) {
        return true;
    }
    origin(request, public_url) == Some(true)
}

/// Returns `true` if a browser says that a page of another site sent this request. Other programs
/// send neither header.
pub fn is_from_elsewhere(request: &HttpRequest, public_url: &str) -> bool {
    origin(request, public_url) == Some(false)
}

/// Returns whether a request comes from a page of this server; `None` if the headers do not say.
fn origin(request: &HttpRequest, public_url: &str) -> Option<bool> {
    let headers = request.headers();
    if let Some(origin) = headers.get(ORIGIN) {
        let own = origin_of(public_url);
        return Some(origin.to_str().is_ok_and(|origin| origin.eq_ignore_ascii_case(own)));
    }
    match headers.get("sec-fetch-site")?.as_bytes() {
        b"same-origin" => Some(true),
        // The URL was typed in or opened from a bookmark: no page sent the request.
        b"none" => None,
        _ => Some(false),
    }
}

/// Returns the origin of a URL: scheme, host and port.
pub fn origin_of(url: &str) -> &str {
    &url[..url.len() - path_of(url).len()]
}

/// Returns the part of a URL after the origin.
pub fn path_of(url: &str) -> &str {
    let host = url.find("://").map_or(0, |position| position + 3);
    let end = url[host..].find('/').map_or(url.len(), |position| host + position);
    &url[end..]
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

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
