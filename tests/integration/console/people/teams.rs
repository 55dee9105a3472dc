//! A team's page: its organizations, its members, its SCIM group, its end.

use serde_json::json;

use super::{Visitor, refuses_at, says, says_not};
use crate::support::{group, on_both_databases, text};

on_both_databases! {
    async fn several_organizations_are_linked_after_a_preview_and_unlinked_one_by_one(app: App) {
        let account = app.account(20).await;
        let (cargo, passengers) =
            (account.add_organization("Cargo").await, account.add_organization("Passengers").await);
        let flight = account.add_team("Flight", &[]).await;
        for name in ["ann", "bea", "cleo", "dora", "eve", "fay"] {
            let email = format!("{name}@kongair.example");
            account.add_member(&email, "member").await;
            account.join(&flight, &email).await;
        }
        let mut owner = Visitor::signed_in(&app, "owner@kongair.example").await;
        let team = format!("/team/{flight}");
        says(&owner.page(&team).await, &["Org links", "linked to no organization"]);
        let link = format!("{team}/link");
        let page = owner.page(&format!("{link}?search=carg")).await;
        says(&page, &["Cargo"]);
        says_not(&page, &["Passengers"]);
        assert!(page.contains("aria-label=\"Select Cargo\""), "{page}");
        let none = owner.send(&link, &[]).await.page(422);
        says(&none, &["there are 0", "Cargo"]);

        let chosen = [("organization_ids", cargo.as_str()), ("organization_ids", &passengers)];
        let asked = owner.send(&link, &chosen).await.page(200);
        says(&asked, &[
            "Link Flight to 2 organizations?",
            "6 members reach more than now",
            "6 members gain access: ann@kongair.example, bea@kongair.example, cleo@kongair.example, \
             dora@kongair.example, eve@kongair.example and 1 more",
        ]);
        assert!(asked.contains(&format!("name=\"organization_ids\" value=\"{passengers}\"")));
        let links = account.admin.get(&format!("/teams/{flight}")).await.expect(200);
        assert_eq!(links["organizations"], json!([]), "a preview changes nothing");
        let sure = [chosen[0], chosen[1], ("confirmed", "true")];
        let page = owner.done(&link, &sure).await;
        says(&page, &["The team is linked", "Cargo", "Passengers"]);
        says(&owner.page(&link).await, &["Cargo Linked", "Passengers Linked"]);

        let unlink = format!("{team}/unlink/{cargo}");
        let asked = owner.page(&unlink).await;
        says(&asked, &["Unlink Flight from Cargo?", "6 members lose access: ann@kongair.example"]);
        says(&owner.done(&unlink, &[]).await, &["no longer linked"]);
        says(&owner.page(&unlink).await, &["Flight is not linked to Cargo any more"]);
        let links = account.admin.get(&format!("/teams/{flight}")).await.expect(200);
        assert_eq!(links["organizations"], json!([{"id": passengers, "name": "Passengers"}]));
    }

    async fn members_are_found_added_given_a_role_and_taken_out(app: App) {
        let account = app.account(20).await;
        let cargo = account.add_organization("Cargo").await;
        let flight = account.add_team("Flight", &[&cargo]).await;
        let ann = account.add_member("ann@kongair.example", "member").await;
        let bea = account.provision("bea@kongair.example").await;
        account.scim.post("/Groups", group("Flight", &[&ann, &bea])).await.expect(201);
        let mut owner = Visitor::signed_in(&app, "owner@kongair.example").await;
        let team = format!("/team/{flight}");
        let add = format!("{team}/members/add");
        let refused = owner.send(&add, &[("email", "nobody@x.example"), ("role", "team")]).await;
        refuses_at(&refused.page(404), "email", "does not exist in this account");
        let page =
            owner.done(&add, &[("email", "ann@kongair.example"), ("role", "admin")]).await;
        says(&page, &["By hand and by SCIM", "Admin of this place only", "By SCIM Member"]);
        let page = owner.page(&format!("{team}?search=bea")).await;
        says(&page, &["bea@kongair.example"]);
        says_not(&page, &["ann@kongair.example"]);
        says(&owner.page(&format!("{team}?source=manual&search=x")).await, &["No member is found"]);

        let role = format!("{team}/members/{ann}/role");
        says(&owner.page(&role).await, &["The role of", "The team's role"]);
        let page = owner.done(&role, &[("role", "team")]).await;
        says_not(&page, &["of this place only"]);
        let refused = owner.send(&role, &[("role", "pilot")]).await.page(422);
        refuses_at(&refused, "role", "choose one of the values");

        let remove = format!("{team}/members/{bea}/remove");
        says(&owner.page(&remove).await, &[
            "Loses 1 organization: Cargo",
            "The seat stays taken",
            "The identity provider has bea@kongair.example in this group, too",
        ]);
        says(&owner.done(&remove, &[]).await, &["The seat stays taken"]);
        assert_eq!(account.team_members(&flight).await, [ann]);
        owner.open(&remove).await.page(404);
    }

    async fn a_manual_team_and_a_group_become_one_and_two_again(app: App) {
        let account = app.account(20).await;
        let cargo = account.add_organization("Cargo").await;
        let flight = account.add_team("Flight", &[&cargo]).await;
        let mut owner = Visitor::signed_in(&app, "owner@kongair.example").await;
        let groups = format!("/team/{flight}/scim-group");
        says(&owner.page(&groups).await, &["No groups without a team"]);
        let bea = account.provision("bea@kongair.example").await;
        let pilots = account.scim.post("/Groups", group("Pilots", &[&bea])).await.expect(201);
        let ask = format!("{groups}/{}", text(&pilots, "id"));
        let page = owner.page(&groups).await;
        says(&page, &["Pilots"]);
        assert!(page.contains(&format!("/app/enterprise{ask}")), "{page}");
        says(&owner.page(&ask).await, &[
            "Link Flight to Pilots?",
            "The team's name becomes Pilots",
            "1 member joins: bea@kongair.example",
            "They reach 1 organization: Cargo",
        ]);
        let page = owner.done(&ask, &[]).await;
        says(&page, &["are one now", "It was called Flight before"]);

        let edit = owner.page(&format!("/team/{flight}/edit")).await;
        says(&edit, &["It is kept by the identity provider", "unlink the team from it first"]);
        assert!(!edit.contains("name=\"name\""), "{edit}");
        let fields = [("description", "Flies"), ("role", "admin")];
        says(&owner.done(&format!("/team/{flight}/edit"), &fields).await, &["Pilots", "Flies", "Admin"]);
        says(&owner.page(&format!("/team/{flight}/delete")).await, &["Unlink it from its SCIM group first"]);

        let unlink = format!("/team/{flight}/unlink-scim-group");
        says(&owner.page(&unlink).await, &[
            "is manual again, and is called Flight",
            "1 member leaves the team",
            "bea@kongair.example",
        ]);
        says(&owner.done(&unlink, &[]).await, &["The team is manual again", "Flight"]);
        let refused = owner.open(&unlink).await.page(409);
        says(&refused, &["was not linked by hand"]);
    }

    async fn deleting_tells_who_loses_what_and_a_linked_team_is_typed(app: App) {
        let account = app.account(20).await;
        let cargo = account.add_organization("Cargo").await;
        let (flight, sales) =
            (account.add_team("Flight", &[&cargo]).await, account.add_team("Sales", &[]).await);
        account.add_member("ann@kongair.example", "member").await;
        account.join(&flight, "ann@kongair.example").await;
        let mut owner = Visitor::signed_in(&app, "owner@kongair.example").await;
        let delete = format!("/team/{flight}/delete");
        says(&owner.page(&delete).await, &[
            "Type Flight to confirm", "Cargo", "1 member loses access: ann@kongair.example",
        ]);
        let refused = owner.send(&delete, &[("confirm", "flight")]).await.page(422);
        refuses_at(&refused, "confirm", "type Flight");
        says(&owner.done(&delete, &[("confirm", "Flight")]).await, &["The team is deleted"]);
        let unlinked = owner.page(&format!("/team/{sales}/delete")).await;
        says(&unlinked, &["Nobody loses an organization"]);
        says_not(&unlinked, &["to confirm"]);
        owner.done(&format!("/team/{sales}/delete"), &[]).await;
        assert!(account.admin.items("/teams").await.is_empty());
    }

    async fn a_member_has_none_of_these_pages(app: App) {
        let account = app.account(20).await;
        let flight = account.add_team("Flight", &[]).await;
        let ann = account.add_member("ann@kongair.example", "member").await;
        account.join(&flight, "ann@kongair.example").await;
        let mut member = Visitor::signed_in(&app, "ann@kongair.example").await;
        let pages = [
            "/link", "/scim-group", "/members/add", "/delete", "/unlink/org_1",
            &format!("/members/{ann}/role"), &format!("/members/{ann}/remove"),
        ];
        for rest in pages {
            let path = format!("/team/{flight}{rest}");
            says(&member.open(&path).await.page(403), &["You may not do this"]);
        }
        member.send(&format!("/team/{flight}/link"), &[]).await.page(403);
    }
}
