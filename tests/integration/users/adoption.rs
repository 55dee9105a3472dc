//! What an identity provider provisions may be there already: as a manual member or as a pending
//! invitation.

use serde_json::{Value, json};

use crate::support::{Account, on_both_databases, patch, text, user};

/// A manual member with a role, a team and an organization of its own.
struct Manual {
    account: Account,
    id: String,
    team: String,
    access: Vec<(String, String, Value)>,
}

impl Manual {
    async fn in_account(account: Account) -> Self {
        let cargo = account.add_organization("Cargo").await;
        let passengers = account.add_organization("Passengers").await;
        let team = account.add_team("Flight", &[&cargo]).await;
        // Accepting this invitation gives it an organization directly.
        account.invite("Amelia@KongAir.example", &passengers).await;
        let id = account.add_member("Amelia@KongAir.example", "co-owner").await;
        account.join(&team, "amelia@kongair.example").await;
        let access = account.access(&id).await;
        assert_eq!(access.len(), 2, "{access:?}");
        assert_eq!(account.seats().await, (2, 5));
        Self { account, id, team, access }
    }

    /// Checks that it is the identity provider's now, and otherwise what it was.
    async fn is_adopted(&self) {
        let account = &self.account;
        let member = account.member(&self.id).await;
        assert_eq!(member["source"], "scim");
        assert_eq!(member["role"], "co-owner");
        assert_eq!(member["state"], "active");
        assert_eq!(account.access(&self.id).await, self.access);
        let members = account.admin.items(&format!("/teams/{}/members", self.team)).await;
        assert_eq!(members.len(), 1);
        assert_eq!(members[0]["id"], *self.id);
        assert_eq!(members[0]["source"], "manual", "a membership made by hand stays so");
        assert_eq!(account.seats().await, (2, 5), "the seat is not counted twice");
        assert_eq!(account.recount().await, 2);
    }
}

/// A user called so, with these addresses.
fn named(user_name: &str, emails: &[&str]) -> Value {
    let mut named = user(user_name);
    named["emails"] = emails.iter().map(|email| json!({"value": email})).collect();
    named
}

