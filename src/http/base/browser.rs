//! Browsers: what ties a sign-in to one, and whether a request comes from a page of this server.

use actix_web::HttpRequest;
use actix_web::http::Method;
use actix_web::http::header::ORIGIN;

use crate::enterprise::sso::LOGIN_LASTS;
use crate::enterprise::token::{self, NoRandomness};
use crate::http::base::cookies::Cookie;

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
    pub fn begin(request: &HttpRequest, public_url: &str) -> Result<Self, NoRandomness> {
        match Self::back(request, public_url) {
            Some(browser) => Ok(browser),
            None => Ok(Self { secret: token::generate("")? }),
        }
    }

    /// The browser that sent this, if it has begun a sign-in.
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

    /// The cookie that keeps the secret as long as a sign-in may take.
    pub fn keep(&self, public_url: &str) -> String {
        Cookie::Browser.set(&self.secret, LOGIN_LASTS / 1000, public_url)
    }
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
