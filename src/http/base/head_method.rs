//! HEAD for every GET (RFC 9110 §9.1, §9.3.2): the same handler serves it, and the answer keeps its
//! headers and loses its content. Done here for all routes at once, so that no route can lack it.

use actix_web::body::{self, BodySize, BodyStream, BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{ALLOW, CONTENT_LENGTH, HeaderValue};
use actix_web::middleware::Next;
use actix_web::web::Bytes;
use actix_web::{Error, HttpMessage, HttpRequest};
use futures_util::stream;

/// Marks a request that was sent as HEAD.
#[derive(Clone, Copy)]
struct IsHead;

/// Returns the method that the client sent.
pub fn method_of(request: &HttpRequest) -> Method {
    match request.extensions().get::<IsHead>() {
        Some(IsHead) => Method::HEAD,
        None => request.method().clone(),
    }
}

/// Serves HEAD as GET and drops the content.
pub async fn answer(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let is_head = request.method() == Method::HEAD;
    if is_head {
        request.head_mut().method = Method::GET;
        request.extensions_mut().insert(IsHead);
    }
    let mut response = next.call(request).await?.map_into_boxed_body();
    allow_head(&mut response);
    Ok(if is_head { without_content(response) } else { response })
}

/// Adds HEAD to an `Allow` header that has GET.
fn allow_head(response: &mut ServiceResponse<BoxBody>) {
    let Some(methods) = response.headers().get(ALLOW).and_then(|value| value.to_str().ok()) else {
        return;
    };
    let has = |name: &str| methods.split(',').any(|method| method.trim() == name);
    if has("GET") && !has("HEAD") {
        let with_head = methods.replacen("GET", "GET, HEAD", 1);
        if let Ok(value) = HeaderValue::from_str(&with_head) {
            response.headers_mut().insert(ALLOW, value);
        }
    }
}

/// Drops the content. `Content-Length` stays if the length is known in advance.
fn without_content(mut response: ServiceResponse<BoxBody>) -> ServiceResponse<BoxBody> {
    let size = response.response().body().size();
    match size {
        BodySize::Sized(length) if length > 0 => {
            response.headers_mut().insert(CONTENT_LENGTH, length.into());
            // actix-web leaves the header as it is only for a stream without chunked encoding.
            response.response_mut().head_mut().no_chunking(true);
            let nothing = stream::empty::<Result<Bytes, std::io::Error>>();
            response.map_body(|_, _| BoxBody::new(BodyStream::new(nothing)))
        }
        BodySize::Stream => response.map_body(|_, _| BoxBody::new(body::None::new())),
        _ => response,
    }
}