on_both_databases! {
    async fn a_manual_member_is_adopted_by_user_name_in_any_letter_case(app: App) {
        let manual = Manual::in_account(app.account(5).await).await;
        let answer = manual.account.scim.post("/Users", named("AMELIA@kongair.EXAMPLE", &[])).await;
        let location = answer.header("location").to_owned();
        let created = answer.expect(201);
        assert_eq!(created["id"], *manual.id);
        assert_eq!(created["userName"], "AMELIA@kongair.EXAMPLE");
        assert!(location.ends_with(&manual.id), "{location}");
        manual.is_adopted().await;
    }

    async fn a_manual_member_is_adopted_by_any_address_in_any_letter_case(app: App) {
        let manual = Manual::in_account(app.account(5).await).await;
        let emails = ["a.earhart@kongair.example", "aMELIA@kongair.example"];
        let created = manual.account.scim.post("/Users", named("aearhart", &emails)).await.expect(201);
        assert_eq!(created["id"], *manual.id);
        manual.is_adopted().await;
    }

    async fn an_adopted_member_cannot_be_adopted_again(app: App) {
        let manual = Manual::in_account(app.account(5).await).await;
        manual.account.scim.post("/Users", user("amelia@kongair.example")).await.expect(201);
        let again = manual.account.scim.post("/Users", user("amelia@kongair.example")).await;
        assert_eq!(again.expect(409)["scimType"], "uniqueness");
        manual.is_adopted().await;
    }

    async fn adoption_needs_no_free_seat(app: App) {
        let account = app.account(2).await;
        let id = account.add_member("amelia@kongair.example", "member").await;
        assert_eq!(account.provision("amelia@kongair.example").await, id);
        assert_eq!(account.seats().await, (2, 2));
    }

    async fn the_owner_is_adopted_and_stays_owner(app: App) {
        let account = app.account(5).await;
        assert_eq!(account.provision("owner@kongair.example").await, account.made.owner_id);
        let owner = account.member(&account.made.owner_id).await;
        assert_eq!((&owner["role"], &owner["source"]), (&json!("owner"), &json!("scim")));
        assert_eq!(account.seats().await, (1, 5));
    }

    async fn a_manual_member_that_is_looked_up_is_found_and_a_put_adopts_it(app: App) {
        let manual = Manual::in_account(app.account(5).await).await;
        let scim = &manual.account.scim;
        for filter in [
            "userName eq \"amelia@kongair.example\"",
            "emails.value eq \"AMELIA@kongair.example\"",
            "emails[type eq \"work\" and value eq \"amelia@kongair.example\"]",
        ] {
            let found = scim.filter("/Users", filter).await.expect(200);
            assert_eq!(found["totalResults"], 1, "{filter}");
            assert_eq!(found["Resources"][0]["id"], *manual.id, "{filter}");
        }
        assert_eq!(manual.account.member(&manual.id).await["source"], "manual", "looking is free");
        let put = scim.put(&format!("/Users/{}", manual.id), user("amelia@kongair.example")).await;
        assert_eq!(put.expect(200)["id"], *manual.id);
        manual.is_adopted().await;
    }

    async fn a_patch_adopts_a_manual_member(app: App) {
        let manual = Manual::in_account(app.account(5).await).await;
        let change = patch(json!([{"op": "add", "path": "externalId", "value": "00u1"}]));
        let path = format!("/Users/{}", manual.id);
        let patched = manual.account.scim.patch(&path, change).await.expect(200);
        assert_eq!(patched["externalId"], "00u1");
        manual.is_adopted().await;
    }

    async fn a_patch_that_changes_nothing_adopts_a_manual_member_all_the_same(app: App) {
        let manual = Manual::in_account(app.account(5).await).await;
        let change = patch(json!([{"op": "replace", "path": "active", "value": true}]));
        manual.account.scim.patch(&format!("/Users/{}", manual.id), change).await.expect(200);
        manual.is_adopted().await;
    }

    async fn a_member_adopted_as_inactive_gives_its_seat_back(app: App) {
        let manual = Manual::in_account(app.account(5).await).await;
        let mut left = user("amelia@kongair.example");
        left["active"] = json!(false);
        let created = manual.account.scim.post("/Users", left).await.expect(201);
        assert_eq!(created["id"], *manual.id);
        assert_eq!(manual.account.member(&manual.id).await["state"], "inactive");
        assert_eq!(manual.account.seats().await, (1, 5));
        assert!(manual.account.access(&manual.id).await.is_empty());
    }

    async fn a_pending_invitation_becomes_the_members_seat_and_is_accepted(app: App) {
        let account = app.account(2).await;
        let cargo = account.add_organization("Cargo").await;
        let admin = json!({"email": "New@KongAir.example", "organization_id": cargo, "role": "admin"});
        let invitation = text(&account.admin.post("/invitations", admin).await.expect(201), "id");
        assert_eq!(account.seats().await, (2, 2));
        // The last seat is the invitation's own.
        let id = account.provision("new@kongair.example").await;
        let seats = account.admin.get("/seats").await.expect(200);
        assert_eq!(
            seats,
            json!({"total": 2, "used": 2, "members": 2, "pending_invitations": 0})
        );
        assert_eq!(account.invitation_state(&invitation).await, "accepted");
        assert_eq!(account.access(&id).await, [(cargo, "admin".to_owned(), json!(["direct"]))]);
        let member = account.member(&id).await;
        assert_eq!((&member["source"], &member["state"]), (&json!("scim"), &json!("active")));
    }

    async fn an_invitation_to_a_team_is_honoured_by_any_address(app: App) {
        let account = app.account(5).await;
        let cargo = account.add_organization("Cargo").await;
        let team = account.add_team("Flight", &[&cargo]).await;
        let invited = json!({"email": "new@kongair.example", "team_id": team});
        let invitation = text(&account.admin.post("/invitations", invited).await.expect(201), "id");
        let emails = ["other@kongair.example", "NEW@kongair.example"];
        let created = account.scim.post("/Users", named("newcomer", &emails)).await.expect(201);
        let id = text(&created, "id");
        assert_eq!(account.invitation_state(&invitation).await, "accepted");
        assert_eq!(account.team_members(&team).await, std::slice::from_ref(&id));
        assert_eq!(account.access(&id).await, [(cargo, "member".to_owned(), json!([team]))]);
        assert_eq!(account.seats().await, (2, 5));
    }

    async fn an_expired_invitation_is_not_accepted_and_grants_nothing(app: App) {
        let account = app.account(5).await;
        let cargo = account.add_organization("Cargo").await;
        let invitation = account.invite("late@kongair.example", &cargo).await;
        app.clock.advance(30 * 24 * 60 * 60 * 1000);
        let id = account.provision("late@kongair.example").await;
        assert_eq!(account.invitation_state(&invitation).await, "expired");
        assert!(account.access(&id).await.is_empty());
        assert_eq!(account.recount().await, 2);
    }

    async fn an_expired_invitation_does_not_stand_in_the_way_of_an_adoption(app: App) {
        let account = app.account(5).await;
        let cargo = account.add_organization("Cargo").await;
        account.invite("amelia.e@kongair.example", &cargo).await;
        let id = account.add_member("amelia@kongair.example", "member").await;
        let both = named("amelia@kongair.example", &["amelia.e@kongair.example"]);
        let refusal = account.scim.post("/Users", both.clone()).await.expect(409);
        assert!(text(&refusal, "detail").contains("amelia.e@kongair.example"), "{refusal}");
        app.clock.advance(30 * 24 * 60 * 60 * 1000);
        assert_eq!(account.scim.post("/Users", both).await.expect(201)["id"], *id);
    }
}

