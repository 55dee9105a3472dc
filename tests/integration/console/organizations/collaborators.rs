//! The list of those who reach an organization.

use serde_json::json;

use super::{ALL, OWNER, Visitor, says, says_not};
use crate::support::{on_both_databases, text};

const ANN: &str = "ann@kongair.example";

on_both_databases! {
    async fn collaborators_are_found_given_another_role_and_removed(app: App) {
        let account = app.account(9).await;
        let cargo = account.add_organization("Cargo").await;
        let flight = account.add_team("Flight", &[&cargo]).await;
        let ann = account.add_member(ANN, "member").await;
        account.add_member("bea@kongair.example", "member").await;
        account.join(&flight, ANN).await;
        account.join(&flight, "bea@kongair.example").await;
        let direct = format!("/organizations/{cargo}/collaborators");
        account.admin.post(&direct, json!({"email": ANN})).await.expect(201);
        let mut owner = Visitor::signed_in(&app, OWNER).await;
        let own = format!("{ALL}/{cargo}");
        let list = format!("{own}/collaborators");
        let page = owner.page(&list).await;
        says(&page, &[
            "Olive Owner owner@kongair.example Owner Member Admin Owns the account owner",
            "The team gives the role team Flight",
            "A team gives a role, too: the higher one counts direct team Flight Show all access Remove",
            "3 shown",
        ]);
        let disabled = page.matches("data-sends aria-label=\"Role of").count();
        assert_eq!((disabled, page.matches(" disabled>").count()), (3, 2), "{page}");
        for (query, found, not) in [
            ("search=ann", "ann@", "bea@"),
            ("via=direct", "ann@", "bea@"),
            ("role=owner", "owner@", "ann@"),
            (&*format!("via={flight}"), "bea@", "owner@"),
        ] {
            let page = owner.page(&format!("{list}?{query}")).await;
            says(&page, &[found]);
            says_not(&page, &[&format!("{not}kongair.example")]);
        }
        says(&owner.page(&format!("{list}?search=zoe")).await, &["Nobody is found.", "Clear filters"]);

        let (page, _) = owner.done(&format!("{list}/{ann}/role"), &[("role", "admin")]).await;
        says(&page, &["The role is changed"]);
        let reached = account.admin.items_of(&format!("{direct}?search=ann")).await;
        assert_eq!(reached[0]["role"], "admin");
        let asked = owner.page(&format!("{list}/{ann}/remove")).await;
        says(&asked, &["still reaches Cargo through Flight", "The seat stays taken", "Licenses"]);
        let (page, _) = owner.done(&format!("{list}/{ann}/remove"), &[]).await;
        says(&page, &["Removed from the organization. The seat stays taken"]);
        assert_eq!(account.admin.items_of(&format!("{direct}?via=direct")).await.len(), 1);
        // What the list has no button for is refused in words.
        let refused = owner.send(&format!("{list}/{ann}/remove"), &[]).await.page(409);
        says(&refused, &["it comes through"]);
        let owner_id = text(&account.admin.items("/members").await[0], "id");
        let refused = owner.send(&format!("{list}/{owner_id}/role"), &[("role", "member")]).await;
        says(&refused.page(409), &["owns the account"]);
    }
}
