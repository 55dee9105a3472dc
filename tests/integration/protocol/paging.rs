//! Pages by index (RFC 7644 §3.4.2.4) and by cursor (RFC 9865).

use std::collections::BTreeSet;
use std::ops::Range;

use serde_json::{Value, json};

use super::*;
use crate::support::{App, group, on_both_databases, texts};

/// An account with `user0@` to `user24@` beside its owner.
async fn crowd(app: &App) -> (Account, Vec<String>) {
    let account = app.account(100).await;
    let owner = account.scim.get("/Users").await.expect(200);
    let mut ids = texts(&owner["Resources"], "id");
    ids.extend(account.provision_many(25).await);
    (account, ids)
}

/// Follows the cursors of a query to the end; gives the pages.
async fn walk(account: &Account, path: &str, parameters: &[(&str, &str)]) -> Vec<Value> {
    let mut pages = Vec::new();
    let mut cursor = String::new();
    loop {
        let mut parameters = parameters.to_vec();
        parameters.push(("cursor", &cursor));
        let page = account.scim.query(path, &parameters).await.expect(200);
        let next = page.get("nextCursor").map(|next| next.as_str().unwrap().to_owned());
        pages.push(page);
        assert!(pages.len() < 100, "the walk does not end");
        match next {
            Some(next) => cursor = next,
            None => return pages,
        }
    }
}

fn ids_of(pages: &[Value]) -> Vec<String> {
    pages.iter().flat_map(|page| texts(&page["Resources"], "id")).collect()
}

