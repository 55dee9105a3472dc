//! The worked example of docs/domain.md, end to end: KongAir provisions with an identity provider
//! that writes as Okta does, and after every step access and seats are what they should be.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::support::{Account, App, group, on_both_databases, patch, set, text_set};

const SEATS: i64 = 6;

/// KongAir: the account, its organizations and teams.
struct KongAir {
    account: Account,
    cargo: String,
    passengers: String,
    flight: String,
    sales: String,
    /// A member whom an administrator put into Flight.
    pilot: String,
}

impl KongAir {
    async fn new(app: &App) -> Self {
        let account = app.account(SEATS).await;
        let admin = &account.admin;
        let mut made = Vec::new();
        for (path, name) in [
            ("/organizations", "Cargo"),
            ("/organizations", "Passengers"),
            ("/teams", "Flight"),
            ("/teams", "Sales"),
        ] {
            let response = admin.post(path, json!({"name": name})).await.expect(201);
            made.push(response["id"].as_str().unwrap().to_owned());
        }
        let [cargo, passengers, flight, sales] = made.try_into().unwrap();
        for (team, organization) in
            [(&flight, &cargo), (&flight, &passengers), (&sales, &passengers)]
        {
            let link = format!("/teams/{team}/organizations/{organization}");
            admin.put(&link, json!({})).await.expect(204);
        }
        let address = json!({"email": "pilot@kongair.example"});
        let pilot = admin.post("/members", address.clone()).await.expect(201);
        let pilot = pilot["id"].as_str().unwrap().to_owned();
        admin.post(&format!("/teams/{flight}/members"), address).await.expect(201);
        Self { account, cargo, passengers, flight, sales, pilot }
    }

    /// Checks the seats in use, and for each of these members through which teams it reaches Cargo
    /// and Passengers: both by what the member reaches and by who collaborates there.
    async fn check(&self, step: &str, seats: i64, expected: &[(&str, &[&str], &[&str])]) {
        assert_eq!(self.account.seats().await, (seats, SEATS), "{step}");
        let organizations = [&self.cargo, &self.passengers];
        let mut collaborators = BTreeMap::new();
        for organization in organizations {
            let path = format!("/organizations/{organization}/collaborators");
            let list = self.account.admin.get(&path).await.expect(200);
            for item in list["items"].as_array().unwrap() {
                let member = item["member_id"].as_str().unwrap().to_owned();
                collaborators.insert((organization.clone(), member), ways(item));
            }
        }
        for (member, cargo, passengers) in expected {
            let path = format!("/members/{member}/access");
            let list = self.account.admin.get(&path).await.expect(200);
            let mut reached: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
            for item in list["items"].as_array().unwrap() {
                let organization = item["organization_id"].as_str().unwrap();
                reached.insert(organization.to_owned(), ways(item));
            }
            for (organization, teams) in organizations.into_iter().zip([cargo, passengers]) {
                let by_member = reached.remove(organization).unwrap_or_default();
                assert_eq!(by_member, set(teams), "{step}: what {member} reaches");
                let key = (organization.clone(), (*member).to_owned());
                let by_organization = collaborators.remove(&key).unwrap_or_default();
                assert_eq!(by_organization, set(teams), "{step}: who reaches {organization}");
            }
            assert!(reached.is_empty(), "{step}: {reached:?}");
        }
        // Nobody else is there but the owner.
        let owner = self.owner().await;
        let others: Vec<_> = collaborators.keys().filter(|(_, member)| *member != owner).collect();
        assert!(others.is_empty(), "{step}: {others:?}");
    }

    async fn owner(&self) -> String {
        let members = self.account.admin.get("/members").await.expect(200);
        let mut items = members["items"].as_array().unwrap().iter();
        let owner = items.find(|member| member["role"] == "owner").unwrap();
        owner["id"].as_str().unwrap().to_owned()
    }

