//! The look-up of TXT records, against a name server on loopback.

use std::time::{Duration, Instant};

use insomnia_scim::outside::dns::{Dns, TxtLookup};

use crate::support::{DnsServer, Entry};

const NAME: &str = "_insomnia-challenge.kongair.example";

fn client(server: &DnsServer) -> Dns {
    let timeout = Duration::from_secs(10);
    Dns { resolvers: vec![server.address], timeout, ..Dns::default() }
}

fn strings(texts: &[&[&str]]) -> Vec<Vec<String>> {
    texts.iter().map(|strings| strings.iter().map(|text| (*text).to_owned()).collect()).collect()
}

fn found(texts: &[&str]) -> TxtLookup {
    TxtLookup::Found(texts.iter().map(|text| (*text).to_owned()).collect())
}

#[tokio::test]
async fn all_records_are_found_and_the_strings_of_each_are_joined() {
    let server = DnsServer::start().await;
    server.set(
        NAME,
        Entry::Texts(strings(&[&["v=spf1 ", "-all"], &["insomnia-", "verif", "ication"]])),
    );
    assert_eq!(client(&server).txt(NAME).await, found(&["v=spf1 -all", "insomnia-verification"]));
}

#[tokio::test]
async fn aliases_are_followed_whoever_has_to_follow_them() {
    let server = DnsServer::start().await;
    server.set("behind.dns.example", Entry::Texts(strings(&[&["here"]])));
    for alias in [Entry::Alias("middle.dns.example"), Entry::BareAlias("middle.dns.example")] {
        for middle in [Entry::Alias("behind.dns.example"), Entry::BareAlias("behind.dns.example")] {
            server.set(NAME, alias.clone());
            server.set("middle.dns.example", middle);
            assert_eq!(client(&server).txt(NAME).await, found(&["here"]), "{alias:?}");
        }
    }
    server.set(NAME, Entry::Alias("nowhere.dns.example"));
    assert_eq!(client(&server).txt(NAME).await, TxtLookup::NoSuchDomain);
    server.set(NAME, Entry::BareAlias(NAME));
    assert!(!matches!(client(&server).txt(NAME).await, TxtLookup::Found(_)), "an alias of itself");
}

#[tokio::test]
async fn each_way_of_finding_nothing_is_told_from_the_others() {
    let server = DnsServer::start().await;
    assert_eq!(client(&server).txt(NAME).await, TxtLookup::NoSuchDomain);
    server.set(NAME, Entry::Bare);
    assert_eq!(client(&server).txt(NAME).await, TxtLookup::NoRecord);
    server.set(NAME, Entry::Fails);
    assert_eq!(client(&server).txt(NAME).await, TxtLookup::ServerFailure("SERVFAIL".to_owned()));
}

#[tokio::test]
async fn a_server_that_never_answers_is_waited_for_no_longer_than_was_said() {
    let server = DnsServer::start().await;
    server.set(NAME, Entry::Silent);
    let before = Instant::now();
    let dns = Dns { timeout: Duration::from_millis(300), ..client(&server) };
    assert_eq!(dns.txt(NAME).await, TxtLookup::Timeout);
    assert!(before.elapsed() < Duration::from_secs(5), "{:?}", before.elapsed());
    assert!(!server.questions().is_empty());
}

#[tokio::test]
async fn an_answer_that_is_too_long_for_udp_comes_over_tcp() {
    let server = DnsServer::start().await;
    let long = "x".repeat(255);
    let texts: Vec<&str> = vec![&long; 20];
    server.set(NAME, Entry::LongTexts(strings(&[&texts])));
    assert_eq!(client(&server).txt(NAME).await, found(&[&"x".repeat(255 * 20)]));
}

#[tokio::test]
async fn a_record_added_a_moment_ago_is_seen_and_no_other_name_is_asked_for() {
    let server = DnsServer::start().await;
    let dns = client(&server);
    assert_eq!(dns.txt(NAME).await, TxtLookup::NoSuchDomain);
    server.set_texts(NAME, &["now"]);
    assert_eq!(dns.txt(NAME).await, found(&["now"]));
    server.set_texts(NAME, &["changed"]);
    assert_eq!(dns.txt(NAME).await, found(&["changed"]));
    assert!(server.questions().iter().all(|name| name == NAME), "{:?}", server.questions());
}

#[tokio::test]
async fn a_resolver_that_is_down_is_passed_over() {
    let server = DnsServer::start().await;
    server.set_texts(NAME, &["here"]);
    let down = tokio::net::UdpSocket::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let dns = Dns { resolvers: vec![down, server.address], ..client(&server) };
    assert_eq!(dns.txt(NAME).await, found(&["here"]));
}