on_both_databases! {
    async fn an_index_page_is_what_was_asked_for(app: App) {
        let (account, ids) = crowd(&app).await;
        for (query, start, items) in [
            ("", 1, &ids[..]),
            ("?startIndex=1&count=10", 1, &ids[..10]),
            ("?startIndex=11&count=10", 11, &ids[10..20]),
            ("?startIndex=21&count=10", 21, &ids[20..]),
            ("?startIndex=27&count=10", 27, &[]),
            ("?startIndex=1000000&count=10", 1_000_000, &[]),
            ("?count=0", 1, &[]),
            ("?count=-5", 1, &[]),
            ("?startIndex=0&count=2", 1, &ids[..2]),
            ("?startIndex=-7&count=2", 1, &ids[..2]),
            ("?startIndex=26", 26, &ids[25..]),
            ("?STARTINDEX=2&Count=1", 2, &ids[1..2]),
            ("?startIndex=&count=", 1, &ids[..]),
            ("?count=99999999999999999999999999", 1, &ids[..]),
        ] {
            let page = account.scim.get(&format!("/Users{query}")).await.expect(200);
            assert_eq!(page["totalResults"], 26, "{query}");
            assert_eq!(page["startIndex"], start, "{query}");
            assert_eq!(page["itemsPerPage"], items.len(), "{query}");
            assert_eq!(texts(&page["Resources"], "id"), items, "{query}");
            assert_eq!(page.get("nextCursor"), None);
        }
        let huge = account.scim.get("/Users?startIndex=99999999999999999999").await.expect(200);
        assert_eq!((&huge["totalResults"], &huge["itemsPerPage"]), (&json!(26), &json!(0)));
    }

    async fn a_filtered_or_sorted_list_is_paged_alike(app: App) {
        let (account, ids) = crowd(&app).await;
        let some: Vec<&String> = ids[1..].iter().collect();
        for filter in ["userName sw \"user\"", "userName co \"user\"", "name.givenName eq \"given\""] {
            for start in [1_usize, 8, 20, 26] {
                let start_index = start.to_string();
                let query = [("filter", filter), ("startIndex", &start_index), ("count", "7")];
                let page = account.scim.query("/Users", &query).await.expect(200);
                assert_eq!(page["totalResults"], 25, "{filter}");
                let expected: Vec<_> = some.iter().skip(start - 1).take(7).copied().collect();
                let found = texts(&page["Resources"], "id");
                assert_eq!(found.iter().collect::<Vec<_>>(), expected, "{filter} {start}");
            }
        }
        let query = [("sortBy", "userName"), ("sortOrder", "descending"), ("count", "2"),
            ("startIndex", "2")];
        let page = account.scim.query("/Users", &query).await.expect(200);
        let names = texts(&page["Resources"], "userName");
        assert_eq!(names, ["user8@kongair.example", "user7@kongair.example"]);
        assert_eq!(page["totalResults"], 26);
    }

    async fn a_page_without_a_count_has_the_default_size(app: App) {
        let account = app.account(200).await;
        account.provision_many(120).await;
        let page = account.scim.get("/Users").await.expect(200);
        assert_eq!((&page["totalResults"], &page["itemsPerPage"]), (&json!(121), &json!(100)));
        let page = account.scim.get("/Users?cursor").await.expect(200);
        assert_eq!(page["itemsPerPage"], 100);
        assert!(page["nextCursor"].is_string());
    }

    async fn what_is_no_number_is_refused_by_name(app: App) {
        let account = app.account(5).await;
        for (query, scim_type, named) in [
            ("?count=ten", "invalidValue", "count"),
            ("?startIndex=1.5", "invalidValue", "startIndex"),
            ("?count=1&count=2", "invalidValue", "count"),
            ("?cursor=&count=ten", "invalidCount", "count"),
            ("?cursor=&startIndex=1", "invalidValue", "cursor"),
        ] {
            let response = account.scim.get(&format!("/Users{query}")).await;
            let detail = refused(response, 400, Some(scim_type));
            assert!(detail.contains(named), "{detail}");
        }
    }

    async fn a_cursor_walk_finds_everybody_once(app: App) {
        let (account, ids) = crowd(&app).await;
        for count in ["1", "7", "25", "26", "27"] {
            let pages = walk(&account, "/Users", &[("count", count)]).await;
            assert_eq!(ids_of(&pages), ids, "{count}");
            let size: usize = count.parse().unwrap();
            assert_eq!(pages.len(), 26_usize.div_ceil(size));
            for page in &pages {
                assert_eq!(page["totalResults"], 26);
                assert_eq!(page["itemsPerPage"], page["Resources"].as_array().unwrap().len());
                assert_eq!(page.get("startIndex"), None);
                assert!(page["Resources"].as_array().unwrap().len() <= size);
            }
        }
    }

    async fn a_cursor_walk_keeps_filter_and_order(app: App) {
        let (account, ids) = crowd(&app).await;
        for filter in ["userName sw \"user\"", "name.givenName eq \"given\""] {
            let pages = walk(&account, "/Users", &[("count", "4"), ("filter", filter)]).await;
            assert_eq!(ids_of(&pages), ids[1..], "{filter}");
            assert!(pages.iter().all(|page| page["totalResults"] == 25));
        }
        let query = [("count", "4"), ("sortBy", "userName"), ("sortOrder", "descending")];
        let pages = walk(&account, "/Users", &query).await;
        let names: Vec<_> =
            pages.iter().flat_map(|page| texts(&page["Resources"], "userName")).collect();
        let mut sorted = names.clone();
        sorted.sort_unstable_by(|one, other| other.cmp(one));
        assert_eq!((names.len(), &names), (26, &sorted));
        // All have the same key: the order of rows decides.
        let query = [("count", "4"), ("sortBy", "title")];
        assert_eq!(ids_of(&walk(&account, "/Users", &query).await), ids);
        let query = [("count", "3"), ("sortBy", "name.familyName"), ("filter", "active eq true")];
        let pages = walk(&account, "/Users", &query).await;
        assert_eq!(ids_of(&pages).into_iter().collect::<BTreeSet<_>>().len(), 26);
    }

    async fn a_cursor_walk_spans_the_types(app: App) {
        let account = app.account(10).await;
        account.provision_many(3).await;
        for name in ["One", "Two", "Three"] {
            account.scim.post("/Groups", group(name, &[])).await.expect(201);
        }
        let all = texts(&account.scim.get("").await.expect(200)["Resources"], "id");
        assert_eq!(all.len(), 7);
        for count in ["1", "2", "3", "4", "5"] {
            assert_eq!(ids_of(&walk(&account, "", &[("count", count)]).await), all);
        }
    }

    async fn the_size_of_a_page_may_change_on_the_way(app: App) {
        let (account, ids) = crowd(&app).await;
        let first = account.scim.get("/Users?cursor&count=3").await.expect(200);
        let next = first["nextCursor"].as_str().unwrap();
        let second = account.scim.get(&format!("/Users?cursor={next}&count=50")).await.expect(200);
        assert_eq!(ids_of(&[first.clone(), second.clone()]), ids);
        assert_eq!(second.get("nextCursor"), None);
        let again = account.scim.get(&format!("/Users?cursor={next}&count=50")).await.expect(200);
        assert_eq!(again, second, "a cursor may be used again");
        let total = account.scim.get("/Users?cursor&count=0").await.expect(200);
        assert_eq!((&total["totalResults"], &total["Resources"]), (&json!(26), &json!([])));
    }

    async fn a_search_request_pages_by_cursor(app: App) {
        let (account, ids) = crowd(&app).await;
        let mut cursor = String::new();
        let mut found = Vec::new();
        loop {
            let page = account.scim.post("/Users/.search", json!({
                "schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"],
                "cursor": cursor, "count": 10,
            })).await.expect(200);
            found.extend(texts(&page["Resources"], "id"));
            match page.get("nextCursor") {
                Some(next) => cursor = next.as_str().unwrap().to_owned(),
                None => break,
            }
        }
        assert_eq!(found, ids);
    }

    async fn a_cursor_is_good_for_its_query_only(app: App) {
        let (account, _) = crowd(&app).await;
        let other = app.account_named("Other", "other.example", 50).await;
        other.provision_many(5).await;
        let page = account.scim.get("/Users?cursor&count=3").await.expect(200);
        let next = page["nextCursor"].as_str().unwrap();
        let mut tampered = next.to_owned();
        let last = tampered.pop().unwrap();
        tampered.push(if last == 'A' { 'B' } else { 'A' });
        let flipped = format!("{}{}", if next.starts_with('e') { 'f' } else { 'e' }, &next[1..]);
        for response in [
            account.scim.query("/Users", &[("cursor", next), ("filter", "title pr")]).await,
            account.scim.query("/Users", &[("cursor", next), ("sortBy", "title")]).await,
            account.scim.query("/Groups", &[("cursor", next)]).await,
            account.scim.query("", &[("cursor", next)]).await,
            other.scim.query("/Users", &[("cursor", next)]).await,
            account.scim.query("/Users", &[("cursor", &tampered)]).await,
            account.scim.query("/Users", &[("cursor", &flipped)]).await,
            account.scim.query("/Users", &[("cursor", &next[..20])]).await,
            account.scim.query("/Users", &[("cursor", "nonsense")]).await,
            account.scim.query("/Users", &[("cursor", &"A".repeat(5000))]).await,
        ] {
            let detail = refused(response, 400, Some("invalidCursor"));
            assert!(detail.contains("cursor"), "{detail}");
        }
        account.scim.query("/Users", &[("cursor", next)]).await.expect(200);
    }

    async fn an_old_cursor_is_expired(app: App) {
        let (account, _) = crowd(&app).await;
        let page = account.scim.get("/Users?cursor&count=3").await.expect(200);
        let path = format!("/Users?cursor={}", page["nextCursor"].as_str().unwrap());
        app.clock.advance(3600 * 1000);
        account.scim.get(&path).await.expect(200);
        app.clock.advance(1000);
        let detail = refused(account.scim.get(&path).await, 400, Some("expiredCursor"));
        assert!(detail.contains("3600"), "{detail}");
    }

    async fn a_walk_loses_nobody_while_users_come_and_go(app: App) {
        let (account, ids) = crowd(&app).await;
        for query in [&[("count", "4")][..], &[("count", "4"), ("sortBy", "meta.created")]] {
            let before: BTreeSet<String> =
                texts(&account.scim.get("/Users").await.expect(200)["Resources"], "id")
                    .into_iter()
                    .collect();
            let mut gone: BTreeSet<String> = BTreeSet::new();
            let mut seen: Vec<String> = Vec::new();
            let mut cursor = String::new();
            let mut turn = 0;
            loop {
                let mut parameters = query.to_vec();
                parameters.push(("cursor", &cursor));
                let page = account.scim.query("/Users", &parameters).await.expect(200);
                let found = texts(&page["Resources"], "id");
                seen.extend(found.iter().cloned());
                let Some(next) = page.get("nextCursor") else { break };
                cursor = next.as_str().unwrap().to_owned();
                // The last one seen goes, so that the cursor stands where nobody is; and one more.
                let last = found.last().unwrap();
                if *last != ids[0] && turn % 2 == 0 {
                    account.scim.delete(&format!("/Users/{last}")).await.expect(204);
                    gone.insert(last.clone());
                }
                app.clock.advance(1000);
                let sorted = query.len();
                account.provision(&format!("new{turn}-{sorted}@kongair.example")).await;
                turn += 1;
                assert!(turn < 50, "the walk does not end");
            }
            let once: BTreeSet<String> = seen.iter().cloned().collect();
            assert_eq!(once.len(), seen.len(), "somebody was seen twice");
            assert!(before.is_subset(&once), "somebody was lost");
            assert!(gone.len() >= 3);
        }
    }
}