    async fn source(&self, team: &str) -> String {
        let teams = self.account.admin.get("/teams").await.expect(200);
        let mut items = teams["items"].as_array().unwrap().iter();
        let team = items.find(|item| item["id"] == team).unwrap();
        team["source"].as_str().unwrap().to_owned()
    }
}

fn ways(item: &Value) -> BTreeSet<String> {
    item["via"].as_array().unwrap().iter().map(|way| way.as_str().unwrap().to_owned()).collect()
}

/// A user as an app of the App Integration Wizard creates it.
fn okta_user(address: &str, given: &str, okta_id: &str) -> Value {
    json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "userName": address,
        "name": {"givenName": given, "familyName": "Kong"},
        "emails": [{"primary": true, "value": address, "type": "work"}],
        "displayName": format!("{given} Kong"),
        "locale": "en-US",
        "externalId": okta_id,
        "groups": [],
        "password": "1mz050nq",
        "active": true,
    })
}

/// What Okta PUTs: what it reads, with its own values over it.
async fn put_over(account: &Account, id: &str, changes: Value) -> Value {
    let path = format!("/Users/{id}");
    let mut user = account.scim.get(&path).await.expect(200);
    for (name, value) in changes.as_object().unwrap() {
        user[name] = value.clone();
    }
    account.scim.put(&path, user).await.expect(200)
}

