//! Names and attributes of browsers' cookies.

use actix_web::HttpRequest;
use actix_web::http::header::COOKIE;

use crate::enterprise::sso::SESSION_LASTS;

/// The cookies that the server sets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cookie {
    /// The secret of a session.
    Session,
    /// The secret that ties a sign-in to the browser that began it.
    Browser,
    /// What stands for the operator's token.
    Operator,
}

impl Cookie {
    /// Returns the name. With the prefix `__Host-` a browser accepts the cookie only over TLS, from
    /// exactly this host and for all of its paths (RFC 6265bis, section 4.1.3.2), so that no other
    /// host of the domain can set it. Without TLS, on a loopback address, browsers would refuse
    /// that prefix.
    const fn name(self, is_secure: bool) -> &'static str {
        match (self, is_secure) {
            (Self::Session, true) => "__Host-insomnia_session",
            (Self::Session, false) => "insomnia_session",
            (Self::Browser, true) => "__Host-insomnia_sso",
            (Self::Browser, false) => "insomnia_sso",
            (Self::Operator, true) => "__Host-insomnia_operator",
            (Self::Operator, false) => "insomnia_operator",
        }
    }

    /// Returns the cookie's value in a request to the server with this public URL.
    pub fn read<'a>(self, request: &'a HttpRequest, public_url: &str) -> Option<&'a str> {
        let name = self.name(is_secure(public_url));
        request
            .headers()
            .get_all(COOKIE)
            .filter_map(|header| header.to_str().ok())
            .flat_map(|header| header.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .find(|(found, _)| *found == name)
            .map(|(_, value)| value)
    }

    /// Returns the `Set-Cookie` header for a cookie with this lifetime. Scripts cannot read the
    /// cookie, and requests from other sites do not carry it, except for links to this server.
    pub fn set(self, value: &str, seconds: i64, public_url: &str) -> String {
        let is_secure = is_secure(public_url);
        let name = self.name(is_secure);
        let secure = if is_secure { "; Secure" } else { "" };
        format!("{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}")
    }
}

/// Returns the cookie that holds the operator's pass until the browser is closed. Other sites' links do
/// not carry it.
pub fn keep_operator(pass: &str, public_url: &str) -> String {
    let is_secure = is_secure(public_url);
    let (name, secure) =
        (Cookie::Operator.name(is_secure), if is_secure { "; Secure" } else { "" });
    format!("{name}={pass}; Path=/; HttpOnly; SameSite=Strict{secure}")
}

/// Returns the cookie that removes the operator's pass from the browser.
pub fn forget_operator(public_url: &str) -> String {
    Cookie::Operator.set("", 0, public_url)
}

fn is_secure(public_url: &str) -> bool {
    public_url.starts_with("https://")
}

/// Returns the cookie that holds a session.
pub fn keep_session(secret: &str, public_url: &str) -> String {
    Cookie::Session.set(secret, SESSION_LASTS / 1000, public_url)
}

/// Returns the cookie that removes a session from the browser.
pub fn forget_session(public_url: &str) -> String {
    Cookie::Session.set("", 0, public_url)
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    const TLS: &str = "https://scim.example/base";
    const PLAIN: &str = "http://127.0.0.1:1";

    #[test]
    fn a_cookie_is_found_among_others_and_only_by_the_name_that_is_kept() {
        let sent =
            "a=1; insomnia_session=plain; __Host-insomnia_session=secret; insomnia_session_x=y";
        let request = TestRequest::default().insert_header((COOKIE, sent)).to_http_request();
        assert_eq!(Cookie::Session.read(&request, TLS), Some("secret"));
        assert_eq!(Cookie::Session.read(&request, PLAIN), Some("plain"));
        assert_eq!(Cookie::Browser.read(&request, TLS), None);
        let planted = TestRequest::default().insert_header((COOKIE, "insomnia_session=planted"));
        assert_eq!(Cookie::Session.read(&planted.to_http_request(), TLS), None);
    }

    #[test]
    fn cookies_are_bound_to_the_host_where_there_is_tls() {
        assert_eq!(
            keep_session("x", PLAIN),
            "insomnia_session=x; Path=/; Max-Age=43200; HttpOnly; SameSite=Lax"
        );
        assert_eq!(
            keep_operator("x", PLAIN),
            "insomnia_operator=x; Path=/; HttpOnly; SameSite=Strict"
        );
        for set in [
            keep_session("x", TLS),
            forget_session(TLS),
            Cookie::Browser.set("x", 9, TLS),
            keep_operator("x", TLS),
            forget_operator(TLS),
        ] {
            assert!(set.starts_with("__Host-insomnia_"), "{set}");
            assert!(set.contains("; Path=/;") && set.ends_with("; Secure"), "{set}");
            assert!(!set.contains("Domain"), "{set}");
        }
    }
}