/// Walks by index as Okta does, until the total, while users that were shown and users that were
/// not yet shown are deleted and new ones come; says who of those that stayed was not shown.
async fn lost_on_a_walk(account: &Account, query: &str) -> Vec<String> {
    const PAGE: usize = 7;
    let mut staying: Vec<String> = Vec::new();
    for n in 0..40 {
        staying.push(account.provision(&format!("walker{n:02}@kongair.example")).await);
    }
    let (mut start, mut seen, mut new) = (1, Vec::new(), 0);
    loop {
        let path = format!("/Users?{query}startIndex={start}&count={PAGE}");
        let page = account.scim.get(&path).await.expect(200);
        let ids = texts(&page["Resources"], "id");
        assert_eq!(page["itemsPerPage"], ids.len());
        seen.extend(ids);
        start += PAGE;
        if start as u64 > page["totalResults"].as_u64().unwrap() {
            staying.retain(|id| !seen.contains(id));
            return staying;
        }
        let shown: Vec<String> =
            staying.iter().filter(|id| seen.contains(id)).take(2).cloned().collect();
        let ahead = staying.iter().rfind(|id| !seen.contains(id)).cloned();
        for id in shown.into_iter().chain(ahead) {
            account.scim.delete(&format!("/Users/{id}")).await.expect(204);
            staying.retain(|stays| *stays != id);
        }
        new += 1;
        account.provision(&format!("walker-new{new}@kongair.example")).await;
    }
}

