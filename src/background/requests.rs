//! The request log, written after the answers are sent.
//!
//! A request only adds an entry to a queue in memory. Masking and writing are done here, in
//! batches, on the accounts' own writers, so that the log shares commits with other writes. An
//! answer therefore does not guarantee its log entry: a server that is killed loses the last
//! moments of the log, one that is stopped does not. A full queue drops entries and counts them.

use std::collections::{HashMap, VecDeque};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;

use super::stop::Stop;
use crate::enterprise::idp::Idp;
use crate::enterprise::{AccountPk, Timestamp, id, masking, naming};
use crate::store::connectors::UsedToken;
use crate::store::scim_requests::{self, NewRequest};
use crate::store::{Cost, Scope, Store, StoreResult, WriteContext, connectors, oauth};

/// The maximum number of queued requests: what a busy server answers in a second.
const CAPACITY: usize = 16 * 1024;
/// The maximum memory of the queue in bytes.
const MOST_BYTES: usize = 16 * 1024 * 1024;
/// The memory that a query parameter takes in addition to its text.
const BYTES_A_PAIR: usize = size_of::<(String, String)>();
/// The number of requests that one transaction writes: small enough not to delay other writes of
/// the account.
const BATCH: usize = 250;
/// How long requests are collected before a batch is written.
const GATHER: Duration = Duration::from_millis(200);
/// The maximum length of a body that is kept, in bytes.
pub const LONGEST_BODY: usize = 16 * 1024;
/// The maximum length of any other text.
const LONGEST_TEXT: usize = 2000;

/// An answered request, as the queue holds it.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// The connector's id from the path; not necessarily one that exists.
    pub connector: String,
    /// The account, if the request was authenticated.
    pub enterprise: Option<AccountPk>,
    /// Whether the account keeps personal values unmasked.
    pub personal: bool,
    /// When the request arrived.
    pub at: Timestamp,
    /// The HTTP method.
    pub method: String,
    /// The path below the connector's URL.
    pub path: String,
    /// The decoded parameters of the query.
    pub query: Vec<(String, String)>,
    /// The HTTP status of the answer.
    pub status: u16,
    /// The time from the request's arrival to its answer.
    pub duration: Duration,
    /// The id of the resource that the request was about.
    pub resource: Option<String>,
    /// The error detail, if the request was refused.
    pub detail: Option<String>,
    /// The `X-Request-Id` of the answer.
    pub request_id: Option<String>,
    /// The `User-Agent` header.
    pub user_agent: String,
    /// The length of the request body in bytes.
    pub request_bytes: usize,
    /// The length of the response body in bytes.
    pub response_bytes: usize,
    /// The request body, unless it is longer than [`LONGEST_BODY`].
    pub request_body: Option<Vec<u8>>,
    /// The response body, unless it is streamed or longer than [`LONGEST_BODY`].
    pub response_body: Option<Vec<u8>>,
    /// The token that was used, if its use has to be recorded.
    pub touch: Option<UsedToken>,
}

impl Request {
    /// Returns the memory that the request takes, including all that it owns.
    fn bytes(&self) -> usize {
        let body = |body: &Option<Vec<u8>>| body.as_ref().map_or(0, Vec::len);
        let text = |text: &Option<String>| text.as_ref().map_or(0, String::len);
        let query = self.query.iter().map(|(name, value)| BYTES_A_PAIR + name.len() + value.len());
        size_of::<Self>()
            + self.connector.len()
            + self.method.len()
            + self.path.len()
            + query.sum::<usize>()
            + self.user_agent.len()
            + [&self.resource, &self.detail, &self.request_id].map(text).iter().sum::<usize>()
            + body(&self.request_body)
            + body(&self.response_body)
    }
}

#[derive(Default)]
struct Waiting {
    requests: VecDeque<Request>,
    bytes: usize,
}

#[derive(Default)]
struct Shared {
    waiting: Mutex<Waiting>,
    any: Notify,
    dropped: AtomicU64,
}

