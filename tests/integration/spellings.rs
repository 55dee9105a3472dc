//! One address, one user name, one name: however it is written, it is the same.

use serde_json::{Value, json};

use crate::support::{Account, Client, OPERATOR, group, on_both_databases, patch, text, user};

/// One address.
const SPELLINGS: [&str; 8] = [
    "josé@bücher.example",
    "jose\u{301}@bu\u{308}cher.example",
    "JOSÉ@BÜCHER.example",
    "josé@xn--bcher-kva.example",
    "ｊｏｓé＠bücher．example",
    "josé@bücher。example.",
    " \u{A0}josé@bücher.example\t",
    "josé@XN--BCHER-KVA.EXAMPLE\r\n",
];

/// What mail could not be sent to.
const NO_ADDRESSES: [&str; 14] = [
    "a@kongair.example;b@kongair.example",
    "a@kongair.example,b@kongair.example",
    "<a@kongair.example>",
    "Ann <a@kongair.example>",
    "mailto:a@kongair.example",
    "a@@kongair.example",
    "a@kongair..example",
    "a@kongair.example:25",
    "a@[10.0.0.1]",
    "a b@kongair.example",
    ".a@kongair.example",
    "a\u{200B}@kongair.example",
    "a@kongair.example\u{FEFF}",
    "a\n@kongair.example",
];

/// What no name may have inside.
const UNSEEN: [&str; 5] =
    ["Sales\nEU", "Sales\tEU", "Sales\u{202E}EU", "Sales\u{200B}", "Sales\u{7}"];

/// A user with this name and these addresses.
fn named(user_name: &str, emails: &[&str]) -> Value {
    let mut named = user(user_name);
    named["emails"] = emails.iter().map(|email| json!({"value": email})).collect();
    named
}

async fn found(account: &Account, path: &str, filter: &str) -> Vec<String> {
    let found = account.scim.filter(path, filter).await.expect(200);
    let resources = found["Resources"].as_array().cloned().unwrap_or_default();
    resources.iter().map(|resource| text(resource, "id")).collect()
}

