//! A refusal for the role names the people who can.

use serde_json::{Value, json};

use crate::support::{Client, on_both_databases, text};

/// The names and the roles of the people that a refusal names.
fn named(refused: &Value) -> Vec<(String, String)> {
    let people = refused["who_can"].as_array().unwrap_or_else(|| panic!("nobody in {refused}"));
    people.iter().map(|one| (text(one, "name"), text(one, "role"))).collect()
}

fn pairs(list: &[(&str, &str)]) -> Vec<(String, String)> {
    list.iter().map(|(name, role)| ((*name).to_owned(), (*role).to_owned())).collect()
}

on_both_databases! {
    async fn a_refusal_names_those_who_can_and_no_others(app: App) {
        let account = app.account(20).await;
        let co = json!({"email": "co@kongair.example", "role": "co-owner", "given_name": "Cora", "family_name": "Co"});
        let co = text(&account.admin.post("/members", co).await.expect(201), "id");
        let member = account.add_member("max@kongair.example", "member").await;
        let co = account.admin.with_token(&account.token_for(&app, &co).await);
        let member = account.admin.with_token(&account.token_for(&app, &member).await);
        // What co-owners may, too.
        let refused = member.post("/teams", json!({"name": "Flight"})).await.expect(403);
        assert_eq!(refused["type"], "urn:insomnia:problem:forbidden");
        assert_eq!(named(&refused), pairs(&[("Olive Owner", "owner"), ("Cora Co", "co-owner")]));
        let detail = text(&refused, "detail");
        assert!(detail.contains("Ask an owner or co-owner: Olive Owner (owner@kongair.example)"), "{detail}");
        // What only owners may: a co-owner is not sent to co-owners.
        for refused in [
            co.post("/plan/downgrade", json!({"confirm": "KongAir"})).await.expect(403),
            co.post("/members", json!({"email": "n@kongair.example", "role": "owner"})).await.expect(403),
            co.delete(&format!("/licences/{}", account.made.owner_id)).await.expect(403),
            co.post("/tokens", json!({"name": "more", "scopes": ["plan:manage"]})).await.expect(403),
        ] {
            assert_eq!(named(&refused), pairs(&[("Olive Owner", "owner")]), "{refused}");
            let detail = text(&refused, "detail");
            assert!(detail.contains("Ask an owner: Olive Owner"), "{detail}");
        }
        // An inactive account is its owner's to reactivate.
        app.database.execute("UPDATE enterprises SET plan_active = FALSE");
        let refused = member.get("/members").await.expect(403);
        assert_eq!(refused["type"], "urn:insomnia:problem:forbidden");
        let refused = co.get("/members").await.expect(403);
        assert_eq!(refused["type"], "urn:insomnia:problem:plan-ended");
        assert_eq!(named(&refused), pairs(&[("Olive Owner", "owner")]));
    }

    async fn few_are_named_and_none_to_strangers(app: App) {
        let account = app.account(20).await;
        for number in 1..=7 {
            account.add_member(&format!("owner-{number}@kongair.example"), "owner").await;
        }
        let gone = account.add_member("aaa@kongair.example", "owner").await;
        account.admin.delete(&format!("/licences/{gone}")).await.expect(204);
        let member = account.add_member("max@kongair.example", "member").await;
        let member = account.admin.with_token(&account.token_for(&app, &member).await);
        assert_eq!(named(&member.get("/members").await.expect(403)).len(), 5);
        let nobody = Client::new(account.admin.base.clone(), "insomnia_admin_none".to_owned());
        assert!(nobody.get("/members").await.expect(401)["who_can"].is_null());
        // A scope is not a role: the owner can help themselves.
        let made = json!({"name": "few", "scopes": ["billing:read"]});
        let few = text(&account.admin.post("/tokens", made).await.expect(201), "secret");
        assert!(account.admin.with_token(&few).get("/members").await.expect(403)["who_can"].is_null());
    }
}
