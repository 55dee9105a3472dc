//! The page of owners, co-owners and billing-only members.

use super::{Visitor, refuses_at, says, says_not};
use crate::support::{on_both_databases, text};

on_both_databases! {
    async fn a_member_gets_a_role_at_once_and_somebody_else_is_invited(app: App) {
        let account = app.account(20).await;
        let ann = account.add_member("ann@kongair.example", "member").await;
        let mut owner = Visitor::signed_in(&app, "owner@kongair.example").await;
        let page = owner.page("/co-owners").await;
        says(&page, &["Olive Owner owner@kongair.example Owner", "make somebody else owner first"]);
        says_not(&page, &["ann@"]);
        let page =
            owner.done("/co-owners", &[("email", "ann@kongair.example"), ("role", "co-owner")]).await;
        says(&page, &["The account role is changed", "ann@kongair.example Co-owner"]);
        let stranger = [("email", "new@elsewhere.example"), ("role", "billing-only")];
        let refused = owner.send("/co-owners", &stranger).await.page(409);
        refuses_at(&refused, "email", "is no member of this account yet");
        let invited = [("email", "new@elsewhere.example"), ("role", "co-owner")];
        let page = owner.done("/co-owners", &invited).await;
        says(&page, &["is invited to be co-owner", "new@elsewhere.example", "expires in 30 days", "Revoke"]);
        let invitation = &account.admin.items("/invitations").await[0];
        assert_eq!(invitation["account_role"], "co-owner");
        let wrong = owner.send("/co-owners", &[("email", "a b"), ("role", "co-owner")]).await;
        refuses_at(&wrong.page(422), "email", "is not an e-mail address");
        let wrong = owner.send("/co-owners", &[("email", "ann@kongair.example"), ("role", "member")]).await;
        refuses_at(&wrong.page(422), "role", "choose co-owner, billing or owner");

        let role = format!("/co-owners/{ann}/role");
        says(&owner.page(&role).await, &["The account role of"]);
        says(&owner.done(&role, &[("role", "owner")]).await, &["ann@kongair.example Owner"]);
        let remove = format!("/co-owners/{ann}/remove");
        says(&owner.page(&remove).await, &["Remove the role of", "stays in the account as a member"]);
        let page = owner.done(&remove, &[("role", "member")]).await;
        says_not(&page, &["ann@"]);
        assert_eq!(account.member(&ann).await["role"], "member");
    }

    async fn a_co_owner_sees_and_a_member_does_not(app: App) {
        let account = app.account(20).await;
        let cora = account.add_member("cora@kongair.example", "co-owner").await;
        account.add_member("ann@kongair.example", "member").await;
        let owner = text(&account.admin.items("/members").await[0], "id");
        let mut co_owner = Visitor::signed_in(&app, "cora@kongair.example").await;
        let page = co_owner.page("/co-owners").await;
        says(&page, &["Olive Owner", "cora@kongair.example", "Only an owner gives or takes"]);
        says_not(&page, &["Change role", "Invite"]);
        for id in [&cora, &owner] {
            co_owner.open(&format!("/co-owners/{id}/role")).await.page(403);
            co_owner.send(&format!("/co-owners/{id}/remove"), &[("role", "member")]).await.page(403);
        }
        let taken = co_owner.send("/co-owners", &[("email", "cora@kongair.example"), ("role", "owner")]);
        says(&taken.await.page(403), &["You may not do this"]);
        let mut member = Visitor::signed_in(&app, "ann@kongair.example").await;
        says(&member.open("/co-owners").await.page(403), &["You may not do this"]);
    }
}
