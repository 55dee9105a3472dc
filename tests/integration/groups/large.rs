//! Groups whose members are sent while they are read.

use reqwest::Method;

use super::*;
use crate::support::{Client, Process, on_both_databases, texts};

/// More than is read at once, more than one page of rows.
const MANY: usize = 1500;
/// How long a name may be.
const LONGEST: usize = 16 * 1024;

const EVERYTHING: &str = "urn:ietf:params:scim:schemas:core:2.0:Group,\
                          urn:insomnia:params:scim:schemas:extension:team:2.0:Group,meta";

/// Provisions users, in requests of a thousand.
async fn provision(scim: &Client, count: usize) -> Vec<String> {
    let mut ids = Vec::with_capacity(count);
    for first in (0..count).step_by(1000) {
        let operations: Vec<Value> = (first..count.min(first + 1000))
            .map(|number| {
                let mut user = crate::support::user(&format!("user{number}@kongair.example"));
                if number % 3 == 0 {
                    // What must be escaped, and what is long in UTF-8.
                    user["displayName"] = format!("\"Ü\\ser\" {number}").into();
                }
                json!({"method": "POST", "path": "/Users", "bulkId": number.to_string(), "data": user})
            })
            .collect();
        let schemas = ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"];
        let request = json!({"schemas": schemas, "Operations": operations});
        let response = scim.post("/Bulk", request).await.expect(200);
        let locations = texts(&response["Operations"], "location");
        ids.extend(locations.iter().map(|at| at.rsplit_once('/').unwrap().1.to_owned()));
    }
    ids
}

/// Adds members, and shows nothing.
async fn fill(account: &Account, id: &str, members: &[String]) {
    let value: Vec<Value> = members.iter().map(|id| json!({"value": id})).collect();
    let path = format!("/Groups/{id}?attributes=id");
    let add = patch(json!([{"op": "add", "path": "members", "value": value}]));
    account.scim.patch(&path, add).await.expect(200);
}

/// A group with these members.
async fn large(account: &Account, name: &str, members: &[String]) -> String {
    let id = create(account, name, &[]).await;
    fill(account, &id, members).await;
    id
}

/// The group as it would be read if it were small: members by what the users themselves say, and
/// the rest without them.
async fn put_together(account: &Account, id: &str, members: &[String]) -> Value {
    let rest = format!("/Groups/{id}?excludedAttributes=members");
    let mut group = account.scim.get(&rest).await.expect(200);
    let mut names = BTreeMap::new();
    for start in (1..=members.len() + 1).step_by(1000) {
        let page = format!("/Users?count=1000&startIndex={start}&attributes=userName,displayName");
        for user in account.scim.get(&page).await.expect(200)["Resources"].as_array().unwrap() {
            let name = user.get("displayName").unwrap_or(&user["userName"]).clone();
            names.insert(user["id"].as_str().unwrap().to_owned(), name);
        }
    }
    let member = |id: &String| {
        let reference = format!("{}/Users/{id}", account.scim.base);
        json!({"value": id, "$ref": reference, "display": names[id], "type": "User"})
    };
    group["members"] = members.iter().map(member).collect();
    group
}

/// An answer of which only the beginning was read yet.
struct Reading {
    response: reqwest::Response,
    text: Vec<u8>,
}

impl Reading {
    /// Reads to the end, if there is one.
    async fn finish(mut self) -> Option<Vec<u8>> {
        loop {
            match self.response.chunk().await {
                Ok(Some(chunk)) => self.text.extend_from_slice(&chunk),
                Ok(None) => return Some(self.text),
                Err(_) => return None,
            }
        }
    }
}

/// Begins to read, on a connection of its own, so that nothing else waits behind the answer.
async fn begin(scim: &Client, path: &str) -> Reading {
    let url = format!("{}{path}", scim.base);
    let sent = reqwest::Client::new().get(url).bearer_auth(&scim.token).send();
    let mut response = sent.await.unwrap();
    assert_eq!(response.status(), 200);
    let text = response.chunk().await.unwrap().unwrap().to_vec();
    Reading { response, text }
}

