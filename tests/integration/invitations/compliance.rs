//! Who does not comply with invite control, and who would not after a change.

use serde_json::{Value, json};

use super::rule;
use crate::support::{Account, on_both_databases, text};

/// Kind and address of everything that does not comply.
async fn strays(account: &Account) -> Vec<(String, String)> {
    named(&account.admin.items("/invite-control/non-compliant").await)
}

fn named(items: &[Value]) -> Vec<(String, String)> {
    items.iter().map(|item| (text(item, "kind"), text(item, "email"))).collect()
}

fn pairs(of: &[(&str, &str)]) -> Vec<(String, String)> {
    of.iter().map(|(kind, email)| ((*kind).to_owned(), (*email).to_owned())).collect()
}

/// What a change would make non-compliant, in numbers and by name.
async fn preview(account: &Account, change: Value) -> (Value, Value, Vec<(String, String)>) {
    let body = account.admin.post("/invite-control/preview", change).await.expect(200);
    let first = named(body["first"].as_array().unwrap());
    (body["members"].clone(), body["pending_invitations"].clone(), first)
}

on_both_databases! {
    async fn members_and_pending_invitations_that_no_longer_comply_are_listed_and_removed(app: App) {
        let account = app.account(20).await;
        let cargo = account.add_organization("Cargo").await;
        let member = account.add_member("member@else.example", "member").await;
        account.add_member("in@kongair.example", "member").await;
        let pending = account.invite("pending@else.example", &cargo).await;
        account.invite("pending@kongair.example", &cargo).await;
        let revoked = account.invite("revoked@else.example", &cargo).await;
        account.admin.delete(&format!("/invitations/{revoked}")).await.expect(204);
        assert!(strays(&account).await.is_empty());

        rule(&account, "verified_domains", &[]).await;
        let expected = pairs(&[
            ("member", "member@else.example"),
            ("invitation", "pending@else.example"),
        ]);
        assert_eq!(strays(&account).await, expected);
        let items = account.admin.items("/invite-control/non-compliant").await;
        assert_eq!((&items[0]["id"], &items[1]["id"]), (&json!(member), &json!(pending)));
        let violation = &items[0]["violations"][0];
        assert_eq!(violation["organization_id"], json!(null));
        assert!(text(violation, "reason").contains("\"else.example\""));

        account.admin.delete(&format!("/licences/{member}")).await.expect(204);
        account.admin.delete(&format!("/invitations/{pending}")).await.expect(204);
        assert!(strays(&account).await.is_empty());
        assert_eq!(account.recount().await, 3);
    }

    async fn a_preview_says_what_a_change_would_make_non_compliant_and_changes_nothing(app: App) {
        let account = app.account(20).await;
        let cargo = account.add_organization("Cargo").await;
        account.add_member("member@else.example", "member").await;
        account.add_member("member@partner.example", "member").await;
        account.invite("pending@else.example", &cargo).await;
        account.invite("pending@kongair.example", &cargo).await;
        let before = account.snapshot().await;
        for (change, members, invitations) in [
            (json!({"rule": "verified_domains"}), 2, 1),
            (json!({"rule": "custom_domains", "domains": ["Else.example"]}), 1, 1),
            (json!({"rule": "off"}), 0, 2),
            (json!({"rule": "all_domains"}), 0, 0),
        ] {
            let (found, pending, first) = preview(&account, change.clone()).await;
            assert_eq!((found, pending), (json!(members), json!(invitations)), "{change}");
            let unchanged = json!({"rule": "all_domains", "domains": []});
            assert_eq!(account.admin.get("/invite-control").await.expect(200), unchanged);
            assert_eq!(account.snapshot().await, before);
            // What was said beforehand is what comes.
            account.admin.put("/invite-control", change).await.expect(200);
            assert_eq!(strays(&account).await, first);
            rule(&account, "all_domains", &[]).await;
        }
        // What does not comply already is no news.
        rule(&account, "verified_domains", &[]).await;
        let (members, invitations, first) = preview(&account, json!({"rule": "off"})).await;
        assert_eq!((members, invitations), (json!(0), json!(1)));
        assert_eq!(first, pairs(&[("invitation", "pending@kongair.example")]));
    }

    async fn an_organizations_own_rule_counts_for_who_reaches_it(app: App) {
        let account = app.account(20).await;
        let cargo = account.add_organization("Cargo").await;
        let passengers = account.add_organization("Passengers").await;
        let team = account.add_team("Flight", &[&cargo, &passengers]).await;
        account.add_member("flies@else.example", "member").await;
        account.join(&team, "flies@else.example").await;
        account.add_member("idle@else.example", "member").await;
        let waiting = json!({"email": "waits@else.example", "team_id": team});
        account.admin.post("/invitations", waiting).await.expect(201);
        account.invite("sells@else.example", &passengers).await;

        let change = json!({"rule": "verified_domains", "organization_id": cargo});
        let expected =
            pairs(&[("member", "flies@else.example"), ("invitation", "waits@else.example")]);
        let (members, invitations, first) = preview(&account, change).await;
        assert_eq!((members, invitations, &first), (json!(1), json!(1), &expected));
        let own = format!("/organizations/{cargo}/invite-control");
        account.admin.put(&own, json!({"rule": "verified_domains"})).await.expect(200);
        assert_eq!(strays(&account).await, expected);
        let items = account.admin.items("/invite-control/non-compliant").await;
        assert_eq!(items[0]["violations"][0]["organization_id"], *cargo);
        assert_eq!(items[0]["violations"].as_array().unwrap().len(), 1);

        // Without its own rule the organization has the account's, which lets in more.
        let without = json!({"organization_id": cargo});
        assert_eq!(preview(&account, without).await.2, []);
        account.admin.post("/invite-control/preview", json!({})).await.expect(422);
        let unknown = json!({"organization_id": "org_1", "rule": "off"});
        account.admin.post("/invite-control/preview", unknown).await.expect(404);
    }

    async fn owners_and_what_the_identity_provider_keeps_are_not_bound(app: App) {
        let account = app.account(20).await;
        account.add_member("owner@else.example", "owner").await;
        account.add_member("co@else.example", "co-owner").await;
        account.provision("guest@else.example").await;
        rule(&account, "verified_domains", &[]).await;
        let co_owner = ("member", "co@else.example");
        assert_eq!(strays(&account).await, pairs(&[co_owner]));
        let bind = json!({"invite_control_binds_scim": true});
        account.admin.patch("/connector", bind).await.expect(200);
        let guest = ("member", "guest@else.example");
        assert_eq!(strays(&account).await, pairs(&[co_owner, guest]));
    }

    async fn a_long_list_is_read_page_by_page(app: App) {
        let account = app.account(200).await;
        let cargo = account.add_organization("Cargo").await;
        for number in 0..7 {
            account.add_member(&format!("m{number}@else.example"), "member").await;
        }
        let emails: Vec<String> = (0..60).map(|number| format!("i{number}@else.example")).collect();
        let body = json!({"emails": emails, "organization_id": cargo});
        account.admin.post("/invitations", body).await.expect(201);
        rule(&account, "verified_domains", &[]).await;
        let all = strays(&account).await;
        assert_eq!(all.len(), 67);
        for limit in [1, 7, 8, 66, 67] {
            let path = format!("/invite-control/non-compliant?limit={limit}");
            assert_eq!(named(&account.admin.items_of(&path).await), all, "{limit}");
        }
        account.admin.get("/invite-control/non-compliant?cursor=x").await.expect(400);
    }
}