on_both_databases! {
    async fn kongair_provisions_its_crew(app: App) {
        let air = KongAir::new(&app).await;
        let scim = &air.account.scim;
        let (pilot, flight, sales) = (air.pilot.as_str(), air.flight.as_str(), air.sales.as_str());
        let pilot_flies: (&str, &[&str], &[&str]) = (pilot, &[flight], &[flight]);
        air.check("before", 2, &[pilot_flies]).await;

        // The connection test.
        let page = scim.get("/Users?startIndex=1&count=2").await.expect(200);
        assert_eq!((&page["totalResults"], &page["itemsPerPage"]), (&json!(2), &json!(2)));
        air.check("connection test", 2, &[pilot_flies]).await;

        // Look up, then create.
        let query = [
            ("filter", "userName eq \"jane@kongair.example\""), ("startIndex", "1"), ("count", "100"),
        ];
        assert_eq!(scim.query("/Users", &query).await.expect(200)["totalResults"], 0);
        let made = okta_user("jane@kongair.example", "Jane", "00ujane");
        let made = scim.post("/Users", made).await.expect(201);
        assert_eq!(made.get("password"), None);
        let jane = made["id"].as_str().unwrap();
        let made = okta_user("john@kongair.example", "John", "00ujohn");
        let made = scim.post("/Users", made).await.expect(201);
        let john = made["id"].as_str().unwrap();
        let found = scim.query("/Users", &query).await.expect(200);
        assert_eq!(text_set(&found["Resources"], "id"), set(&[jane]));
        air.check("create", 4, &[pilot_flies, (jane, &[], &[]), (john, &[], &[])]).await;

        // The pilot, whom the account has by hand, is assigned: looked up, then PUT.
        let filter = "userName eq \"Pilot@kongair.example\"";
        let found = scim.filter("/Users", filter).await.expect(200);
        assert_eq!(found["Resources"][0]["id"], pilot);
        put_over(&air.account, pilot, json!({"externalId": "00upilot"})).await;
        air.check("adoption", 4, &[pilot_flies, (jane, &[], &[]), (john, &[], &[])]).await;

        // Group push: Flight empty, with the echo of id and name, then its members; Sales whole.
        let filter = "displayName eq \"Flight\"";
        let found = scim.filter("/Groups", filter).await.expect(200);
        assert_eq!(text_set(&found["Resources"], "id"), set(&[flight]));
        let pushed = scim.post("/Groups", group("Flight", &[])).await.expect(201);
        assert_eq!(pushed["id"], flight);
        air.check("push", 4, &[pilot_flies, (jane, &[], &[]), (john, &[], &[])]).await;
        let path = format!("/Groups/{flight}");
        let echo = json!([{"op": "replace", "value": {"id": flight, "displayName": "Flight"}}]);
        scim.patch(&path, patch(echo)).await.expect(200);
        air.check("echo", 4, &[pilot_flies, (jane, &[], &[]), (john, &[], &[])]).await;
        let add = json!([{"op": "add", "path": "members", "value": [
            {"value": jane, "display": "jane@kongair.example"},
            {"value": john, "display": "john@kongair.example"},
        ]}]);
        scim.patch(&path, patch(add)).await.expect(200);
        let both: &[&str] = &[flight];
        air.check("members", 4, &[pilot_flies, (jane, both, both), (john, both, both)]).await;
        scim.post("/Groups", group("Sales", &[jane])).await.expect(201);
        let jane_has: (&str, &[&str], &[&str]) = (jane, &[flight], &[flight, sales]);
        air.check("second group", 4, &[pilot_flies, jane_has, (john, both, both)]).await;
        assert_eq!(air.source(flight).await, "synchronised");

        // A profile changes: a whole PUT.
        let name = json!({"givenName": "Jane", "familyName": "Kong-Gorilla"});
        let changes = json!({"name": name, "title": "Captain", "password": "another"});
        let changed = put_over(&air.account, jane, changes).await;
        assert_eq!((&changed["id"], &changed["title"]), (&json!(jane), &json!("Captain")));
        assert_eq!(text_set(&changed["groups"], "value"), set(&[flight, sales]));
        air.check("profile", 4, &[pilot_flies, jane_has, (john, both, both)]).await;

        // Deactivated: out everywhere, the seat free, findable and listed.
        let gone = put_over(&air.account, jane, json!({"active": false})).await;
        assert_eq!((&gone["id"], &gone["active"]), (&json!(jane), &json!(false)));
        air.check("deactivation", 3, &[pilot_flies, (jane, &[], &[]), (john, both, both)]).await;
        let found = scim.query("/Users", &query).await.expect(200);
        assert_eq!(found["Resources"][0]["active"], false);
        let members = scim.get(&path).await.expect(200)["members"].clone();
        assert_eq!(text_set(&members, "value"), set(&[pilot, jane, john]));

        // Reactivated: the same id, the same teams, a seat again.
        let back = put_over(&air.account, jane, json!({"active": true})).await;
        assert_eq!(back["id"], jane);
        air.check("reactivation", 4, &[pilot_flies, jane_has, (john, both, both)]).await;

        // Out of a group: the access through it ends, the other one's and the seat stay.
        let remove = json!([{"op": "remove", "path": format!("members[value eq \"{jane}\"]")}]);
        scim.patch(&path, patch(remove)).await.expect(200);
        let jane_sells: (&str, &[&str], &[&str]) = (jane, &[], &[sales]);
        air.check("group removal", 4, &[pilot_flies, jane_sells, (john, both, both)]).await;

        // "Push now" with an empty list: whom an administrator put there stays.
        let none = json!([{"op": "replace", "path": "members", "value": []}]);
        scim.patch(&path, patch(none)).await.expect(200);
        air.check("push now", 4, &[pilot_flies, jane_sells, (john, &[], &[])]).await;

        // Groups are deleted, users never.
        scim.delete(&format!("/Groups/{sales}")).await.expect(204);
        air.check("end of Sales", 4, &[pilot_flies, (jane, &[], &[]), (john, &[], &[])]).await;
        scim.delete(&path).await.expect(204);
        air.check("end of Flight", 4, &[pilot_flies, (jane, &[], &[]), (john, &[], &[])]).await;
        assert_eq!(air.source(flight).await, "manual");
        assert_eq!(air.source(sales).await, "manual");
        assert_eq!(scim.get("/Groups").await.expect(200)["totalResults"], 0);
        assert_eq!(scim.get("/Users").await.expect(200)["totalResults"], 4);
    }
}
