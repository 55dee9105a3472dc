//! Filters, end to end, on a small fixed population: o(wner), a(nn), b(ob), c(leo).

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::*;
use crate::support::{App, group, on_both_databases, patch};

const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
const CUSTOM: &str = "urn:kongair:params:scim:schemas:extension:crew:1.0:User";
const ACCOUNT: &str = "urn:insomnia:params:scim:schemas:extension:account:2.0:User";
const DAY: i64 = 24 * 60 * 60 * 1000;

struct Population {
    account: Account,
    /// The letter of each id.
    letters: BTreeMap<String, char>,
    crew: String,
    ground: String,
}

impl Population {
    /// Each is made a day after the one before; o on 2026-01-01.
    async fn new(app: &App) -> Self {
        let account = app.account(5).await;
        let owner = account.scim.get("/Users").await.expect(200)["Resources"][0].clone();
        app.clock.advance(DAY);
        let ann = user_with(&account, "ann@kongair.example", json!({
            "displayName": "Ann Ångström", "title": "Pilot", "externalId": "EXT-1",
            "name": {"givenName": "Ann", "familyName": "Ångström"},
            "phoneNumbers": [{"value": "+49 1", "type": "mobile"}],
            ENTERPRISE: {"department": "Flight", "manager": {"value": "m-1"}},
            CUSTOM: {"badge": 7, "aircraft": "A320", "certified": true, "base": {"value": "FRA"}},
        })).await;
        app.clock.advance(DAY);
        let bob = user_with(
            &account,
            "bob@kongair.example",
            json!({
                "title": "second pilot", "externalId": "ext-1", "active": false,
                "emails": [
                    {"value": "bob@kongair.example", "type": "work", "primary": true},
                    {"value": "bob@home.example", "type": "home"},
                ],
                ENTERPRISE: {"department": "Sales"},
                CUSTOM: {"badge": 12, "aircraft": "B747", "certified": false},
            }),
        )
        .await;
        app.clock.advance(DAY);
        let cleo = json!({"userName": "cleo", "nickName": "says \"hi\" \\ there"});
        let cleo = account.scim.post("/Users", cleo).await.expect(201);
        let id = |user: &Value| user["id"].as_str().unwrap().to_owned();
        let mut groups = Vec::new();
        for (name, member) in [("Crew", &ann), ("Ground Crew", &bob)] {
            let body = group(name, &[&id(member)]);
            groups.push(id(&account.scim.post("/Groups", body).await.expect(201)));
        }
        let letters = [(&owner, 'o'), (&ann, 'a'), (&bob, 'b'), (&cleo, 'c')];
        let letters = letters.into_iter().map(|(user, letter)| (id(user), letter)).collect();
        let [crew, ground] = groups.try_into().unwrap();
        Self { account, letters, crew, ground }
    }

    fn id(&self, letter: char) -> &str {
        self.letters.iter().find(|(_, known)| **known == letter).unwrap().0
    }

    /// Who is found, in the order of the answer, by GET and by POST alike.
    async fn found(&self, filter: &str) -> String {
        let got = self.account.scim.filter("/Users", filter).await.expect(200);
        let search = json!({
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"],
            "filter": filter,
        });
        let posted = self.account.scim.post("/Users/.search", search).await.expect(200);
        assert_eq!(got, posted, "{filter}");
        let items = got["Resources"].as_array().unwrap();
        assert_eq!(got["totalResults"], items.len(), "{filter}");
        items.iter().map(|item| self.letters[item["id"].as_str().unwrap()]).collect()
    }

    async fn assert_all(&self, cases: &[(&str, &str)]) {
        for (filter, expected) in cases {
            assert_eq!(self.found(filter).await, *expected, "{filter}");
        }
    }

    async fn groups(&self, filter: &str) -> Vec<String> {
        let found = self.account.scim.filter("/Groups", filter).await.expect(200);
        crate::support::texts(&found["Resources"], "displayName")
    }
}

