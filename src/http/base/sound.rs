//! Checks that come before any handler: the length and the percent-encoding of the request target,
//! and the `Content-Encoding` of the body.

use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::http::header::{
    ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_LENGTH, HeaderMap, HeaderValue, TRANSFER_ENCODING,
};
use actix_web::middleware::Next;
use actix_web::{Error, ResponseError};

use crate::http::base::problem::Problem;

/// The maximum length of a request target, in bytes: path and query (RFC 9110 §15.5.15).
pub const LONGEST_TARGET: usize = 8 * 1024;

/// The supported content codings, for the `Accept-Encoding` of a 415 (RFC 7694 §3). Compressed
/// bodies are refused because they could expand to any size, and identity providers do not
/// compress.
pub const CODINGS: HeaderValue = HeaderValue::from_static("identity");

/// A flaw of a request, for which it is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flaw {
    /// The HTTP status of the answer.
    pub status: u16,
    /// What is wrong, and what to do about it.
    pub detail: String,
}

/// Returns the flaw of a request target, if it has one.
pub fn flaw_of_target(target: &str) -> Option<Flaw> {
    if target.len() > LONGEST_TARGET {
        return Some(too_long(target.len()));
    }
    if !target.contains('%') {
        return None;
    }
    let mut decoded = Vec::with_capacity(target.len());
    let mut bytes = target.bytes().enumerate();
    while let Some((position, byte)) = bytes.next() {
        if byte != b'%' {
            decoded.push(byte);
            continue;
        }
        let code = target.get(position + 1..position + 3);
        let code = code.filter(|code| code.bytes().all(|byte| byte.is_ascii_hexdigit()));
        let Some(byte) = code.and_then(|code| u8::from_str_radix(code, 16).ok()) else {
            return Some(Flaw {
                status: 400,
                detail: format!(
                    "The URL is not well formed at byte {position}: % must be followed by two \
                     hexadecimal digits. Percent-encode a literal % as %25."
                ),
            });
        };
        decoded.push(byte);
        bytes.nth(1);
    }
    std::str::from_utf8(&decoded).err().map(|error| Flaw {
        status: 400,
        detail: format!(
            "The URL is not well formed: decoded, it is not UTF-8 from byte {} on. Encode text as \
             UTF-8 before percent-encoding it.",
            error.valid_up_to()
        ),
    })
}

/// Returns the flaw of a target of this length.
pub fn too_long(length: usize) -> Flaw {
    Flaw {
        status: 414,
        detail: format!(
            "The URL's path and query have {length} bytes; {LONGEST_TARGET} are allowed. Send a \
             long query as the body of a POST to /.search, or in several requests."
        ),
    }
}

/// Returns `true` if the body has an unsupported content coding (RFC 9110 §8.4).
pub fn is_coded(headers: &HeaderMap) -> bool {
    headers.get_all(CONTENT_ENCODING).any(|value| {
        let codings = value.to_str().unwrap_or("?");
        codings.split(',').any(|coding| {
            let coding = coding.trim();
            !coding.is_empty() && !coding.eq_ignore_ascii_case("identity")
        })
    })
}

/// The error detail for an unsupported content coding.
pub const CODED: &str = "The body's Content-Encoding is not supported. Send the body as it is, \
                         without Content-Encoding.";

/// Refuses flawed requests, except for SCIM requests, which the SCIM endpoints refuse in the form
/// of the protocol.
pub async fn check<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    if request.path().starts_with("/scim/v2/") {
        return Ok(next.call(request).await?.map_into_left_body());
    }
    let target = request.head().uri.path_and_query().map_or("", |target| target.as_str());
    // Only the API's queries are checked: identity providers append values of their own to the URLs
    // that browsers bring back from a sign-in.
    let is_ours = request.path().starts_with("/api/");
    let flaw = flaw_of_target(target).filter(|flaw| is_ours || flaw.status == 414);
    if let Some(Flaw { status, detail }) = flaw {
        let kind = if status == 414 { "too-long" } else { "bad-request" };
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST);
        let refusal = Problem::new(status, kind, detail).error_response();
        return Ok(request.into_response(refusal).map_into_right_body());
    }
    if has_content(request.headers()) && is_coded(request.headers()) {
        let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
        let mut refusal = Problem::new(status, "content-coding", CODED).error_response();
        refusal.headers_mut().insert(ACCEPT_ENCODING, CODINGS);
        return Ok(request.into_response(refusal).map_into_right_body());
    }
    Ok(next.call(request).await?.map_into_left_body())
}

fn has_content(headers: &HeaderMap) -> bool {
    headers.contains_key(TRANSFER_ENCODING)
        || headers.get(CONTENT_LENGTH).is_some_and(|length| length != "0")
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn a_target_is_percent_encoded_utf_8_of_bounded_length() {
        for target in ["/Users", "/Users?filter=a%20eq%20%22%C3%A9%22&x=%25", "/%00", ""] {
            assert_eq!(flaw_of_target(target), None, "{target}");
        }
        for target in ["/%", "/a?b=%2", "/a?b=%zz", "/a?b=100%&c", "/%%41", "/%+1", "/%é0"] {
            let flaw = flaw_of_target(target).unwrap();
            assert!(flaw.status == 400 && flaw.detail.contains("%25"), "{target} {flaw:?}");
        }
        for target in ["/%ff", "/?a=%c3%28", "/?a=%c3&%a9", "/?a=%ed%a0%80"] {
            let flaw = flaw_of_target(target).unwrap();
            assert!(flaw.status == 400 && flaw.detail.contains("UTF-8"), "{target} {flaw:?}");
        }
        let long = "/".repeat(LONGEST_TARGET);
        assert_eq!(flaw_of_target(&long), None);
        assert_eq!(flaw_of_target(&(long + "/")).map(|flaw| flaw.status), Some(414));
    }

    #[test]
    fn only_content_as_it_is_is_understood() {
        let coded = |codings: &[&str]| {
            let mut request = TestRequest::post();
            for coding in codings {
                request = request.append_header((CONTENT_ENCODING, *coding));
            }
            is_coded(request.to_http_request().headers())
        };
        for codings in [&[][..], &["identity"], &["identity, identity"], &[""]] {
            assert!(!coded(codings), "{codings:?}");
        }
        for codings in [&["gzip"][..], &["identity, br"], &["identity", "deflate"], &["x"]] {
            assert!(coded(codings), "{codings:?}");
        }
    }
}