/// Adds members under names that are as long as names may be, and six times as long in JSON, so that
/// few members make a long answer; gives its length.
async fn add_at_length(scim: &Client, id: &str, members: &[String]) -> usize {
    let name = "\u{1}".repeat(LONGEST);
    for members in members.chunks(50) {
        let value: Vec<Value> =
            members.iter().map(|id| json!({"value": id, "display": name})).collect();
        let add = patch(json!([{"op": "add", "path": "members", "value": value}]));
        scim.patch(&format!("/Groups/{id}?attributes=id"), add).await.expect(200);
    }
    members.len() * LONGEST * 6
}

/// Removes a member, which makes it another version.
async fn take_one(account: &Account, id: &str, member: &str) {
    let remove = json!([{"op": "remove", "path": format!("members[value eq \"{member}\"]")}]);
    let path = format!("/Groups/{id}?attributes=id");
    account.scim.patch(&path, patch(remove)).await.expect(200);
}

on_both_databases! {
    async fn a_large_group_is_what_a_small_one_would_be(app: App) {
        let account = app.account(2000).await;
        let u = provision(&account.scim, MANY).await;
        let id = large(&account, "Crew", &u).await;
        let expected = put_together(&account, &id, &u).await;
        let path = format!("/Groups/{id}");
        let response = account.scim.get(&path).await;
        assert_eq!(response.header("content-type"), "application/scim+json");
        assert_eq!(response.header("transfer-encoding"), "chunked");
        assert_eq!(response.header("content-location"), format!("{}{path}", account.scim.base));
        assert_eq!(response.header("etag"), expected["meta"]["version"]);
        // Texts of this length tell nobody anything.
        assert!(response.body == expected, "{}", response.body["members"].as_array().unwrap().len());
        let order: Vec<&String> = response.body.as_object().unwrap().keys().collect();
        assert_eq!(order, ["schemas", "id", "displayName", "members", "meta"]);
        let tag = response.header("etag").to_owned();
        let unchanged = account.scim.send(Method::GET, &path, &[("if-none-match", &tag)], None).await;
        assert_eq!((unchanged.status, &unchanged.body), (304, &Value::Null));
        assert_eq!(unchanged.header("etag"), tag);
    }

    async fn of_a_large_group_the_answer_contains_what_is_asked_for(app: App) {
        let account = app.account(2000).await;
        let u = provision(&account.scim, MANY).await;
        let id = large(&account, "Crew", &u).await;
        let whole = put_together(&account, &id, &u).await;
        let few = create(&account, "Few", &[&u[0], &u[1]]).await;
        for query in [
            "attributes=members.value",
            "attributes=members.$ref,members.type",
            "attributes=members",
            "attributes=displayName,members.display",
            "attributes=displayName",
            "attributes=members.nonsense",
            "excludedAttributes=members.display",
            "excludedAttributes=members.value,members.$ref,members.display,members.type",
            "excludedAttributes=members,meta",
            &format!("attributes={EVERYTHING}"),
        ] {
            let of_few = account.scim.get(&format!("/Groups/{few}?{query}")).await.expect(200);
            let found = account.scim.get(&format!("/Groups/{id}?{query}")).await.expect(200);
            let names = |group: &Value| -> Vec<String> {
                group.as_object().unwrap().keys().cloned().collect()
            };
            assert_eq!(names(&found), names(&of_few), "{query}");
            let Some(member) = of_few.get("members") else { continue };
            // Of each member the same parts as of those of the small group, with the right values.
            let mut expected = whole["members"].clone();
            let kept = names(&member[0]);
            for member in expected.as_array_mut().unwrap() {
                member.as_object_mut().unwrap().retain(|name, _| kept.contains(name));
            }
            assert_eq!(found["members"], expected, "{query}");
        }
    }

    async fn lists_and_searches_send_large_groups_too(app: App) {
        let account = app.account(2000).await;
        let u = provision(&account.scim, MANY).await;
        let crew = large(&account, "Crew", &u).await;
        let empty = create(&account, "Empty", &[]).await;
        let half = large(&account, "Half", &u[..700]).await;
        let mut expected = Vec::new();
        for id in [&crew, &empty, &half] {
            expected.push(read(&account, id).await);
        }
        assert_eq!(expected[1]["members"], json!([]));
        let list = account.scim.get("/Groups").await.expect(200);
        assert_eq!(list["Resources"], json!(expected));
        let head = (&list["totalResults"], &list["itemsPerPage"], &list["startIndex"]);
        assert_eq!(head, (&json!(3), &json!(3), &json!(1)));
        // Sorted, in pages by cursor, and by POST.
        let sorted = account.scim.get("/Groups?sortBy=displayName&sortOrder=descending").await;
        expected.reverse();
        assert_eq!(sorted.expect(200)["Resources"], json!(expected));
        expected.reverse();
        let first = account.scim.get("/Groups?cursor&count=2").await.expect(200);
        assert_eq!(first["Resources"], json!(expected[..2]));
        let next = format!("/Groups?cursor={}&count=2", first["nextCursor"].as_str().unwrap());
        let second = account.scim.get(&next).await.expect(200);
        assert_eq!((&second["Resources"], second.get("nextCursor")), (&json!(expected[2..]), None));
        let search = json!({
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"],
            "filter": format!("members.value eq \"{}\" and displayName sw \"h\"", u[0]),
            "attributes": ["members.value"],
        });
        for path in ["/Groups/.search", "/.search"] {
            let found = account.scim.post(path, search.clone()).await.expect(200);
            assert_eq!(found["totalResults"], 1, "{path}");
            assert_eq!(texts(&found["Resources"][0]["members"], "value"), u[..700], "{path}");
        }
        // By index, page after page: what is remembered of the walk is right, too.
        for (start, id) in [(1, &crew), (2, &empty), (3, &half)] {
            let page = account.scim.get(&format!("/Groups?count=1&startIndex={start}")).await;
            assert_eq!(page.expect(200)["Resources"][0]["id"], **id);
        }
    }

    async fn writing_a_large_group_answers_with_all_of_it(app: App) {
        let account = app.account(2000).await;
        let u = provision(&account.scim, MANY).await;
        let members: Vec<&str> = u.iter().map(String::as_str).collect();
        let made = account.scim.post("/Groups", group("Crew", &members)).await;
        let (tag, location) = (made.header("etag").to_owned(), made.header("location").to_owned());
        let made = made.expect(201);
        assert_eq!(texts(&made["members"], "value"), u);
        assert_eq!((&made["meta"]["version"], &made["meta"]["location"]), (&json!(tag), &json!(location)));
        let id = made["id"].as_str().unwrap();
        assert_eq!(made, read(&account, id).await);
        let put = account.scim.put(&format!("/Groups/{id}"), group("Crew", &members[1..])).await;
        assert_eq!(put.header("content-location"), location);
        let put = put.expect(200);
        assert_eq!(texts(&put["members"], "value"), u[1..]);
        assert_eq!(put, read(&account, id).await);
        let path = format!("/Groups/{id}?attributes=members.value");
        let back = json!([{"op": "replace", "path": "members", "value": members}]);
        let patched = account.scim.patch(&path, patch(back)).await.expect(200);
        assert_eq!(texts(&patched["members"], "value").len(), MANY);
    }

    async fn a_member_that_does_not_exist_is_named_among_many(app: App) {
        let account = app.account(2000).await;
        let u = provision(&account.scim, 600).await;
        let mut members: Vec<&str> = u.iter().map(String::as_str).collect();
        members.insert(550, "nobody");
        let refused = account.scim.post("/Groups", group("Crew", &members)).await.detail(400);
        assert!(refused.contains("the id \"nobody\"."), "{refused}");
        assert!(look_up(&account, "Crew").await.is_empty());
    }

    async fn a_group_that_changes_while_it_is_read_is_shown_in_one_version(app: App) {
        let account = app.account(3000).await;
        // Each half is more than one page of rows.
        let u = provision(&account.scim, 2400).await;
        let (even, odd): (Vec<_>, Vec<_>) = u.iter().cloned().enumerate().partition(|(n, _)| n % 2 == 0);
        let half = |half: Vec<(usize, String)>| -> Vec<String> { half.into_iter().map(|(_, id)| id).collect() };
        let (even, odd) = (half(even), half(odd));
        let id = large(&account, "Crew", &even).await;
        let both = [even.iter().cloned().collect::<BTreeSet<_>>(), odd.iter().cloned().collect()];
        // One version of the group has the one half, the next the other, and so on.
        let changing = {
            let (account, id) = (account.clone(), id.clone());
            tokio::spawn(async move {
                for turn in 0..12 {
                    let members = if turn % 2 == 0 { &odd } else { &even };
                    let members: Vec<Value> = members.iter().map(|id| json!({"value": id})).collect();
                    let replace = json!([{"op": "replace", "path": "members", "value": members}]);
                    let path = format!("/Groups/{id}?attributes=id");
                    account.scim.patch(&path, patch(replace)).await.expect(200);
                }
            })
        };
        let mut versions = BTreeMap::new();
        while !changing.is_finished() {
            let response = account.scim.get(&format!("/Groups/{id}")).await;
            assert_eq!(response.header("etag"), response.body["meta"]["version"]);
            let tag = response.header("etag").to_owned();
            let members = text_set(&response.expect(200)["members"], "value");
            assert!(both.contains(&members), "{} members of {tag} are of both halves", members.len());
            assert_eq!(versions.entry(tag).or_insert_with(|| members.clone()), &members);
        }
        changing.await.unwrap();
        assert!(versions.len() > 1, "it was read while it changed");
    }

    async fn who_reads_slowly_is_given_the_version_that_it_began_with(app: App) {
        let account = app.account(2000).await;
        let u = provision(&account.scim, 200).await;
        let id = create(&account, "Crew", &[]).await;
        add_at_length(&account.scim, &id, &u).await;
        let path = format!("/Groups/{id}");
        let expected = begin(&account.scim, &path).await.finish().await.unwrap();
        // The client has the beginning only, the group becomes another one, the client reads on.
        let slow = begin(&account.scim, &path).await;
        take_one(&account, &id, &u[0]).await;
        take_one(&account, &id, &u[199]).await;
        let began = slow.response.headers()["etag"].clone();
        assert!(slow.finish().await.unwrap() == expected);
        let now = account.scim.get(&format!("/Groups/{id}?attributes=members.value")).await;
        assert_ne!(now.header("etag"), began);
        assert_eq!(texts(&now.expect(200)["members"], "value"), u[1..199]);
    }

    async fn readers_that_pause_hold_nothing_up_and_never_take_half_for_the_whole(app: App) {
        let account = app.account(2000).await;
        let u = provision(&account.scim, 200).await;
        let id = create(&account, "Crew", &[]).await;
        add_at_length(&account.scim, &id, &u).await;
        let path = format!("/Groups/{id}");
        let expected = begin(&account.scim, &path).await.finish().await.unwrap();
        // More than there are connections to the database, and more than memory is given to them.
        let mut paused = Vec::new();
        for _ in 0..12 {
            paused.push(begin(&account.scim, &path).await);
        }
        let ada = account.provision("ada@kongair.example").await;
        account.scim.get(&format!("/Users/{ada}")).await.expect(200);
        let list = account.scim.get("/Groups?attributes=members.value").await.expect(200);
        assert_eq!(texts(&list["Resources"][0]["members"], "value"), u);
        // Some go away, some read on.
        drop(paused.split_off(8));
        let others = paused.split_off(4);
        for reading in paused {
            assert!(reading.finish().await.unwrap() == expected);
        }
        // What the others are given has an end only if it is what they began with. Memory holds the
        // rest of one answer, perhaps, and not of all.
        take_one(&account, &id, &u[0]).await;
        let mut broken = 0;
        for reading in others {
            match reading.finish().await {
                Some(text) => assert!(text == expected),
                None => broken += 1,
            }
        }
        assert!(broken > 0);
        // And some are still there when the server stops.
        let _paused = [begin(&account.scim, &path).await, begin(&account.scim, &path).await];
        drop(app);
    }
}

on_both_databases! {
    async fn an_answer_may_be_longer_than_the_memory_that_it_takes(database: Database) {
        let made = Process::bootstrap(database, 2000);
        let server = Process::serve(database, "info");
        let (scim, _) = server.clients(&made);
        let u = provision(&scim, 1000).await;
        let crew = scim.post("/Groups", group("Crew", &[])).await.expect(201);
        let path = format!("/Groups/{}", crew["id"].as_str().unwrap());
        let length = add_at_length(&scim, crew["id"].as_str().unwrap(), &u).await as u64;
        // What was taken for the requests before is not held against this one.
        let Some(_) = server.peak_memory() else { return };
        let before = server.peak_memory().unwrap();
        let reading = begin(&scim, &path).await;
        let answer = reading.finish().await.unwrap().len() as u64;
        assert!(answer > length);
        let taken = server.peak_memory().unwrap().saturating_sub(before);
        assert!(taken < length / 2, "{taken} bytes of memory for an answer of {answer}");
    }
}