on_both_databases! {
    async fn one_user_name_is_one_user_and_one_seat(app: App) {
        let account = app.account(9).await;
        let id = account.provision(SPELLINGS[0]).await;
        let other = account.provision("other@kongair.example").await;
        for spelling in SPELLINGS {
            let again = account.scim.post("/Users", user(spelling)).await.expect(409);
            assert_eq!(again["scimType"], "uniqueness", "{spelling:?}");
            let twin = named("somebody", &[spelling]);
            account.scim.post("/Users", twin).await.expect(409);
            let rename = json!([{"op": "replace", "path": "userName", "value": spelling}]);
            account.scim.patch(&format!("/Users/{other}"), patch(rename)).await.expect(409);
            account.scim.put(&format!("/Users/{other}"), user(spelling)).await.expect(409);
            for filter in ["userName eq", "emails.value eq", "emails eq"] {
                let filter = format!("{filter} {}", json!(spelling));
                assert_eq!(found(&account, "/Users", &filter).await, std::slice::from_ref(&id), "{filter}");
            }
            let filter = format!("emails[type eq \"work\" and value eq {}]", json!(spelling));
            assert_eq!(found(&account, "/Users", &filter).await, std::slice::from_ref(&id), "{filter}");
            // The same user may be written in any of them.
            let own = account.scim.put(&format!("/Users/{id}"), user(spelling)).await.expect(200);
            assert_eq!(own["userName"], spelling.trim(), "shown as it was sent");
            assert_eq!(own["emails"][0]["value"], spelling.trim());
        }
        assert_eq!(account.seats().await, (3, 9));
    }

    async fn a_part_of_an_address_is_found_in_both_forms_of_its_domain(app: App) {
        let account = app.account(9).await;
        let id = account.provision("josé@bücher.example").await;
        account.provision("jo@kongair.example").await;
        for filter in [
            "userName sw \"jos\"",
            "userName sw \"JOSE\u{301}@b\"",
            "userName sw \"josé@xn--bch\"",
            "userName sw \"josé@\" and active eq true",
            "userName ew \"@BÜCHER.example\"",
            "userName co \"xn--bcher-kva\"",
            "emails.value ew \"@bücher.example\"",
        ] {
            assert_eq!(found(&account, "/Users", filter).await, std::slice::from_ref(&id), "{filter}");
        }
        for filter in ["userName sw \"é\"", "userName sw \"jos@\"", "userName co \"bucher\""] {
            assert!(found(&account, "/Users", filter).await.is_empty(), "{filter}");
        }
    }

    async fn a_user_name_that_is_no_address_has_one_key_as_well(app: App) {
        let account = app.account(9).await;
        let id = account.provision("Renée Müller").await;
        for spelling in ["rene\u{301}e mu\u{308}ller", "ＲＥＮÉＥ　ＭÜＬＬＥＲ", " renée  müller "] {
            account.scim.post("/Users", named(spelling, &[])).await.expect(409);
            let filter = format!("userName eq {}", json!(spelling));
            assert_eq!(found(&account, "/Users", &filter).await, std::slice::from_ref(&id), "{filter}");
        }
        account.scim.post("/Users", named("straße", &[])).await.expect(201);
        account.scim.post("/Users", named("strasse", &[])).await.expect(201);
    }

    async fn a_manual_member_and_an_invitation_are_adopted_in_any_spelling(app: App) {
        let account = app.account(30).await;
        let cargo = account.add_organization("Cargo").await;
        for (number, spelling) in SPELLINGS.into_iter().enumerate() {
            let spelled = |text: &str| text.replace("os", &format!("os{number}"));
            let wide = |text: &str| text.replace("ｏｓ", &format!("ｏｓ{number}"));
            let spelling = wide(&spelled(&spelling.replace("OS", &format!("OS{number}"))));
            let email = format!("jos{number}é@bücher.example");
            let manual = account.add_member(&email, "member").await;
            assert_eq!(account.provision(&spelling).await, manual, "{spelling:?}");
            let invited = account.invite(&email.replace("jos", "eva"), &cargo).await;
            let spelling = spelling.replace("jos", "eva").replace("JOS", "EVA");
            let spelling = spelling.replace("ｊｏｓ", "ｅｖａ");
            account.provision(&spelling).await;
            assert_eq!(account.invitation_state(&invited).await, "accepted", "{spelling:?}");
        }
        let members = 1 + 2 * SPELLINGS.len() as i64;
        assert_eq!(account.seats().await, (members, 30));
        assert_eq!(account.recount().await, members);
    }

    async fn an_address_is_invited_and_added_once(app: App) {
        let account = app.account(9).await;
        let cargo = account.add_organization("Cargo").await;
        for email in SPELLINGS {
            let invitation = json!({"email": email, "organization_id": cargo});
            let answer = account.admin.post("/invitations", invitation).await;
            assert!([200, 201].contains(&answer.status), "{email:?}: {}", answer.body);
        }
        assert_eq!(account.seats().await, (2, 9));
        let many = json!({"emails": SPELLINGS, "organization_id": cargo});
        account.admin.post("/invitations", many).await.expect(201);
        assert_eq!(account.seats().await, (2, 9));
        account.add_member(SPELLINGS[1], "member").await;
        for email in SPELLINGS {
            let member = json!({"email": email, "role": "member"});
            account.admin.post("/members", member).await.expect(409);
        }
        assert_eq!(account.seats().await, (2, 9));
        assert_eq!(account.recount().await, 2);
    }

    async fn what_mail_cannot_be_sent_to_takes_no_seat(app: App) {
        let account = app.account(9).await;
        let cargo = account.add_organization("Cargo").await;
        let public = Client::new(format!("{}/api/v1", app.url), String::new());
        let owner = app.signed_in("owner@kongair.example").await;
        let code = json!({"customer": "Other", "seats": 5, "days": 30});
        let operator = public.with_token(OPERATOR);
        let code = operator.post("/operator/activation-codes", code).await.expect(201)["code"].clone();
        for email in NO_ADDRESSES {
            let invitation = json!({"email": email, "organization_id": cargo});
            let refused = account.admin.post("/invitations", invitation).await.detail(422);
            assert!(refused.contains("is not an e-mail address: "), "{refused}");
            let member = json!({"email": email, "role": "member"});
            account.admin.post("/members", member).await.expect(422);
            public.post("/sign-ups", json!({"email": email})).await.expect(422);
            public.post("/sign-in", json!({"email": email})).await.expect(422);
            owner.post("/session/addresses", json!({"email": email})).await.expect(422);
            let collaborators = format!("/organizations/{cargo}/collaborators");
            account.admin.post(&collaborators, json!({"email": email})).await.expect(422);
            let made = json!({"code": code, "account_name": "Other", "owner_email": email});
            public.post("/activations", made).await.expect(422);
            let refused = account.scim.post("/Users", named("ann", &[email])).await;
            assert_eq!(refused.expect(400)["scimType"], "invalidValue", "{email:?}");
        }
        assert_eq!(account.seats().await, (1, 9));
    }

    async fn names_have_no_characters_that_nobody_sees(app: App) {
        let account = app.account(9).await;
        let id = account.provision("ann@kongair.example").await;
        for name in UNSEEN {
            for path in ["/teams", "/organizations"] {
                let refused = account.admin.post(path, json!({"name": name})).await.detail(422);
                assert!(refused.contains("U+"), "{refused}");
            }
            let refused = account.scim.post("/Groups", group(name, &[])).await.detail(400);
            assert!(refused.contains("displayName: ") && refused.contains("U+"), "{refused}");
            let refused = account.scim.post("/Users", named(name, &[])).await.detail(400);
            assert!(refused.contains("userName: ") && refused.contains("position 6"), "{refused}");
        }
        for path in ["displayName", "name.givenName", "name.formatted"] {
            let value = json!([{"op": "add", "path": path, "value": "Ann\nBee"}]);
            let refused = account.scim.patch(&format!("/Users/{id}"), patch(value)).await;
            let refused = refused.detail(400);
            assert!(refused.contains(path) && refused.contains("U+000A"), "{refused}");
        }
        account.scim.post("/Groups", group("نامه\u{200C}ها ❤\u{FE0F}", &[])).await.expect(201);
    }

    async fn a_team_is_synchronised_by_its_name_in_any_normal_form(app: App) {
        let account = app.account(9).await;
        for (name, spelling) in [
            ("Zürich", "Zu\u{308}rich"),
            ("Straße  Nord", "STRASSE NORD"),
            ("Sales EU", " sales\u{A0}eu "),
        ] {
            let team = account.add_team(name, &[]).await;
            let filter = format!("displayName eq {}", json!(spelling));
            let made = account.scim.post("/Groups", group(spelling, &[])).await.expect(201);
            assert_eq!(found(&account, "/Groups", &filter).await, [text(&made, "id")], "{filter}");
            account.scim.post("/Groups", group(name, &[])).await.expect(409);
            let teams = account.admin.items("/teams").await;
            let synchronised = teams.iter().find(|one| one["id"] == *team).unwrap();
            assert_eq!(synchronised["source"], "synchronised", "{spelling:?}");
            let taken = account.admin.post("/teams", json!({"name": spelling})).await;
            taken.expect(409);
        }
        account.add_organization("Zürich").await;
        let taken = account.admin.post("/organizations", json!({"name": "ZU\u{308}RICH"})).await;
        taken.expect(409);
    }

    async fn a_verified_domain_is_known_in_both_its_forms(app: App) {
        let account = app.account_named("Bücher", "bücher.example", 5).await;
        for spelling in
            ["bücher.example", "BU\u{308}CHER.example.", "xn--bcher-kva.example", " ｂücher。example"]
        {
            let made = account.admin.post("/sso-connections", json!({"domain": spelling})).await;
            assert_eq!(made.status, 201, "{spelling:?}: {}", made.body);
            app.database.execute("DELETE FROM sso_connections");
        }
    }
}