on_both_databases! {
    async fn a_walk_by_index_loses_nobody_who_stays(app: App) {
        for (name, query) in [
            ("Plain", ""),
            ("Filtered", "filter=name.givenName+eq+%22Given%22&"),
            ("Sorted", "sortBy=userName&"),
        ] {
            let domain = format!("{}.example", name.to_lowercase());
            let account = app.account_named(name, &domain, 1000).await;
            assert_eq!(lost_on_a_walk(&account, query).await, Vec::<String>::new(), "{name}");
        }
    }

    async fn a_new_walk_counts_what_is_there_and_repeats_nobody(app: App) {
        let account = app.account(100).await;
        assert_eq!(lost_on_a_walk(&account, "").await, Vec::<String>::new());
        let total = account.scim.get("/Users?count=0").await.expect(200)["totalResults"].clone();
        let mut seen = Vec::new();
        let mut start = 1;
        while start as u64 <= total.as_u64().unwrap() {
            let path = format!("/Users?startIndex={start}&count=7");
            let page = account.scim.get(&path).await.expect(200);
            assert_eq!(page["totalResults"], total);
            seen.extend(texts(&page["Resources"], "id"));
            start += 7;
        }
        assert_eq!(seen.len() as u64, total.as_u64().unwrap());
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len() as u64, total.as_u64().unwrap());
    }

    async fn a_walk_that_paused_too_long_goes_by_position_again(app: App) {
        let account = app.account(100).await;
        for n in 0..6 {
            account.provision(&format!("user{n}@kongair.example")).await;
        }
        let first = account.scim.get("/Users?startIndex=1&count=3").await.expect(200);
        let gone = texts(&first["Resources"], "id").pop().unwrap();
        account.scim.delete(&format!("/Users/{gone}")).await.expect(204);
        let goes_on = account.scim.get("/Users?startIndex=4&count=3").await.expect(200);
        assert_eq!(goes_on["Resources"].as_array().unwrap().len(), 3);
        app.clock.advance(2 * 60 * 60 * 1000);
        let by_position = account.scim.get("/Users?startIndex=4&count=4").await.expect(200);
        assert_eq!(by_position["totalResults"], 6);
        assert_eq!(by_position["Resources"].as_array().unwrap().len(), 3);
        let moved = account.scim.get("/Users?startIndex=4&count=3").await.expect(200);
        assert_eq!(moved["totalResults"], 6);
    }
}

