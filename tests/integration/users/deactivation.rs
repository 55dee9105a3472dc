//! Deactivation frees the seat and takes all access; what was there comes back with `active`.

use serde_json::{Value, json};

use crate::support::{Account, on_both_databases, patch, text, user};

const ADDRESS: &str = "amelia@kongair.example";

/// A provisioned user with an organization of its own, in one manual and one SCIM team.
struct Pilot {
    account: Account,
    id: String,
    path: String,
    organization: String,
    teams: [String; 2],
    access: Vec<(String, String, Value)>,
}

impl Pilot {
    async fn in_account(account: Account) -> Self {
        let organization = account.add_organization("Cargo").await;
        let flight = account.add_team("Flight", &[&organization]).await;
        account.invite(ADDRESS, &organization).await;
        let id = account.provision(ADDRESS).await;
        account.join(&flight, ADDRESS).await;
        let crew = account.scim.post("/Groups", crate::support::group("Crew", &[&id])).await;
        let crew = text(&crew.expect(201), "id");
        let link = format!("/teams/{crew}/organizations/{organization}");
        account.admin.put(&link, json!({})).await.expect(204);
        let access = account.access(&id).await;
        let ways = json!(["direct", flight, crew]);
        assert_eq!(access, [(organization.clone(), "member".to_owned(), ways)]);
        let path = format!("/Users/{id}");
        let teams = [flight, crew];
        Self { account, id, path, organization, teams, access }
    }

    /// The address among those who reach the organization.
    async fn is_collaborator(&self) -> bool {
        let path = format!("/organizations/{}/collaborators", self.organization);
        let people = self.account.admin.items(&path).await;
        people.iter().any(|person| person["email"] == ADDRESS)
    }

    async fn is_out(&self) {
        let member = self.account.member(&self.id).await;
        assert_eq!(member["state"], "inactive");
        assert!(member["seat_since"].is_null());
        assert_eq!(self.account.recount().await, 1, "the seat is free");
        assert!(self.account.access(&self.id).await.is_empty());
        assert!(!self.is_collaborator().await);
        // Still there for the identity provider, memberships and all.
        let read = self.account.scim.get(&self.path).await.expect(200);
        assert_eq!(read["active"], false);
        let groups: Vec<_> =
            read["groups"].as_array().unwrap().iter().map(|group| text(group, "value")).collect();
        assert_eq!(groups, self.teams);
        for filter in [format!("userName eq \"{ADDRESS}\""), "active eq false".to_owned()] {
            let found = self.account.scim.filter("/Users", &filter).await.expect(200);
            assert_eq!(found["Resources"][0]["id"], *self.id, "{filter}");
        }
        for team in &self.teams {
            assert_eq!(self.account.team_members(team).await, std::slice::from_ref(&self.id));
        }
    }

    async fn is_in(&self) {
        let member = self.account.member(&self.id).await;
        assert_eq!(member["state"], "active");
        assert!(member["seat_since"].is_string());
        assert_eq!(self.account.recount().await, 2, "a seat is taken");
        assert_eq!(self.account.access(&self.id).await, self.access);
        assert!(self.is_collaborator().await);
    }
}

/// Every way in which identity providers say that a user is (in)active, as PATCH operations.
fn spellings(active: bool) -> Vec<Value> {
    let words = if active { ["true", "True"] } else { ["false", "False"] };
    let mut operations = Vec::new();
    for value in [json!(active), json!(words[0]), json!(words[1])] {
        operations.push(json!({"op": "replace", "path": "active", "value": value}));
        operations.push(json!({"op": "Replace", "path": "active", "value": value}));
        operations.push(json!({"op": "replace", "value": {"active": value}}));
        operations.push(json!({"op": "Add", "path": "active", "value": value}));
    }
    let urn = "urn:ietf:params:scim:schemas:core:2.0:User";
    operations.push(json!({"op": "replace", "path": format!("{urn}:active"), "value": active}));
    operations.push(json!({"op": "replace", "path": "Active", "value": words[1].to_uppercase()}));
    operations
}

on_both_databases! {
    async fn active_false_in_every_spelling_takes_seat_and_access_and_true_gives_them_back(app: App) {
        let pilot = Pilot::in_account(app.account(5).await).await;
        for (off, on) in spellings(false).into_iter().zip(spellings(true)) {
            let change = patch(json!([off]));
            let answer = pilot.account.scim.patch(&pilot.path, change).await;
            assert_eq!(answer.status, 200, "{off}: {}", answer.body);
            assert_eq!(answer.body["active"], false, "{off}");
            pilot.is_out().await;
            let answer = pilot.account.scim.patch(&pilot.path, patch(json!([on]))).await;
            assert_eq!(answer.status, 200, "{on}: {}", answer.body);
            assert_eq!(answer.body["active"], true, "{on}");
            pilot.is_in().await;
        }
    }

    async fn a_put_deactivates_and_reactivates(app: App) {
        let pilot = Pilot::in_account(app.account(5).await).await;
        for (off, on) in [(json!(false), json!(true)), (json!("False"), json!("True"))] {
            let mut resource = user(ADDRESS);
            resource["active"] = off;
            pilot.account.scim.put(&pilot.path, resource.clone()).await.expect(200);
            pilot.is_out().await;
            resource["active"] = on;
            pilot.account.scim.put(&pilot.path, resource).await.expect(200);
            pilot.is_in().await;
        }
    }

    async fn a_put_that_does_not_say_active_lets_nobody_in_or_out(app: App) {
        let pilot = Pilot::in_account(app.account(5).await).await;
        let mut silent = user(ADDRESS);
        silent.as_object_mut().unwrap().remove("active");
        silent["title"] = json!("Captain");
        pilot.account.scim.put(&pilot.path, silent.clone()).await.expect(200);
        pilot.is_in().await;
        let off = patch(json!([{"op": "replace", "path": "active", "value": false}]));
        pilot.account.scim.patch(&pilot.path, off).await.expect(200);
        silent["title"] = json!("First officer");
        pilot.account.scim.put(&pilot.path, silent).await.expect(200);
        pilot.is_out().await;
    }

    async fn deactivating_twice_frees_one_seat(app: App) {
        let pilot = Pilot::in_account(app.account(5).await).await;
        let other = pilot.account.provision("other@kongair.example").await;
        let off = patch(json!([{"op": "replace", "path": "active", "value": false}]));
        for _ in 0..2 {
            pilot.account.scim.patch(&pilot.path, off.clone()).await.expect(200);
            assert_eq!(pilot.account.recount().await, 2);
        }
        assert_eq!(pilot.account.member(&other).await["state"], "active");
    }

    async fn a_deactivated_administrators_token_opens_nothing(app: App) {
        let account = app.account(5).await;
        let id = account.add_member("second@kongair.example", "owner").await;
        let off = patch(json!([{"op": "replace", "path": "active", "value": false}]));
        let first = format!("/Users/{}", account.made.owner_id);
        account.admin.get("/seats").await.expect(200);
        account.scim.patch(&first, off).await.expect(200);
        account.admin.get("/seats").await.expect(401);
        let found = account.scim.get(&format!("/Users/{id}")).await.expect(200);
        assert_eq!(found["active"], true);
    }
}
