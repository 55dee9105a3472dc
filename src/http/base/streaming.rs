//! Long answers, sent page by page as they are read: memory holds one page, however long the answer
//! is.

use actix_web::HttpResponse;
use actix_web::body::BodyStream;
use actix_web::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use actix_web::web::Bytes;
use futures_util::stream;
use serde::Serialize;

use crate::store::{Conn, Cost, Store, TransactionError};

/// A page of a long answer: its text, and where the next one begins.
pub struct Section<P> {
    /// The text of the page.
    pub text: String,
    /// The position of the next page; `None` on the last page.
    pub next: Option<P>,
}

/// Streams an answer. It begins with `head`; `read` returns each section from a short query of its
/// own, which costs `cost`.
///
/// A failure in the middle aborts the connection before the end of the body, so that a client
/// cannot mistake half an answer for a whole one.
pub fn answer<P, E>(
    store: &Store,
    cost: Cost,
    media_type: &'static str,
    file: &str,
    head: String,
    first: P,
    read: impl Fn(&mut Conn, &P) -> Result<Section<P>, E> + Clone + Send + 'static,
) -> HttpResponse
where
    P: Clone + Send + 'static,
    E: TransactionError + std::fmt::Display,
{
    let store = store.clone();
    let state = (store, head, Some(first), read);
    let sections = stream::try_unfold(state, move |(store, head, next, read)| async move {
        let Some(position) = next else { return Ok(None) };
        let work = read.clone();
        let section = store
            .read(cost, move |conn| work(conn, &position))
            .await
            .map_err(|error: E| std::io::Error::other(error.to_string()))?;
        let text = if head.is_empty() { section.text } else { head + &section.text };
        Ok::<_, std::io::Error>(Some((
            Bytes::from(text),
            (store, String::new(), section.next, read),
        )))
    });
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, media_type))
        .insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"{file}\"")))
        .body(BodyStream::new(sections))
}

/// Serializes an item as a line of JSON.
pub fn json_line(item: &impl Serialize) -> String {
    let mut line = serde_json::to_string(item).unwrap_or_default();
    line.push('\n');
    line
}
