//! The page of licenses.

use insomnia_scim::store::Scope;
use serde_json::json;

use super::{Visitor, says, says_not};
use crate::support::{on_both_databases, text};

on_both_databases! {
    async fn seats_and_their_holders_are_shown_and_narrowed(app: App) {
        let account = app.account(20).await;
        let cargo = account.add_organization("Cargo").await;
        account.add_member("ann@kongair.example", "member").await;
        account.provision("bea@kongair.example").await;
        account.invite("guest@kongair.example", &cargo).await;
        let mut owner = Visitor::signed_in(&app, "owner@kongair.example").await;
        let page = owner.page("/licenses").await;
        says(&page, &[
            "4 of 20 seats used", "Total 20 Used by members 3 Used by pending invitations 1 Free 16",
            "ann@kongair.example Member Manual Reaches no organization",
            "bea@kongair.example Member SCIM",
            "guest@kongair.example invited Invitation",
            "expires in 30 days", "Users in your domains", "Get more seats", "does not free their seat",
        ]);
        assert!(page.contains("/api/v1/reports/user-activity.csv"), "{page}");
        for (query, who, not) in [
            ("source=scim", "bea@", "ann@"),
            ("source=invitation", "guest@", "ann@"),
            ("role=member", "ann@", "guest@"),
            ("reaches_organizations=false", "ann@", "Olive"),
            ("not_active_for=30", "ann@", "Olive"),
            ("search=guest&source=", "guest@", "bea@"),
        ] {
            let page = owner.page(&format!("/licenses?{query}")).await;
            says(&page, &[who]);
            says_not(&page, &[not]);
        }
        let page = owner.page("/licenses?search=bea").await;
        let file = "/api/v1/reports/licences.csv?search=bea";
        assert!(page.contains(file), "{page}");
        let csv = owner.browser.get(&format!("{}{file}", app.url)).await.page(200);
        assert!(csv.contains("bea@kongair.example") && !csv.contains("ann@"), "{csv}");
    }

    async fn one_license_is_removed_revoked_or_sent_again(app: App) {
        let account = app.account(20).await;
        let cargo = account.add_organization("Cargo").await;
        let owner_id = text(&account.admin.items("/members").await[0], "id");
        let bea = account.provision("bea@kongair.example").await;
        let guest = account.invite("guest@kongair.example", &cargo).await;
        let mut owner = Visitor::signed_in(&app, "owner@kongair.example").await;
        says(&owner.page(&format!("/licenses/{bea}/remove")).await, &["came by SCIM"]);
        let page = owner.done(&format!("/licenses/{bea}/remove"), &[]).await;
        says(&page, &["Unassign the person in the identity provider"]);
        says_not(&page, &["bea@"]);
        let last = owner.send(&format!("/licenses/{owner_id}/remove"), &[]).await.page(403);
        says(&last, &["This is the last owner of the account"]);
        says(&owner.done(&format!("/licenses/{guest}/resend"), &[]).await, &["sent again"]);
        let asked = owner.page(&format!("/licenses/{guest}/revoke")).await;
        says(&asked, &["Revoke the invitation of guest@kongair.example?", "invites to Cargo"]);
        says(&owner.done(&format!("/licenses/{guest}/revoke"), &[]).await, &["The invitation is revoked"]);
        assert_eq!(account.invitation_state(&guest).await, "revoked");
        says(&owner.send(&format!("/licenses/{guest}/revoke"), &[]).await.page(409), &["not pending"]);
        assert_eq!(account.recount().await, 1);
    }

    async fn several_are_removed_with_a_result_for_each(app: App) {
        let account = app.account(20).await;
        let cargo = account.add_organization("Cargo").await;
        let owner_id = text(&account.admin.items("/members").await[0], "id");
        let ann = account.add_member("ann@kongair.example", "member").await;
        let bea = account.provision("bea@kongair.example").await;
        let guest = account.invite("guest@kongair.example", &cargo).await;
        let mut owner = Visitor::signed_in(&app, "owner@kongair.example").await;
        assert!(owner.page("/licenses").await.contains(&format!("form=\"chosen\" name=\"ids\" value=\"{ann}\"")));
        says(&owner.send("/licenses/remove", &[]).await.page(200), &["Nobody is selected"]);
        let chosen = [("ids", owner_id.as_str()), ("ids", &ann), ("ids", &bea), ("ids", &guest), ("ids", "gone")];
        let asked = owner.send("/licenses/remove", &chosen).await.page(200);
        says(&asked, &[
            "Remove 4 licenses from the account?",
            "3 members lose all teams and organizations",
            "1 invitation is revoked: guest@kongair.example",
            "came by SCIM: bea@kongair.example",
            "Remove 4",
        ]);
        assert_eq!(account.recount().await, 4, "nothing is removed yet");
        let sure = [chosen[0], chosen[1], chosen[2], chosen[3], chosen[4], ("confirmed", "true")];
        let page = owner.send("/licenses/remove", &sure).await.page(200);
        says(&page, &[
            "3 seats are free", "2 licenses were not removed",
            "Olive Owner Not removed This is the last owner",
            "guest@kongair.example Removed",
            "bea@kongair.example Removed Unassign this person",
            "No longer in the account Not removed",
        ]);
        assert_eq!(account.recount().await, 1);
    }

    async fn an_owner_of_an_ended_plan_can_still_remove(app: App) {
        let account = app.account(20).await;
        let ann = account.add_member("ann@kongair.example", "member").await;
        let mut owner = Visitor::signed_in(&app, "owner@kongair.example").await;
        let enterprise = account.made.enterprise;
        app.store
            .write(Scope(enterprise), move |transaction| {
                insomnia_scim::store::enterprises::set_plan_active(transaction, enterprise, false)
            })
            .await
            .unwrap();
        let removed = [("ids", ann.as_str()), ("confirmed", "true")];
        let page = owner.send("/licenses/remove", &removed).await.page(200);
        says(&page, &["1 seat is free", "Removed"]);
        let gone = account.admin.post("/licences/remove", json!({"ids": [ann]})).await.expect(200);
        assert_eq!(gone["removed"], 0);
    }

    async fn billing_sees_and_cannot_remove(app: App) {
        let account = app.account(20).await;
        let ann = account.add_member("ann@kongair.example", "member").await;
        account.add_member("bill@kongair.example", "billing-only").await;
        let mut billing = Visitor::signed_in(&app, "bill@kongair.example").await;
        let page = billing.page("/licenses").await;
        says(&page, &["3 of 20 seats used", "ann@kongair.example", "Get more seats", "Download licenses"]);
        says_not(&page, &["Users in your domains", "Remove"]);
        assert!(!page.contains("name=\"ids\"") && !page.contains("user-activity.csv"), "{page}");
        billing.send(&format!("/licenses/{ann}/remove"), &[]).await.page(403);
        billing.send("/licenses/remove", &[("ids", &ann), ("confirmed", "true")]).await.page(403);
        billing.open("/licenses/domains").await.page(403);
        let mut member = Visitor::signed_in(&app, "ann@kongair.example").await;
        says(&member.open("/licenses").await.page(403), &["You may not do this"]);
    }

    async fn users_of_the_domains_are_counted(app: App) {
        let account = app.account(20).await;
        account.add_member("ann@kongair.example", "member").await;
        let mut owner = Visitor::signed_in(&app, "owner@kongair.example").await;
        says(&owner.page("/licenses").await, &["Managed 2 members with an address"]);
        let page = owner.page("/licenses/domains").await;
        says(&page, &["kongair.example 2 0", "numbers of the domains can add up to more"]);
    }
}
