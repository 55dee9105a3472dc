//! What the server does when its database does not: it answers in time, says so, and serves again
//! as soon as it can.

mod accounts;
mod embedded;
mod readiness;
mod server;

use std::time::{Duration, Instant};

use crate::support::{Client, Response, user};

/// A second on a machine that has nothing else to do (tests/faults measures 0.1 s), and what tests
/// take that run beside this one.
const MOMENT: Duration = Duration::from_secs(4);

/// The answer, and how long it took.
async fn timed(request: impl Future<Output = Response>) -> (Response, Duration) {
    let since = Instant::now();
    (request.await, since.elapsed())
}

/// A refusal because of the database: it says when to come again.
#[track_caller]
fn expect_unavailable(answer: &Response) {
    assert_eq!(answer.status, 503, "{}", answer.body);
    assert!(answer.headers.contains_key("retry-after"), "{:?}", answer.headers);
}

/// Reads and writes until both succeed; nothing is answered meanwhile but 503. How long it took,
/// and the longest that one answer took.
async fn served_again(scim: &Client, within: Duration) -> (Duration, Duration) {
    let (since, mut longest) = (Instant::now(), Duration::ZERO);
    for number in 0.. {
        let name = format!("again-{number}-{}@kongair.example", uuid::Uuid::new_v4().simple());
        let (read, reading) = timed(scim.get("/Users?count=1")).await;
        let (written, writing) = timed(scim.post("/Users", user(&name))).await;
        longest = longest.max(reading).max(writing);
        if (read.status, written.status) == (200, 201) {
            break;
        }
        for (answer, expected) in [(&read, 200), (&written, 201)] {
            if answer.status != expected {
                expect_unavailable(answer);
            }
        }
        assert!(since.elapsed() < within, "not served again: {} {}", read.body, written.body);
    }
    assert!(since.elapsed() < within, "served again only after {:?}", since.elapsed());
    (since.elapsed(), longest)
}
