//! The list of members, and one member's page.

use serde_json::json;

use super::{Visitor, refuses_at, says, says_not};
use crate::support::{on_both_databases, patch, text};

on_both_databases! {
    async fn the_list_shows_who_is_there_and_is_narrowed(app: App) {
        let account = app.account(20).await;
        let cargo = account.add_organization("Cargo").await;
        let flight = account.add_team("Flight", &[&cargo]).await;
        account.add_member("ann@kongair.example", "member").await;
        account.join(&flight, "ann@kongair.example").await;
        let bea = account.provision("bea@kongair.example").await;
        let off = patch(json!([{"op": "replace", "path": "active", "value": false}]));
        account.scim.patch(&format!("/Users/{bea}"), off).await.expect(200);
        let mut owner = Visitor::signed_in(&app, "owner@kongair.example").await;
        let page = owner.page("/members").await;
        says(&page, &[
            "Olive Owner owner@kongair.example Owner Manual Active",
            "ann@kongair.example Member Manual Active Flight 1",
            "bea@kongair.example Member SCIM Deactivated by the identity provider",
            "3 shown",
        ]);
        for (query, who, not) in [
            ("search=bea", "bea@", "ann@"),
            ("role=owner", "Olive", "ann@"),
            ("source=scim", "bea@", "ann@"),
            ("state=active&search=", "ann@", "bea@"),
        ] {
            let page = owner.page(&format!("/members?{query}")).await;
            says(&page, &[who]);
            says_not(&page, &[not]);
        }
        says(&owner.page("/members?search=nobody").await, &["No member is found", "Clear filters"]);
    }

    async fn a_member_is_added_changed_deactivated_and_removed(app: App) {
        let account = app.account(3).await;
        let cargo = account.add_organization("Cargo").await;
        let flight = account.add_team("Flight", &[&cargo]).await;
        let mut owner = Visitor::signed_in(&app, "owner@kongair.example").await;
        let new = [("email", "ann@kongair.example"), ("given_name", "Ann"), ("family_name", "Able"), ("role", "member"), ("key", "once")];
        let page = owner.done("/members/new", &new).await;
        says(&page, &["The member is added", "Ann Able", "An administrator added a member"]);
        owner.done("/members/new", &new).await;
        assert_eq!(account.recount().await, 2, "sent twice, added once");
        let again = [("email", "ann@kongair.example"), ("role", "member")];
        refuses_at(&owner.send("/members/new", &again).await.page(409), "email", "already a member");
        let half = [("email", "x@kongair.example"), ("given_name", "X"), ("role", "member")];
        says(&owner.send("/members/new", &half).await.page(400), &["give both or neither"]);

        account.join(&flight, "ann@kongair.example").await;
        let ann = text(&account.admin.items_of("/members?search=ann").await[0], "id");
        let own = format!("/members/{ann}");
        says(&owner.page(&own).await, &["Cargo Member Team Flight", "Flight", "Edit", "Deactivate"]);
        let edit = format!("{own}/edit");
        let wrong = owner.send(&edit, &[("email", "no address")]).await.page(422);
        refuses_at(&wrong, "email", "is not an e-mail address");
        let fields = [("email", "ann.b@kongair.example"), ("given_name", "Ann"), ("family_name", "Baker")];
        says(&owner.done(&edit, &fields).await, &["Ann Baker", "ann.b@kongair.example"]);

        says(&owner.page(&format!("{own}/deactivate")).await, &["Deactivate Ann Baker?", "the seat is free"]);
        let page = owner.done(&format!("{own}/deactivate"), &[]).await;
        says(&page, &["The member is deactivated", "Reactivate", "while deactivated"]);
        says(&owner.send(&format!("{own}/deactivate"), &[]).await.page(409), &["is deactivated already"]);
        account.add_member("x@kongair.example", "member").await;
        account.add_member("y@kongair.example", "member").await;
        let full = owner.send(&format!("{own}/reactivate"), &[]).await.page(403);
        says(&full, &["No licence seat is free"]);
        let x = text(&account.admin.items_of("/members?search=x").await[0], "id");
        owner.done(&format!("/members/{x}/remove"), &[]).await;
        says(&owner.done(&format!("{own}/reactivate"), &[]).await, &["active again", "Cargo"]);

        let remove = format!("{own}/remove");
        says(&owner.page(&remove).await, &[
            "Remove Ann Baker from the account?", "Leaves 1 team: Flight", "Loses 1 organization: Cargo",
        ]);
        let page = owner.done(&remove, &[]).await;
        says(&page, &["The seat is free"]);
        says_not(&page, &["Ann Baker"]);
        owner.open(&own).await.page(404);
    }

    async fn what_the_identity_provider_keeps_is_said_and_not_offered(app: App) {
        let account = app.account(20).await;
        let bea = account.provision("bea@kongair.example").await;
        let mut owner = Visitor::signed_in(&app, "owner@kongair.example").await;
        let own = format!("/members/{bea}");
        let page = owner.page(&own).await;
        says(&page, &["Kept by the identity provider: change name and address there"]);
        says_not(&page, &["Edit", "Deactivate"]);
        let refused = owner.send(&format!("{own}/edit"), &[("email", "b@kongair.example")]).await;
        says(&refused.page(409), &["is provisioned by SCIM"]);
        says(&owner.page(&format!("{own}/remove")).await, &[
            "came by SCIM. Unassign them in the identity provider, too",
        ]);
        says(&owner.done(&format!("{own}/remove"), &[]).await, &["Unassign the person"]);
    }

    async fn the_account_role_is_given_by_who_may(app: App) {
        let account = app.account(20).await;
        let owner_id = text(&account.admin.items("/members").await[0], "id");
        account.add_member("cora@kongair.example", "co-owner").await;
        let ann = account.add_member("ann@kongair.example", "member").await;
        let mut owner = Visitor::signed_in(&app, "owner@kongair.example").await;
        let last = owner.send(&format!("/members/{owner_id}/role"), &[("role", "member")]).await;
        refuses_at(&last.page(403), "role", "last owner");
        let mut co_owner = Visitor::signed_in(&app, "cora@kongair.example").await;
        let page = co_owner.page(&format!("/members/{owner_id}")).await;
        says(&page, &["Only an owner changes or removes owners and co-owners"]);
        says_not(&page, &["Remove from account", "Save"]);
        let page = co_owner.page(&format!("/members/{ann}")).await;
        assert!(page.contains("value=\"billing-only\"") && !page.contains("value=\"co-owner\""), "{page}");
        let role = format!("/members/{ann}/role");
        let refused = co_owner.send(&role, &[("role", "owner")]).await.page(403);
        refuses_at(&refused, "role", "Only an owner may");
        says(&co_owner.done(&role, &[("role", "billing-only")]).await, &["The account role is changed"]);
        assert_eq!(account.member(&ann).await["role"], "billing-only");
        let removed = co_owner.send(&format!("/members/{owner_id}/remove"), &[]).await.page(403);
        says(&removed, &["Only an owner changes or removes"]);
    }

    async fn two_members_that_are_one_person_are_merged(app: App) {
        let account = app.account(20).await;
        let cargo = account.add_organization("Cargo").await;
        let flight = account.add_team("Flight", &[&cargo]).await;
        let ann = account.add_member("ann@kongair.example", "member").await;
        account.join(&flight, "ann@kongair.example").await;
        let other = account.provision("a.able@kongair.example").await;
        let mut owner = Visitor::signed_in(&app, "owner@kongair.example").await;
        let choose = owner.page(&format!("/members/{ann}/merge?search=a.able")).await;
        says(&choose, &["a.able@kongair.example SCIM Active Preview"]);
        let merge = format!("/members/{ann}/merge/{other}");
        says(&owner.page(&merge).await, &[
            "Merge ann@kongair.example into a.able@kongair.example?",
            "1 team: Flight", "1 organization: Cargo", "1 seat becomes free",
        ]);
        let refused = owner.send(&merge, &[("confirm", "no")]).await.page(422);
        refuses_at(&refused, "confirm", "type ann@kongair.example");
        let page = owner.done(&merge, &[("confirm", "ann@kongair.example")]).await;
        says(&page, &["The two members are one now", "a.able@kongair.example", "Flight"]);
        assert_eq!(account.recount().await, 2);
        let third = account.provision("third@kongair.example").await;
        let refused = owner.open(&format!("/members/{other}/merge/{third}")).await.page(409);
        says(&refused, &["These two cannot be merged", "both provisioned by SCIM"]);
    }

    async fn a_member_without_a_role_has_none_of_these_pages(app: App) {
        let account = app.account(20).await;
        let ann = account.add_member("ann@kongair.example", "member").await;
        let mut member = Visitor::signed_in(&app, "ann@kongair.example").await;
        let own = format!("/members/{ann}");
        for rest in ["", "/edit", "/role", "/merge", "/remove", "/deactivate"] {
            says(&member.open(&format!("{own}{rest}")).await.page(403), &["You may not do this"]);
        }
        member.open("/members").await.page(403);
        member.open("/members/new").await.page(403);
        member.send(&format!("{own}/role"), &[("role", "owner")]).await.page(403);
    }
}
