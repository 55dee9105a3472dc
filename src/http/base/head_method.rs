//! HEAD wherever there is GET (RFC 9110 §9.1, §9.3.2): it is served as GET is, by the same handler,
//! and the answer keeps its headers and loses its content. Here for every route at once, so that no
//! route can be without it.

use actix_web::body::{self, BodySize, BodyStream, BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{ALLOW, CONTENT_LENGTH, HeaderValue};
use actix_web::middleware::Next;
use actix_web::web::Bytes;
use actix_web::{Error, HttpMessage, HttpRequest};
use futures_util::stream;

/// Marks a request that came as HEAD.
#[derive(Clone, Copy)]
struct IsHead;

/// The method that the client sent.
pub fn method_of(request: &HttpRequest) -> Method {
    match request.extensions().get::<IsHead>() {
        Some(IsHead) => Method::HEAD,
        None => request.method().clone(),
    }
}

/// Serves HEAD as GET, without the content.
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

/// Which methods there are is said with HEAD, too.
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

/// The length stays, where it is known before the content is sent.
fn without_content(mut response: ServiceResponse<BoxBody>) -> ServiceResponse<BoxBody> {
    let size = response.response().body().size();
    match size {
        BodySize::Sized(length) if length > 0 => {
            response.headers_mut().insert(CONTENT_LENGTH, length.into());
            // Only of a stream without chunks does actix-web leave the header as it is.
            response.response_mut().head_mut().no_chunking(true);
            let nothing = stream::empty::<Result<Bytes, std::io::Error>>();
            response.map_body(|_, _| BoxBody::new(BodyStream::new(nothing)))
        }
        BodySize::Stream => response.map_body(|_, _| BoxBody::new(body::None::new())),
        _ => response,
    }
}