on_both_databases! {
    async fn a_user_who_takes_an_invited_address_takes_its_seat_with_it(app: App) {
        let account = app.account(5).await;
        let organization =
            account.admin.post("/organizations", json!({"name": "Cargo"})).await.expect(201);
        let invitation = json!({
            "email": "new@kongair.example", "organization_id": organization["id"], "role": "admin",
        });
        account.admin.post("/invitations", invitation).await.expect(201);
        let id = account.provision("old@kongair.example").await;
        assert_eq!(account.seats().await, (3, 5));
        let emails = json!([{"value": "new@kongair.example", "type": "work", "primary": true}]);
        let change = patch(json!([{"op": "replace", "path": "emails", "value": emails}]));
        account.scim.patch(&format!("/Users/{id}"), change).await.expect(200);
        assert_eq!(account.seats().await, (2, 5));
        let access = account.admin.get(&format!("/members/{id}/access")).await.expect(200);
        assert_eq!(access["items"][0]["organization_name"], "Cargo");
        assert_eq!(access["items"][0]["role"], "admin");
    }

    async fn a_further_address_takes_an_invitation_as_member_and_joins_no_team_of_admins(app: App) {
        let account = app.account(5).await;
        let cargo = account.add_organization("Cargo").await;
        let flight = account.add_team("Flight", &[&cargo]).await;
        let team = json!({"name": "Captains", "role": "admin"});
        let captains = text(&account.admin.post("/teams", team).await.expect(201), "id");
        for target in [
            json!({"organization_id": cargo, "role": "admin"}),
            json!({"team_id": flight}),
            json!({"team_id": captains}),
        ] {
            let mut invitation = target;
            invitation["email"] = json!("boss@kongair.example");
            account.admin.post("/invitations", invitation).await.expect(201);
        }
        let emails = ["amelia@kongair.example", "boss@kongair.example"];
        let created = account.scim.post("/Users", named("amelia", &emails)).await.expect(201);
        let id = text(&created, "id");
        assert_eq!(account.seats().await, (2, 5));
        let access = account.access(&id).await;
        assert!(access.iter().all(|(_, role, _)| role == "member"), "{access:?}");
        assert_eq!(account.team_members(&flight).await, std::slice::from_ref(&id));
        assert!(account.team_members(&captains).await.is_empty());
        let log = account.admin.items_of("/audit-log?action=invitation.withheld").await;
        let organization = json!({"id": cargo, "name": "Cargo", "role": "admin", "given": "member"});
        let team = json!({"id": captains, "name": "Captains", "role": "admin"});
        assert_eq!(log.len(), 1);
        assert_eq!(log[0]["after"], json!({"organizations": [organization], "teams": [team]}));
        assert_eq!(log[0]["target"]["name"], "boss@kongair.example");
    }

    async fn an_address_added_later_makes_no_admin_and_takes_no_role_away(app: App) {
        let account = app.account(5).await;
        let cargo = account.add_organization("Cargo").await;
        let passengers = account.add_organization("Passengers").await;
        let admin = json!({"email": "amelia@kongair.example", "organization_id": cargo, "role": "admin"});
        account.admin.post("/invitations", admin).await.expect(201);
        let id = account.provision("amelia@kongair.example").await;
        for (organization, role) in [(&cargo, "member"), (&passengers, "admin")] {
            let body = json!({"email": "boss@kongair.example", "organization_id": organization, "role": role});
            account.admin.post("/invitations", body).await.expect(201);
        }
        let emails = json!([{"value": "amelia@kongair.example", "primary": true},
            {"value": "boss@kongair.example"}]);
        let change = patch(json!([{"op": "replace", "path": "emails", "value": emails}]));
        account.scim.patch(&format!("/Users/{id}"), change).await.expect(200);
        assert_eq!(account.seats().await, (2, 5));
        let mut access: Vec<_> =
            account.access(&id).await.into_iter().map(|(id, role, _)| (id, role)).collect();
        access.sort();
        let mut expected =
            vec![(cargo, "admin".to_owned()), (passengers, "member".to_owned())];
        expected.sort();
        assert_eq!(access, expected);
    }
}
