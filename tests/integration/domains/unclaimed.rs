//! Unclaimed accounts: known, with an address in the domain, and not members.

use serde_json::json;

use super::start;
use crate::support::{on_both_migrated_databases, text, user};

on_both_migrated_databases! {
    async fn people_of_a_domain_who_are_not_members_are_listed(database: Database) {
        let (app, dns) = start(database).await;
        let account = app.account(9).await;
        let other = app.account_named("Other", "other.example", 9).await;
        let domain = account.first_domain().await;
        let amelia = app.join("amelia@KONGAIR.example").await.expect(200);
        app.join("sub@eu.kongair.example").await.expect(200);
        app.join("elsewhere@other.example").await.expect(200);
        other.add_member("bessie@kongair.example", "member").await;
        other.scim.post("/Users", user("charles@kongair.example")).await.expect(201);
        account.add_member("dora@kongair.example", "member").await;
        // What another account says of somebody is not known of anybody.
        assert_eq!(account.unclaimed(&domain).await, ["amelia@KONGAIR.example"]);
        app.signed_in("bessie@kongair.example").await;
        app.signed_in("charles@kongair.example").await;
        let expected = ["amelia@KONGAIR.example", "bessie@kongair.example", "charles@kongair.example"];
        assert_eq!(account.unclaimed(&domain).await, expected);
        assert_eq!(account.recount().await, 2, "they take no seats");
        let path = format!("/domains/{domain}/unclaimed-accounts");
        let paged = account.admin.items_of(&format!("{path}?limit=1")).await;
        assert_eq!(paged.len(), 3);
        assert_eq!(paged[0]["id"], amelia["user_id"]);
        assert_eq!(paged[0]["name"], "Amelia Earhart");
        assert_eq!(paged[0]["known_since"], "2026-01-01T00:00:00.000Z");
        account.add_member("bessie@kongair.example", "member").await;
        assert_eq!(account.unclaimed(&domain).await, [expected[0], expected[2]]);
        // Another account sees those of its own domains only.
        assert_eq!(other.unclaimed(&other.first_domain().await).await, ["elsewhere@other.example"]);
        let below = text(&account.add_domain("eu.kongair.example").await, "id");
        assert_eq!(account.unclaimed(&below).await, ["sub@eu.kongair.example"]);
        let idn = account.verified_domain(&dns, "bücher.example").await;
        app.join("emil@Bücher.example").await.expect(200);
        assert_eq!(account.unclaimed(&idn).await, ["emil@Bücher.example"]);
    }

    async fn the_list_is_exported_as_csv(database: Database) {
        let (app, _dns) = start(database).await;
        let account = app.account(9).await;
        let domain = account.first_domain().await;
        let path = format!("/domains/{domain}/unclaimed-accounts.csv");
        let empty = account.admin.get(&path).await.expect(200);
        assert_eq!(empty, "id,email,name,known_since\r\n");
        let person = app.join("=cmd@kongair.example").await.expect(200);
        let csv = account.admin.get(&path).await;
        assert_eq!(csv.header("content-type"), "text/csv; charset=utf-8");
        assert_eq!(
            csv.header("content-disposition"),
            "attachment; filename=\"unclaimed-accounts-kongair.example.csv\""
        );
        let id = text(&person, "user_id");
        let line = format!("{id},'=cmd@kongair.example,Amelia Earhart,2026-01-01T00:00:00.000Z\r\n");
        assert_eq!(csv.expect(200), format!("id,email,name,known_since\r\n{line}"));
    }

    async fn a_long_list_is_exported_whole(database: Database) {
        let (app, _dns) = start(database).await;
        let account = app.account(5).await;
        let domain = account.first_domain().await;
        let rows: Vec<String> = (0..1201)
            .map(|n| format!("('acct_{n}', 'p{n}@kongair.example', 'p{n}@kongair.example', 'kongair.example', 0)"))
            .collect();
        app.database.execute(&format!(
            "INSERT INTO users (id, email, email_key, email_domain, created_at) VALUES {}",
            rows.join(", ")
        ));
        app.database.execute(
            "INSERT INTO user_addresses (email_key, user_pk, email, email_domain, proof, proved_at) \
             SELECT email_key, pk, email, email_domain, 'link', 0 FROM users",
        );
        let path = format!("/domains/{domain}/unclaimed-accounts.csv");
        let csv = account.admin.get(&path).await.expect(200);
        let lines: std::collections::BTreeSet<&str> = csv.as_str().unwrap().lines().collect();
        assert_eq!(lines.len(), 1202, "a head and each person once");
    }

    async fn nobody_sees_people_of_a_domain_that_is_not_shown_to_be_theirs(database: Database) {
        let (app, _dns) = start(database).await;
        let account = app.account(5).await;
        app.join("amelia@cargo.example").await.expect(200);
        let id = text(&account.add_domain("cargo.example").await, "id");
        for path in ["unclaimed-accounts", "unclaimed-accounts.csv"] {
            let refused = account.admin.get(&format!("/domains/{id}/{path}")).await.expect(409);
            assert_eq!(refused["type"], "urn:insomnia:problem:domain-not-verified");
        }
    }

    async fn who_signed_up_and_is_removed_from_the_account_is_unclaimed_again(database: Database) {
        let (app, _dns) = start(database).await;
        let account = app.account(5).await;
        let domain = account.first_domain().await;
        account.set_rule(&domain, true, false).await.expect(200);
        let joined = app.join("amelia@kongair.example").await.expect(200);
        let member = text(&joined, "member_id");
        account.admin.delete(&format!("/licences/{member}")).await.expect(204);
        assert_eq!(account.unclaimed(&domain).await, ["amelia@kongair.example"]);
        assert_eq!(account.recount().await, 1);
    }

    async fn they_are_counted_and_invited_all_at_once(database: Database) {
        let (app, _dns) = start(database).await;
        let account = app.account(9).await;
        let admin = &account.admin;
        let domain = account.first_domain().await;
        let below = text(&account.add_domain("eu.kongair.example").await, "id");
        for person in ["a@kongair.example", "b@kongair.example", "c@eu.kongair.example"] {
            app.join(person).await.expect(200);
        }
        account.add_member("d@kongair.example", "member").await;
        account.add_member("guest@else.example", "member").await;
        let counted = admin.get("/domains/users").await.expect(200);
        assert_eq!((&counted["managed"], &counted["unclaimed_accounts"]), (&json!(2), &json!(3)));
        let of = |id: &str| counted["domains"].as_array().unwrap().iter()
            .find(|one| one["domain_id"] == id).unwrap().clone();
        assert_eq!((&of(&domain)["managed"], &of(&domain)["unclaimed_accounts"]), (&json!(2), &json!(2)));
        assert_eq!((&of(&below)["managed"], &of(&below)["unclaimed_accounts"]), (&json!(0), &json!(1)));
        let cargo = account.add_organization("Cargo").await;
        account.invite("a@kongair.example", &cargo).await;
        let path = format!("/domains/{domain}/unclaimed-accounts/invite");
        let target = json!({"organization_id": cargo, "role": "admin"});
        let invited = admin.post(&path, target.clone()).await.expect(201);
        let emails: Vec<_> = invited["results"].as_array().unwrap().iter().map(|one| text(one, "email")).collect();
        assert_eq!((emails, &invited["more"]), (vec!["b@kongair.example".to_owned()], &json!(false)));
        assert_eq!(account.recount().await, 5);
        let again = admin.post(&path, target).await.expect(201);
        assert_eq!(again["results"], json!([]));
        admin.post(&path, json!({})).await.expect(400);
        admin.post("/domains/dom_gone/unclaimed-accounts/invite", json!({"organization_id": cargo})).await.expect(404);
    }
}
