//! Deleting an organization, offering it, and what is offered to me.

use serde_json::json;

use super::{ALL, OWNER, Visitor, first, refuses, says, says_not};
use crate::support::{Account, on_both_databases, text};

const HEIR: &str = "owner@rival.example";

/// Makes the owner of Rival somebody who reaches Cargo.
async fn with_heir(account: &Account, cargo: &str) {
    account.add_member(HEIR, "member").await;
    let path = format!("/organizations/{cargo}/collaborators");
    account.admin.post(&path, json!({"email": HEIR})).await.expect(201);
}

on_both_databases! {
    async fn an_organization_is_deleted_by_its_name_and_the_last_one_never(app: App) {
        let account = app.account(9).await;
        let only = first(&account).await;
        account.add_member("cora@kongair.example", "co-owner").await;
        let mut owner = Visitor::signed_in(&app, OWNER).await;
        let last = owner.page(&format!("{ALL}/{only}/advanced")).await;
        says(&last, &["This is the account's last organization", "New organization"]);
        says_not(&last, &["This cannot be undone"]);
        let refused = owner.send(&format!("{ALL}/{only}/delete"), &[("confirm", "Personal Workspace")]).await;
        says(&refused.page(409), &["last organization"]);

        let cargo = account.add_organization("Cargo").await;
        account.invite("guest@kongair.example", &cargo).await;
        let own = format!("{ALL}/{cargo}");
        let page = owner.page(&format!("{own}/advanced")).await;
        says(&page, &["People who lose access to it, owners of the account included: 1", "Pending invitations that lose it: 1 (guest@kongair.example)"]);
        let mut cora = Visitor::signed_in(&app, "cora@kongair.example").await;
        let why = cora.page(&format!("{own}/advanced")).await;
        says(&why, &["Only owners transfer or delete organizations", "Ask an owner: Olive Owner"]);
        says_not(&why, &["Delete organization"]);
        cora.send(&format!("{own}/delete"), &[("confirm", "Cargo")]).await.page(403);
        let wrong = owner.send(&format!("{own}/delete"), &[("confirm", "cargo")]).await.page(422);
        refuses(&wrong, "confirm", "type Cargo to confirm");
        let (page, path) = owner.done(&format!("{own}/delete"), &[("confirm", "Cargo")]).await;
        assert_eq!(path, ALL);
        says(&page, &["The organization is deleted"]);
        assert_eq!(account.recount().await, 2, "the invitation's seat is free");
        owner.open(&format!("{own}/advanced")).await.page(404);
    }

    async fn conditions_are_shown_with_ways_to_meet_them_then_it_is_offered_and_accepted(app: App) {
        let account = app.account(9).await;
        let rival = app.account_named("Rival", "rival.example", 5).await;
        let cargo = account.add_organization("Cargo").await;
        let invitation = account.invite("guest@kongair.example", &cargo).await;
        let mut heir = Visitor::signed_in(&app, HEIR).await;
        let mut owner = Visitor::signed_in(&app, OWNER).await;
        let own = format!("{ALL}/{cargo}");
        let check = format!("{own}/transfer?email=owner%40rival.example");
        let page = owner.page(&check).await;
        says(&page, &[
            "✗ Not met The new owner is a member who reaches the organization.",
            "✓ Met The new owner owns another account.",
            "✗ Not met No invitation to the organization is pending.", "Revoke all",
            "The organization can be offered when every condition is met",
        ]);
        with_heir(&account, &cargo).await;
        says(&owner.page(&format!("{own}/invitations/revoke-all")).await, &["Revoke all pending invitations?"]);
        says(&owner.done(&format!("{own}/invitations/revoke-all"), &[]).await.0, &["The invitations are revoked"]);
        assert_eq!(account.invitation_state(&invitation).await, "revoked");
        let page = owner.page(&check).await;
        says(&page, &["Type Cargo to confirm", "has 7 days to accept"]);
        says_not(&page, &["Not met"]);
        let unsure = [("email", HEIR), ("confirm", ""), ("key", "k")];
        refuses(&owner.send(&format!("{own}/transfer"), &unsure).await.page(422), "confirm", "type Cargo");
        let sure = [("email", HEIR), ("confirm", "Cargo"), ("key", "k")];
        let (page, _) = owner.done(&format!("{own}/transfer"), &sure).await;
        says(&page, &["Cargo is offered to owner@rival.example until", "Take back"]);
        let (page, _) = owner.done(&format!("{own}/transfer/take-back"), &[]).await;
        says(&page, &["The offer is taken back", "Check the conditions"]);
        owner.done(&format!("{own}/transfer"), &[("email", HEIR), ("confirm", "Cargo"), ("key", "n")]).await;

        app.background().await;
        let mail = app.mailbox.to(HEIR);
        let link = format!("{}/app/transfers", app.url);
        assert!(mail.iter().any(|mail| mail.text.contains(&link)), "no mail leads to the page");
        let page = heir.page("/app/transfers").await;
        says(&page, &["Cargo KongAir owner@rival.example", "Accept", "Decline", "Rival"]);
        let id = text(&account.admin.get(&format!("/organizations/{cargo}/transfer")).await.expect(200), "id");
        let accept = format!("/app/transfers/{id}/accept");
        let page = heir.page(&accept).await;
        says(&page, &["It moves from KongAir into Rival", "People who come along: 1. Seats that they need: 0, free: 4"]);
        refuses(&heir.send(&accept, &[("confirm", "x")]).await.page(422), "confirm", "type Cargo");
        let (page, path) = heir.done(&accept, &[("confirm", "Cargo")]).await;
        assert_eq!(path, format!("{own}/collaborators"));
        says(&page, &["The organization is in your account now"]);
        rival.admin.get(&format!("/organizations/{cargo}")).await.expect(200);
        says(&heir.page("/app/transfers").await, &["Nothing is offered to you"]);
    }

    async fn an_offer_that_cannot_be_accepted_says_why_and_is_declined(app: App) {
        let account = app.account(9).await;
        app.account_named("Rival", "rival.example", 5).await;
        let cargo = account.add_organization("Cargo").await;
        with_heir(&account, &cargo).await;
        // Who has signed in owns the account that was made for them.
        let mut heir = Visitor::signed_in(&app, HEIR).await;
        let path = format!("/organizations/{cargo}/transfer");
        let id = text(&account.admin.post(&path, json!({"email": HEIR})).await.expect(201), "id");
        account.invite("guest@kongair.example", &cargo).await;
        let page = heir.page(&format!("/app/transfers/{id}/accept")).await;
        says(&page, &["It cannot be accepted now", "1 invitations to the organization are pending"]);
        says_not(&page, &["to confirm"]);
        let decline = format!("/app/transfers/{id}/decline");
        says(&heir.page(&decline).await, &["Decline Cargo?", "It stays in KongAir"]);
        let (page, _) = heir.done(&decline, &[]).await;
        says(&page, &["The offer is declined", "Nothing is offered to you"]);
        account.admin.get(&path).await.expect(404);
        // Somebody else has no such offer.
        let mut owner = Visitor::signed_in(&app, OWNER).await;
        owner.open(&decline).await.page(404);
    }
}