on_both_databases! {
    async fn a_position_far_behind_is_the_right_one_whoever_has_gone_before(app: App) {
        let account = app.account(5000).await;
        let owner = account.scim.get("/Users").await.expect(200);
        let mut ids = texts(&owner["Resources"], "id");
        for numbers in [0..900, 900..1800, 1800..2400] {
            ids.extend(account.provision_range(numbers).await);
        }
        remove(&account, &mut ids, &[3..40, 1000..1030, 2050..2060]).await;
        check_positions(&account, &ids, &[1, 987, 1000, 1024, 1025, 1990, 2011, 2200]).await;
        // Those who came last go, and others come, whose rows SQLite gives the same numbers.
        remove(&account, &mut ids, &[1500..2000, 2000..2324]).await;
        check_positions(&account, &ids, &[1024, 1300, 1490]).await;
        for numbers in [2400..3200, 3200..4000] {
            ids.extend(account.provision_range(numbers).await);
        }
        remove(&account, &mut ids, &[1100..1110, 3000..3100]).await;
        ids.extend(account.provision_range(4000..4100).await);
        check_positions(&account, &ids, &[1024, 1490, 2047, 2060, 2500, 2990, 3080]).await;
    }
}

/// Deletes the users at these places.
async fn remove(account: &Account, ids: &mut Vec<String>, places: &[Range<usize>]) {
    let leaving: BTreeSet<String> =
        places.iter().flat_map(|range| ids[range.clone()].to_vec()).collect();
    let operations: Vec<Value> = leaving
        .iter()
        .map(|id| json!({"method": "DELETE", "path": format!("/Users/{id}")}))
        .collect();
    let request = json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],
        "Operations": operations,
    });
    account.scim.post("/Bulk", request).await.expect(200);
    ids.retain(|id| !leaving.contains(id));
}

/// Asks for a few users at each of these positions, and at the last ones. Nobody asks for what comes
/// before, so no walk leads there.
async fn check_positions(account: &Account, ids: &[String], positions: &[usize]) {
    for position in positions.iter().copied().chain([ids.len() - 2]) {
        let path = format!("/Users?startIndex={position}&count=5");
        let page = account.scim.get(&path).await.expect(200);
        let end = ids.len().min(position + 4);
        assert_eq!(texts(&page["Resources"], "id"), ids[position - 1..end], "{position}");
        assert_eq!(page["totalResults"], ids.len());
    }
}