on_both_databases! {
    async fn each_operator_finds_what_it_means(app: App) {
        Population::new(&app).await.assert_all(&[
            ("userName eq \"ANN@kongair.example\"", "a"),
            ("userName ne \"ann@KONGAIR.example\"", "obc"),
            ("userName co \"KONGAIR\"", "oab"),
            ("userName sw \"B\"", "b"),
            ("userName ew \".Example\"", "oab"),
            ("userName gt \"bob@kongair.example\"", "oc"),
            ("userName ge \"BOB@kongair.example\"", "obc"),
            ("userName lt \"bob@kongair.example\"", "a"),
            ("userName le \"bob@kongair.example\"", "ab"),
            ("title pr", "ab"),
            ("title eq null", "oc"),
            ("title ne null", "ab"),
            ("title ne \"pilot\"", "obc"),
            ("title co \"PILOT\"", "ab"),
            ("title eq \"pilot\"", "a"),
            ("active eq true", "oac"),
            ("active eq \"False\"", "b"),
            ("active ne true", "b"),
            ("userName sw \"\"", "oabc"),
            ("userName eq \"an_@kongair.example\"", ""),
            ("userName sw \"%\"", ""),
            ("userName co \"_\"", ""),
        ]).await;
    }

    async fn letter_case_counts_where_the_schema_says_so(app: App) {
        let population = Population::new(&app).await;
        population.assert_all(&[
            ("externalId eq \"EXT-1\"", "a"),
            ("externalId eq \"ext-1\"", "b"),
            ("externalId eq \"Ext-1\"", ""),
            ("externalId sw \"ext\"", "b"),
            ("displayName eq \"ANN ÅNGSTRÖM\"", "a"),
            ("name.familyName sw \"ång\"", "a"),
            ("USERNAME EQ \"cleo\"", "c"),
            ("Emails.Type Eq \"HOME\"", "b"),
            ("title PR AND active Eq TRUE", "a"),
            ("NOT (title pr) OR nickname eq \"x\"", "oc"),
        ]).await;
        let upper = population.id('a').to_uppercase();
        assert_eq!(population.found(&format!("id eq \"{upper}\"")).await, "");
    }

    async fn the_grammar_binds_as_the_rfc_says(app: App) {
        Population::new(&app).await.assert_all(&[
            ("userName eq \"cleo\" or title pr and active eq false", "bc"),
            ("(userName eq \"cleo\" or title pr) and active eq false", "b"),
            ("title pr and active eq false or userName eq \"cleo\"", "bc"),
            ("not (userName eq \"cleo\") and active eq true", "oa"),
            ("not (userName eq \"cleo\" or active eq false)", "oa"),
            ("not(title pr)", "oc"),
            ("not (not (title pr))", "ab"),
            ("((((title pr))))", "ab"),
            (" \t title   pr  and\tactive eq   true ", "a"),
            ("userName eq \"\\u0063leo\"", "c"),
            ("nickName eq \"says \\\"hi\\\" \\\\ there\"", "c"),
            ("userName eq \"x\" or userName eq \"cleo\" or userName eq \"ann@kongair.example\"", "ac"),
        ]).await;
    }

    async fn values_of_a_list_are_looked_at_one_by_one(app: App) {
        Population::new(&app).await.assert_all(&[
            ("emails pr", "oab"),
            ("emails.type eq \"home\"", "b"),
            ("emails[type eq \"home\"]", "b"),
            ("emails[type eq \"home\" and value co \"home\"]", "b"),
            ("emails[type eq \"home\" and value eq \"bob@kongair.example\"]", ""),
            ("emails.type eq \"home\" and emails.value eq \"bob@kongair.example\"", "b"),
            ("emails[type eq \"work\"].value eq \"BOB@kongair.example\"", "b"),
            ("emails[type eq \"home\"].value eq \"bob@kongair.example\"", ""),
            ("emails[primary eq true and not (type eq \"home\")]", "oab"),
            ("emails[type eq \"home\" or value sw \"ann\"]", "ab"),
            ("phoneNumbers[type eq \"mobile\"].value eq \"+49 1\"", "a"),
            ("emails[value ew \".example\"] and title eq \"pilot\"", "a"),
        ]).await;
    }

    async fn email_means_the_addresses_as_okta_asks_for_them(app: App) {
        let population = Population::new(&app).await;
        population.assert_all(&[
            ("email eq \"ann@kongair.example\"", "a"),
            ("email eq \"BOB@home.example\"", "b"),
            ("email eq \"nobody@kongair.example\"", ""),
            ("email[type eq \"home\"].value eq \"bob@home.example\"", "b"),
        ]).await;
        let scim = &population.account.scim;
        // A name for looking up only: nothing is written or sorted by it.
        let path = format!("/Users/{}", population.id('a'));
        let change = patch(json!([{"op": "replace", "path": "email", "value": "x@kongair.example"}]));
        let refused = scim.patch(&path, change).await.expect(400);
        assert_eq!(refused["scimType"], "invalidPath");
        scim.get("/Users?sortBy=email").await.expect(400);
    }

    async fn times_are_compared_as_instants(app: App) {
        Population::new(&app).await.assert_all(&[
            ("meta.created gt \"2026-01-01T00:00:00Z\"", "abc"),
            ("meta.created ge \"2026-01-02T01:00:00+01:00\"", "abc"),
            ("meta.created lt \"2026-01-02T00:00:00Z\"", "o"),
            ("meta.created le \"2026-01-02T00:00:00.000Z\"", "oa"),
            ("meta.created eq \"2026-01-03T00:00:00Z\"", "b"),
            ("meta.lastModified eq \"2026-01-02T00:00:00Z\"", "a"),
            ("meta.resourceType eq \"User\"", "oabc"),
        ]).await;
    }

    async fn extensions_are_searched_by_their_urn(app: App) {
        let p = Population::new(&app).await;
        let case = |text: &str| {
            text.replace("E:", &format!("{ENTERPRISE}:"))
                .replace("C:", &format!("{CUSTOM}:"))
                .replace("A:", &format!("{ACCOUNT}:"))
        };
        for (filter, expected) in [
            ("E:department eq \"flight\"", "a"),
            ("E:department pr", "ab"),
            ("E:manager.value eq \"m-1\"", "a"),
            ("E:manager eq \"m-1\"", "a"),
            ("urn:ietf:params:scim:schemas:core:2.0:User:userName eq \"cleo\"", "c"),
            ("urn:ietf:params:scim:schemas:core:2.0:User:name.givenName eq \"ann\"", "a"),
            ("C:badge eq 7", "a"),
            ("C:badge gt 7", "b"),
            ("C:badge ge 7", "ab"),
            ("C:badge lt 12.5", "ab"),
            ("C:certified eq true", "a"),
            ("C:aircraft sw \"b7\"", "b"),
            ("C:base.value eq \"FRA\"", "a"),
            ("C:nothing pr", ""),
            ("C:badge pr and not (C:badge eq 12)", "a"),
            ("A:accountRole eq \"owner\"", "o"),
            ("A:source eq \"scim\"", "abc"),
            ("A:licence eq \"none\"", "b"),
            ("A:canSignIn eq false", "c"),
        ] {
            assert_eq!(p.found(&case(filter)).await, expected, "{filter}");
        }
        let ann = p.account.scim.get(&format!("/Users/{}", p.id('a'))).await.expect(200);
        let kept = json!({"badge": 7, "aircraft": "A320", "certified": true, "base": {"value": "FRA"}});
        assert_eq!(ann[CUSTOM], kept);
        // RFC 7643 §3: what /ResourceTypes does not advertise is not listed.
        assert!(!ann["schemas"].as_array().unwrap().contains(&json!(CUSTOM)), "{ann}");
    }

    async fn every_look_up_that_has_an_index_finds_the_same(app: App) {
        let p = Population::new(&app).await;
        let (ann, bob) = (p.id('a').to_owned(), p.id('b').to_owned());
        let (crew, ground) = (&p.crew, &p.ground);
        for (filter, expected) in [
            (format!("id eq \"{ann}\""), "a"),
            (format!("id eq \"{ann}\" and userName eq \"cleo\""), ""),
            (format!("id eq \"{ann}\" or id eq \"{bob}\""), "ab"),
            (format!("id eq \"{ann}\" or userName eq \"ann@kongair.example\""), "a"),
            ("externalId eq \"EXT-1\" and active eq true".to_owned(), "a"),
            ("displayName eq \"ann ångström\"".to_owned(), "a"),
            ("emails eq \"BOB@HOME.example\"".to_owned(), "b"),
            ("emails.value eq \"bob@home.example\"".to_owned(), "b"),
            ("emails[value eq \"bob@home.example\"]".to_owned(), "b"),
            ("emails[value eq \"bob@home.example\" and type eq \"home\"]".to_owned(), "b"),
            ("emails[value eq \"bob@home.example\" and type eq \"work\"]".to_owned(), ""),
            ("emails[value eq \"bob@home.example\" or type eq \"work\"]".to_owned(), "oab"),
            ("not (userName eq \"cleo\")".to_owned(), "oab"),
            ("userName sw \"BOB@\"".to_owned(), "b"),
            ("userName sw \"b\" and externalId eq \"EXT-1\"".to_owned(), ""),
            (format!("groups.value eq \"{crew}\""), "a"),
            (format!("groups eq \"{crew}\""), "a"),
            (format!("groups[value eq \"{ground}\"]"), "b"),
            (format!("groups.value eq \"{crew}\" and active eq true"), "a"),
            (format!("groups.value eq \"{crew}\" or userName eq \"cleo\""), "ac"),
            ("groups.display eq \"crew\"".to_owned(), "a"),
            ("userName eq \"cleo\" or emails eq \"bob@home.example\"".to_owned(), "bc"),
        ] {
            assert_eq!(p.found(&filter).await, expected, "{filter}");
        }
        for (filter, expected) in [
            (format!("id eq \"{crew}\""), vec!["Crew"]),
            ("displayName eq \"cREW\"".to_owned(), vec!["Crew"]),
            ("displayName sw \"ground\"".to_owned(), vec!["Ground Crew"]),
            ("displayName ew \"crew\"".to_owned(), vec!["Crew", "Ground Crew"]),
            (format!("members eq \"{ann}\""), vec!["Crew"]),
            (format!("members.value eq \"{bob}\""), vec!["Ground Crew"]),
            (format!("members[value eq \"{bob}\"]"), vec!["Ground Crew"]),
            (format!("members[value eq \"{ann}\" and type eq \"User\"]"), vec!["Crew"]),
            (format!("id eq \"{ground}\" and members eq \"{ann}\""), vec![]),
            ("members[display sw \"bob\"]".to_owned(), vec!["Ground Crew"]),
            ("externalId pr".to_owned(), vec![]),
            ("members pr".to_owned(), vec!["Crew", "Ground Crew"]),
        ] {
            assert_eq!(p.groups(&filter).await, expected, "{filter}");
        }
    }

    async fn what_is_wrong_is_named_with_its_place(app: App) {
        let p = Population::new(&app).await;
        for (filter, named) in [
            ("userName", &["byte 8", "operator"][..]),
            ("userName eq", &["byte 11", "value"]),
            ("userName xx \"a\"", &["byte 9", "xx"]),
            ("userName eq cleo", &["byte 12", "double quotes", "cleo"]),
            ("userName eq \"cleo", &["byte 12", "closing double quote"]),
            ("(userName eq \"a\"", &["byte 16", ")"]),
            ("userName eq \"a\")", &["byte 15"]),
            ("userName eq \"a\" and", &["byte 19"]),
            ("userName eq \"a\" nor title pr", &["byte 16", "nor"]),
            ("emails[type eq \"work\"", &["byte 21", "]"]),
            ("emails[primary gt true]", &["byte 18", "primary"]),
            ("not title pr", &["byte 0", "parentheses"]),
            ("userNam eq \"a\"", &["byte 0", "userNam"]),
            ("title pr and emails.kind eq \"a\"", &["byte 13", "emails.kind"]),
            ("emails[kind eq \"a\"]", &["byte 7", "kind"]),
            ("urn:ietf:params:scim:schemas:core:2.0:User:shoeSize pr", &["byte 0", "shoeSize"]),
            ("active eq \"maybe\"", &["byte 10", "active", "true or false"]),
            ("active gt true", &["active", "boolean"]),
            ("meta.created gt \"yesterday\"", &["byte 16", "meta.created", "dateTime"]),
            ("name eq \"Ann\"", &["name", "sub-attributes", "familyName"]),
            ("title gt null", &["title", "null"]),
            ("userName eq \"a\" OR (title pr AND )", &["byte 33"]),
        ] {
            let response = p.account.scim.filter("/Users", filter).await;
            let detail = refused(response, 400, Some("invalidFilter"));
            for part in named {
                assert!(detail.contains(part), "{filter}: {detail}");
            }
        }
    }

    async fn an_empty_filter_is_refused_where_everything_would_be_found(app: App) {
        let p = Population::new(&app).await;
        for query in ["?filter=", "?filter=%20"] {
            let response = p.account.scim.get(&format!("/Users{query}")).await;
            refused(response, 400, Some("invalidFilter"));
        }
    }
}