/// The queue of the request log. Clones share the same queue.
#[derive(Clone, Default)]
pub struct Requests(Arc<Shared>);

impl Requests {
    /// Adds a request, or drops it if the queue is full.
    pub fn push(&self, request: Request) {
        let bytes = request.bytes();
        let mut waiting = self.waiting();
        if waiting.requests.len() >= CAPACITY || waiting.bytes + bytes > MOST_BYTES {
            self.0.dropped.fetch_add(1, Ordering::Relaxed);
            return;
        }
        waiting.bytes += bytes;
        waiting.requests.push_back(request);
        drop(waiting);
        self.0.any.notify_one();
    }

    /// Returns how many requests were dropped since the start.
    pub fn dropped(&self) -> u64 {
        self.0.dropped.load(Ordering::Relaxed)
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        // A poisoned lock is harmless: no holder can leave the queue half changed.
        self.0.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take(&self) -> Vec<Request> {
        let mut waiting = self.waiting();
        let count = waiting.requests.len().min(BATCH);
        let taken: Vec<Request> = waiting.requests.drain(..count).collect();
        waiting.bytes -= taken.iter().map(Request::bytes).sum::<usize>();
        if waiting.requests.is_empty() {
            // Gives back the memory that a burst needed.
            waiting.requests.shrink_to(BATCH);
        }
        taken
    }

    /// Writes all queued requests. Those that cannot be written are dropped and counted.
    pub async fn flush(&self, store: &Store) {
        let mut accounts = HashMap::new();
        loop {
            let requests = self.take();
            if requests.is_empty() {
                return;
            }
            let count = requests.len() as u64;
            if let Err(error) = write(store, requests, &mut accounts).await {
                self.0.dropped.fetch_add(count, Ordering::Relaxed);
                log::warn!("{count} requests could not be written to the request log: {error}");
            }
        }
    }

    /// Writes requests as they come until the node stops, and then the rest.
    pub(super) async fn keep_writing(&self, store: &Store, stop: &Stop) {
        loop {
            let goes_on = tokio::select! {
                () = self.0.any.notified() => stop.wait(GATHER).await,
                () = stop.asked() => false,
            };
            self.flush(store).await;
            if !goes_on {
                return;
            }
        }
    }
}

/// Writes a batch, in one transaction for each account.
async fn write(
    store: &Store,
    requests: Vec<Request>,
    accounts: &mut HashMap<String, Option<AccountPk>>,
) -> StoreResult<()> {
    let mut by_account: HashMap<AccountPk, Vec<Request>> = HashMap::new();
    for request in requests {
        let account = match request.enterprise {
            Some(account) => Some(account),
            None => account_of(store, &request.connector, accounts).await?,
        };
        // Requests to a connector that does not exist belong to no account and are not logged.
        if let Some(account) = account {
            by_account.entry(account).or_default().push(request);
        }
    }
    for (enterprise, requests) in by_account {
        let seen = requests.iter().filter(|one| one.enterprise.is_some()).map(|one| one.at).max();
        let touches: HashMap<UsedToken, Timestamp> =
            requests.iter().filter_map(|one| Some((one.touch?, one.at))).collect();
        let rows: Vec<NewRequest> =
            requests.into_iter().map(|request| row(enterprise, request)).collect();
        store
            .write(WriteContext::from(Scope(enterprise)).keeping_admissions(), move |transaction| {
                scim_requests::insert(transaction, &rows)?;
                if let Some(at) = seen {
                    connectors::seen(transaction, enterprise, at)?;
                }
                for (touch, at) in &touches {
                    match touch {
                        UsedToken::Connector(token) => connectors::touch(transaction, *token, *at)?,
                        UsedToken::Oauth(token) => oauth::touch(transaction, *token, *at)?,
                    }
                }
                StoreResult::Ok(())
            })
            .await?;
    }
    Ok(())
}

async fn account_of(
    store: &Store,
    connector: &str,
    accounts: &mut HashMap<String, Option<AccountPk>>,
) -> StoreResult<Option<AccountPk>> {
    if let Some(known) = accounts.get(connector) {
        return Ok(*known);
    }
    if accounts.len() >= CAPACITY {
        accounts.clear();
    }
    let id = connector.to_owned();
    let found = store.read(Cost::Point, move |conn| connectors::account_of(conn, &id)).await?;
    accounts.insert(connector.to_owned(), found);
    Ok(found)
}

/// Makes the row of a request; personal values are masked unless the account keeps them.
fn row(enterprise: AccountPk, request: Request) -> NewRequest {
    let bytes = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    let body = |bytes: Option<Vec<u8>>, masked: fn(&[u8]) -> String| {
        let bytes = bytes.filter(|bytes| !bytes.is_empty())?;
        Some(storable(if request.personal {
            String::from_utf8_lossy(&bytes).into_owned()
        } else {
            masked(&bytes)
        }))
    };
    let (path, query, detail) = if request.personal {
        let pairs = request.query.iter().map(|(name, value)| format!("{name}={value}"));
        (request.path.clone(), pairs.collect::<Vec<_>>().join("&"), request.detail.clone())
    } else {
        (
            masking::path(&request.path),
            masking::query(&request.query),
            request.detail.as_deref().map(masking::detail),
        )
    };
    NewRequest {
        id: id::scim_request(),
        enterprise_pk: enterprise,
        at: request.at,
        idp: Idp::of_user_agent(&request.user_agent),
        method: short(masking::method(&request.method)),
        path: short(path),
        query: short(query),
        status: i64::from(request.status),
        duration_us: i64::try_from(request.duration.as_micros()).unwrap_or(i64::MAX),
        resource_id: request
            .resource
            .clone()
            .filter(|id| masking::is_our_id(id))
            .or_else(|| naming::mark(enterprise, &names(&request))),
        error_detail: detail.map(short),
        request_id: request.request_id.clone(),
        user_agent: short(request.user_agent.clone()),
        request_bytes: bytes(request.request_bytes),
        response_bytes: bytes(request.response_bytes),
        request_body: body(request.request_body.clone(), masking::body),
        response_body: body(request.response_body.clone(), masking::answer),
    }
}

/// Returns the names of whom the request was about in vain: who was not made, and who was not found.
/// Whoever was is found by the id of the resource.
fn names(request: &Request) -> Vec<String> {
    let answered = request.response_body.as_deref().unwrap_or_default();
    let found_nothing = || NOTHING_FOUND.iter().any(|text| memmem(answered, text.as_bytes()));
    match request.method.as_str() {
        "POST" if request.path == "/Users" && request.status >= 400 => {
            naming::in_body(request.request_body.as_deref().unwrap_or_default())
        }
        "GET" if request.path == "/Users" && request.status == 200 && found_nothing() => {
            let filters = request.query.iter().filter(|(name, _)| name == "filter");
            filters.flat_map(|(_, filter)| naming::in_filter(filter)).collect()
        }
        _ => Vec::new(),
    }
}

/// How an answer begins or ends that holds no resource.
const NOTHING_FOUND: [&str; 2] = ["\"totalResults\":0,", "\"totalResults\":0}"];

fn memmem(text: &[u8], wanted: &[u8]) -> bool {
    text.windows(wanted.len()).any(|part| part == wanted)
}

fn short(text: String) -> String {
    let text = storable(text);
    match text.char_indices().nth(LONGEST_TEXT) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

/// Removes NUL characters, which PostgreSQL cannot store in text.
fn storable(text: String) -> String {
    if text.contains('\0') { text.replace('\0', "\u{fffd}") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_queue_drops_and_counts() {
        let requests = Requests::default();
        for _ in 0..CAPACITY + 3 {
            requests.push(Request::default());
        }
        assert_eq!(requests.dropped(), 3);
        assert_eq!(requests.take().len(), BATCH);
    }

    #[test]
    fn long_bodies_fill_the_queue_before_they_fill_the_memory() {
        let requests = Requests::default();
        let long = Request { request_body: Some(vec![b'x'; LONGEST_BODY]), ..Request::default() };
        let fit = MOST_BYTES / long.bytes();
        for _ in 0..fit + 2 {
            requests.push(long.clone());
        }
        assert_eq!(requests.dropped(), 2);
        while !requests.take().is_empty() {}
        requests.push(long);
        assert_eq!((requests.dropped(), requests.take().len()), (2, 1));
    }

    #[test]
    fn every_text_of_a_request_counts() {
        let text = || "x".repeat(1000);
        let empty = Request::default().bytes();
        for longer in [
            Request { connector: text(), ..Request::default() },
            Request { method: text(), ..Request::default() },
            Request { path: text(), ..Request::default() },
            Request { query: vec![(text(), String::new())], ..Request::default() },
            Request { query: vec![(String::new(), text())], ..Request::default() },
            Request { resource: Some(text()), ..Request::default() },
            Request { detail: Some(text()), ..Request::default() },
            Request { request_id: Some(text()), ..Request::default() },
            Request { user_agent: text(), ..Request::default() },
            Request { request_body: Some(text().into()), ..Request::default() },
            Request { response_body: Some(text().into()), ..Request::default() },
        ] {
            assert!(longer.bytes() >= empty + 1000, "{longer:?}");
        }
        let parts = vec![(String::new(), String::new()); 100];
        assert!(Request { query: parts, ..Request::default() }.bytes() >= empty + 100 * 48);
    }

    #[test]
    fn a_row_holds_nothing_personal_unless_it_is_wanted() {
        let request = |personal| Request {
            personal,
            path: "/Users".to_owned(),
            query: vec![("filter".to_owned(), "userName eq \"jane@x.example\"".to_owned())],
            detail: Some("\"jane@x.example\" is taken".to_owned()),
            request_body: Some(b"{\"userName\":\"jane@x.example\"}".to_vec()),
            ..Request::default()
        };
        assert!(!format!("{:?}", row(AccountPk(1), request(false))).contains("jane"));
        let kept = row(AccountPk(1), request(true));
        assert!(kept.query.contains("jane") && kept.request_body.unwrap().contains("jane"));
    }

    #[test]
    fn who_was_not_made_or_not_found_can_be_asked_for_by_name() {
        let refused = Request {
            method: "POST".to_owned(),
            path: "/Users".to_owned(),
            status: 403,
            request_body: Some(b"{\"userName\":\"jane@x.example\"}".to_vec()),
            ..Request::default()
        };
        let asked = Request {
            method: "GET".to_owned(),
            path: "/Users".to_owned(),
            status: 200,
            query: vec![("filter".to_owned(), "userName eq \"jane@x.example\"".to_owned())],
            response_body: Some(b"{\"schemas\":[],\"totalResults\":0}".to_vec()),
            ..Request::default()
        };
        let sign = naming::sign(AccountPk(1), "jane@x.example");
        for request in [&refused, &asked] {
            let marked = row(AccountPk(1), request.clone()).resource_id.unwrap();
            assert!(naming::is_mark(&marked) && marked.contains(&sign), "{marked}");
        }
        let found = Some(b"{\"totalResults\":1}".to_vec());
        for other in [
            Request { status: 201, ..refused.clone() },
            Request { path: "/Groups".to_owned(), ..refused },
            Request { response_body: found, ..asked },
        ] {
            assert_eq!(row(AccountPk(1), other).resource_id, None);
        }
    }

    #[test]
    fn texts_are_bounded_and_can_be_stored() {
        let request = Request {
            user_agent: "x".repeat(10_000),
            path: "/\0".to_owned(),
            personal: true,
            ..Request::default()
        };
        let row = row(AccountPk(1), request);
        assert_eq!(row.user_agent.chars().count(), LONGEST_TEXT + 1);
        assert!(!row.path.contains('\0'));
    }
}
