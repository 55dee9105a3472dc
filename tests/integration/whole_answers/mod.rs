//! Whole answers and whole texts, compared with the snapshots beside this file, so that no change of
//! what clients and people get goes unseen. `INSTA_UPDATE=always cargo test --test integration
//! whole_answers` writes them anew; then read the difference.

mod transcript;

use serde_json::json;

use self::transcript::Transcript;
use crate::support::{Client, OPERATOR, command, group, on_both_databases, patch, text, user};

/// Compares with the snapshot of this name, which is the same for both databases.
#[track_caller]
fn compare(name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
}

on_both_databases! {
    async fn what_administrators_get(app: App) {
        let account = app.account(9).await;
        let admin = &account.admin;
        let mut all = Transcript::of(&app);
        for path in ["/plan", "/seats", "/session", "/connector", "/storage-control", "/invite-control"] {
            all.send(admin, &format!("GET {path}"), None).await;
        }
        let cargo = json!({"name": "Cargo"});
        let cargo = text(&all.send(admin, "POST /organizations", Some(cargo)).await, "id");
        let flight = json!({"name": "Flight", "description": "Who flies"});
        let flight = text(&all.send(admin, "POST /teams", Some(flight)).await, "id");
        let link = format!("/teams/{flight}/organizations/{cargo}");
        all.send(admin, &format!("GET {link}/preview"), None).await;
        all.send(admin, &format!("PUT {link}"), Some(json!({}))).await;
        let pilot = json!({"email": "pilot@kongair.example", "given_name": "Pia", "family_name": "Pilot"});
        let pilot = text(&all.send(admin, "POST /members", Some(pilot)).await, "id");
        let join = json!({"email": "pilot@kongair.example"});
        all.send(admin, &format!("POST /teams/{flight}/members"), Some(join)).await;
        all.send(admin, &format!("GET /members/{pilot}/access"), None).await;
        let invitation = json!({"email": "guest@kongair.example", "organization_id": cargo});
        all.send(admin, "POST /invitations", Some(invitation)).await;
        all.send(admin, "POST /domains", Some(json!({"name": "kongair.example.org"}))).await;
        let token = json!({"name": "reports", "scopes": ["account:read"], "expires_in_days": 30});
        all.send(admin, "POST /tokens", Some(token)).await;
        all.send(admin, "POST /connector/token", Some(json!({"expiry": "six_months"}))).await;
        for path in [
            "/organizations", "/teams", "/members", "/licences", "/invitations", "/domains", "/tokens",
            "/sso-connections", "/sessions", "/name-conflicts", "/invite-control/organizations",
            "/audit-log", "/licences?source=manual&limit=1", "/seats",
        ] {
            all.send(admin, &format!("GET {path}"), None).await;
        }
        all.send(admin, &format!("GET /organizations/{cargo}/collaborators"), None).await;
        all.send(admin, "GET /reports/licences.csv", None).await;
        all.send(admin, "GET /reports/user-activity.csv", None).await;
        let operator = admin.with_token(OPERATOR);
        let code = json!({"customer": "Next", "seats": 5, "days": 365});
        all.send(&operator, "POST /operator/activation-codes", Some(code)).await;
        all.send(&operator, "GET /operator/accounts", None).await;
        compare("administrators", &all.finish());
    }

    async fn what_administrators_are_refused(app: App) {
        let account = app.account(2).await;
        let admin = &account.admin;
        let nobody = Client::new(admin.base.clone(), String::new());
        let member = account.add_member("pilot@kongair.example", "member").await;
        let member = admin.with_token(&account.token_for(&app, &member).await);
        let mut all = Transcript::of(&app);
        all.send(&nobody, "GET /teams", None).await;
        all.send(&admin.with_token("insomnia_admin_wrong"), "GET /teams", None).await;
        all.send(&member, "POST /teams", Some(json!({"name": "Mine"}))).await;
        all.send(admin, "GET /teams/none", None).await;
        all.send(admin, "GET /nothing", None).await;
        all.send(admin, "PUT /teams", Some(json!({}))).await;
        all.send(admin, "POST /teams", Some(json!([]))).await;
        all.send(admin, "POST /teams", Some(json!({"name": ""}))).await;
        all.send(admin, "POST /teams", Some(json!({"name": "A", "rank": 1}))).await;
        all.send(admin, "POST /teams", Some(json!({"name": "A", "role": "king"}))).await;
        all.send(admin, "POST /teams", Some(json!({"name": "Flight"}))).await;
        all.send(admin, "POST /teams", Some(json!({"name": "FLIGHT"}))).await;
        all.send(admin, "POST /members", Some(json!({"email": "none"}))).await;
        all.send(admin, "POST /members", Some(json!({"email": "third@kongair.example"}))).await;
        all.send(admin, "POST /members", Some(json!({"email": "pilot@kongair.example"}))).await;
        let owner = text(&admin.items("/members").await[0], "id");
        all.send(admin, &format!("DELETE /licences/{owner}"), None).await;
        all.send(admin, &format!("PATCH /members/{owner}"), Some(json!({"role": "member"}))).await;
        all.send(admin, "GET /teams?limit=0", None).await;
        all.send(admin, "GET /teams?cursor=none", None).await;
        all.send(admin, "GET /audit-log?since=yesterday", None).await;
        all.send(admin, "POST /domains", Some(json!({"name": "kongair.example"}))).await;
        all.send(admin, "POST /domains", Some(json!({"name": "gmail.com"}))).await;
        all.send(admin, "POST /tokens", Some(json!({"name": "x", "scopes": ["everything"]}))).await;
        all.send(admin, "POST /plan/trial", None).await;
        all.send(admin, "POST /plan/activations", Some(json!({"code": "none"}))).await;
        all.send(admin, "POST /connector/enable", Some(json!({"expiry": "never"}))).await;
        all.send(&nobody, "POST /sessions", Some(json!({"token": "none"}))).await;
        all.send(&nobody, "POST /invitations/accept", Some(json!({"token": "none"}))).await;
        all.send(&nobody, "POST /sign-ups/confirm", Some(json!({"token": "none"}))).await;
        compare("administrators-refused", &all.finish());
    }

    async fn what_identity_providers_get(app: App) {
        let account = app.account(9).await;
        let scim = &account.scim;
        let mut all = Transcript::of(&app);
        for path in ["/ServiceProviderConfig", "/ResourceTypes", "/Schemas"] {
            all.send(scim, &format!("GET {path}"), None).await;
        }
        let bea = all.send(scim, "POST /Users", Some(user("bea@kongair.example"))).await;
        let bea = text(&bea, "id");
        let flight = all.send(scim, "POST /Groups", Some(group("Flight", &[&bea]))).await;
        let flight = text(&flight, "id");
        let title = patch(json!([{"op": "replace", "path": "title", "value": "Pilot"}]));
        all.send(scim, &format!("PATCH /Users/{bea}"), Some(title)).await;
        let off = patch(json!([{"op": "Replace", "value": {"active": "False"}}]));
        all.send(scim, &format!("PATCH /Users/{bea}"), Some(off)).await;
        all.send(scim, &format!("GET /Users/{bea}?attributes=userName,groups"), None).await;
        all.send(scim, "GET /Users?filter=userName%20eq%20%22bea@kongair.example%22", None).await;
        all.send(scim, "GET /Groups?excludedAttributes=members", None).await;
        all.send(scim, &format!("GET /Groups/{flight}"), None).await;
        let bulk = json!({
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],
            "Operations": [
                {"method": "POST", "path": "/Users", "bulkId": "a", "data": user("al@kongair.example")},
                {"method": "DELETE", "path": "/Users/none"},
            ],
        });
        all.send(scim, "POST /Bulk", Some(bulk)).await;
        all.send(scim, &format!("DELETE /Groups/{flight}"), None).await;
        compare("identity-providers", &all.finish());
    }

    async fn what_identity_providers_are_refused(app: App) {
        let account = app.account(2).await;
        let scim = &account.scim;
        let mut all = Transcript::of(&app);
        let bea = text(&scim.post("/Users", user("bea@kongair.example")).await.expect(201), "id");
        let path = format!("/Users/{bea}");
        all.send(&scim.with_token("none"), "GET /Users", None).await;
        all.send(scim, "GET /Users/none", None).await;
        all.send(scim, "GET /Nothing", None).await;
        all.send(scim, "POST /Users", Some(user("bea@kongair.example"))).await;
        all.send(scim, "POST /Users", Some(user("third@kongair.example"))).await;
        all.send(scim, "POST /Users", Some(json!({"userName": ""}))).await;
        all.send(scim, "POST /Users", Some(json!({"userName": 1, "active": "maybe"}))).await;
        all.send(scim, "POST /Groups", Some(group("Flight", &["none"]))).await;
        all.send(scim, "GET /Users?filter=userName%20is%20%22bea%22", None).await;
        all.send(scim, "GET /Users?sortBy=rank", None).await;
        all.send(scim, "GET /Users?cursor=none", None).await;
        for operation in [
            json!({"op": "replace", "path": "id", "value": "other"}),
            json!({"op": "replace", "path": "emails[type eq", "value": "x"}),
            json!({"op": "move", "path": "title", "value": "x"}),
            json!({"op": "replace", "path": "active", "value": "maybe"}),
            json!({"op": "replace", "path": "emails[value eq \"x@y.example\"].display", "value": "x"}),
            json!({"op": "remove"}),
        ] {
            all.send(scim, &format!("PATCH {path}"), Some(patch(json!([operation])))).await;
        }
        compare("identity-providers-refused", &all.finish());
    }

    async fn what_people_are_written(app: App) {
        let account = app.account(9).await;
        let admin = &account.admin;
        let mut all = Transcript::of(&app);
        let cargo = account.add_organization("Cargo").await;
        account.invite("guest@kongair.example", &cargo).await;
        account.add_member("pilot@kongair.example", "member").await;
        let anyone = Client::new(admin.base.clone(), String::new());
        for (path, email) in [
            ("/sign-in", "owner@kongair.example"),
            ("/sign-ups", "new@elsewhere.example"),
        ] {
            anyone.post(path, json!({"email": email})).await.expect(202);
        }
        app.background().await;
        app.clock.advance(25 * 24 * 60 * 60 * 1000);
        app.background().await;
        let mut mails = app.mailbox.mails();
        mails.sort_by(|one, other| (&one.recipient, &one.subject).cmp(&(&other.recipient, &other.subject)));
        for mail in mails {
            all.note(&format!("{}: {}", mail.recipient, mail.subject), &mail.text);
            all.note("as HTML", mail.html.as_deref().unwrap_or_default());
        }
        compare("mails", &all.finish());
    }

    async fn what_browsers_show(app: App) {
        let browser = Client::new(app.url.clone(), String::new());
        let mut all = Transcript::of(&app);
        for path in crate::pages::PAGES.iter().filter(|path| **path != "/api/docs") {
            all.send(&browser, &format!("GET {path}"), None).await;
        }
        compare("pages", &all.finish());
    }
}

#[test]
fn what_commands_say_of_themselves() {
    let mut said = String::new();
    for arguments in [
        &["--help"][..],
        &["serve", "--help"],
        &["demo", "--help"],
        &["bootstrap", "--help"],
        &["admin", "--help"],
        &["admin", "teams", "--help"],
        &["admin", "teams", "create", "--help"],
        &["scim", "test", "--help"],
        &["teams"],
    ] {
        let output = command(arguments).output().unwrap();
        said.push_str(&format!("$ insomnia-scim {}\n", arguments.join(" ")));
        said.push_str(&String::from_utf8_lossy(&output.stdout));
        said.push_str(&String::from_utf8_lossy(&output.stderr));
        said.push('\n');
    }
    compare("commands", &said);
}
