//! Invite control: whom invitations may go to.

use serde_json::json;

use super::{DAY, accept, log, rule, token_of};
use crate::support::{Account, on_both_databases, text, user};

/// The detail of the refusal to invite this address.
async fn refused(account: &Account, email: &str, organization: &str) -> String {
    let body = json!({"email": email, "organization_id": organization});
    let refused = account.admin.post("/invitations", body).await.expect(403);
    assert_eq!(refused["type"], "urn:insomnia:problem:not-invitable", "{refused}");
    text(&refused, "detail")
}

on_both_databases! {
    async fn the_accounts_rule_says_whom_invitations_may_go_to(app: App) {
        let account = app.account(20).await;
        let cargo = account.add_organization("Cargo").await;
        let before = account.admin.get("/invite-control").await.expect(200);
        assert_eq!(before, json!({"rule": "all_domains", "domains": []}));
        account.invite("a@anywhere.example", &cargo).await;

        rule(&account, "verified_domains", &[]).await;
        account.invite("a@KongAir.example", &cargo).await;
        let detail = refused(&account, "b@sub.kongair.example", &cargo).await;
        assert!(detail.contains("\"sub.kongair.example\"") && detail.contains("verified"), "{detail}");

        let listed = json!({"rule": "custom_domains", "domains": ["Partner.Example.", "a.example"]});
        let set = account.admin.put("/invite-control", listed).await.expect(200);
        assert_eq!(set["domains"], json!(["a.example", "partner.example"]));
        account.invite("a@partner.example", &cargo).await;
        let detail = refused(&account, "b@kongair.example", &cargo).await;
        assert!(detail.contains("listed") && detail.contains("\"kongair.example\""), "{detail}");

        rule(&account, "off", &[]).await;
        let detail = refused(&account, "c@kongair.example", &cargo).await;
        assert!(detail.contains("invitations are off"), "{detail}");
        assert_eq!(account.recount().await, 4);
        let log = log(&account, "invite_control.changed").await;
        assert_eq!(log.len(), 3);
        assert_eq!(log[0].1["kind"], "account");
    }

    async fn of_several_addresses_those_that_the_rule_allows_are_invited(app: App) {
        let account = app.account(20).await;
        let cargo = account.add_organization("Cargo").await;
        rule(&account, "verified_domains", &[]).await;
        let emails = ["in@kongair.example", "out@else.example"];
        let body = json!({"emails": emails, "organization_id": cargo});
        let answer = account.admin.post("/invitations", body).await.expect(201);
        assert_eq!(answer["results"][0]["refusal"], json!(null));
        let refusal = &answer["results"][1]["refusal"];
        assert_eq!(refusal["type"], "urn:insomnia:problem:not-invitable");
        assert_eq!(account.seats().await, (2, 20));
    }

    async fn an_organization_can_have_a_rule_of_its_own(app: App) {
        let account = app.account(20).await;
        let cargo = account.add_organization("Cargo").await;
        let passengers = account.add_organization("Passengers").await;
        rule(&account, "verified_domains", &[]).await;
        let own = format!("/organizations/{cargo}/invite-control");
        let inherited = json!({"rule": "verified_domains", "domains": [], "own": false});
        assert_eq!(account.admin.get(&own).await.expect(200), inherited);
        let body = json!({"rule": "custom_domains", "domains": ["partner.example"]});
        let set = account.admin.put(&own, body).await.expect(200);
        assert_eq!(set["own"], true);
        assert_eq!(account.admin.get(&own).await.expect(200), set);

        account.invite("a@partner.example", &cargo).await;
        let detail = refused(&account, "a@kongair.example", &cargo).await;
        assert!(detail.contains("in the organization \"Cargo\""), "{detail}");
        account.invite("b@kongair.example", &passengers).await;
        refused(&account, "b@partner.example", &passengers).await;
        let listed = account.admin.items("/invite-control/organizations").await;
        assert_eq!(listed.len(), 1);
        assert_eq!(listed[0]["organization_name"], "Cargo");

        account.admin.delete(&own).await.expect(204);
        assert_eq!(account.admin.get(&own).await.expect(200), inherited);
        account.invite("c@kongair.example", &cargo).await;
        assert!(account.admin.items("/invite-control/organizations").await.is_empty());
        assert_eq!(log(&account, "invite_control.changed").await.len(), 3);
    }

    async fn a_team_follows_the_rules_of_the_organizations_it_leads_to(app: App) {
        let account = app.account(20).await;
        let open = account.add_organization("Open").await;
        let plain = account.add_organization("Plain").await;
        rule(&account, "verified_domains", &[]).await;
        let own = format!("/organizations/{open}/invite-control");
        account.admin.put(&own, json!({"rule": "all_domains"})).await.expect(200);
        let nowhere = account.add_team("Nowhere", &[]).await;
        let guests = account.add_team("Guests", &[&open]).await;
        let both = account.add_team("Both", &[&open, &plain]).await;
        for (team, status) in [(&nowhere, 403), (&guests, 201), (&both, 403)] {
            let body = json!({"email": "guest@else.example", "team_id": team});
            account.admin.post("/invitations", body).await.expect(status);
        }
        for team in [&nowhere, &both] {
            let body = json!({"email": "in@kongair.example", "team_id": team});
            account.admin.post("/invitations", body).await.expect(201);
        }
    }

    async fn a_stricter_rule_holds_for_who_has_not_accepted_yet(app: App) {
        let account = app.account(5).await;
        let cargo = account.add_organization("Cargo").await;
        let id = account.invite("guest@else.example", &cargo).await;
        let token = token_of(&app, "guest@else.example").await;
        for (stricter, domains) in
            [("verified_domains", &[][..]), ("custom_domains", &["x.example"]), ("off", &[])]
        {
            rule(&account, stricter, domains).await;
            let refused = accept(&app, &token).await.expect(403);
            assert_eq!(refused["type"], "urn:insomnia:problem:not-invitable");
            let resend = format!("/invitations/{id}/resend");
            account.admin.post(&resend, json!({})).await.expect(403);
            assert_eq!(account.invitation_state(&id).await, "pending");
        }
        app.clock.advance(8 * DAY);
        app.background().await;
        assert_eq!(app.mailbox.mails().len(), 1, "nobody is reminded of what is closed");
        rule(&account, "custom_domains", &["else.example"]).await;
        accept(&app, &token).await.expect(200);
        assert_eq!(account.recount().await, 2);
    }

    async fn an_invitation_to_two_places_leads_on_to_those_whose_rules_allow_it(app: App) {
        let account = app.account(5).await;
        let open = account.add_organization("Open").await;
        let shut = account.add_organization("Shut").await;
        let team = account.add_team("Both", &[&open, &shut]).await;
        account.invite("guest@else.example", &open).await;
        account.invite("guest@else.example", &shut).await;
        let body = json!({"email": "guest@else.example", "team_id": team});
        account.admin.post("/invitations", body).await.expect(201);
        let own = format!("/organizations/{shut}/invite-control");
        account.admin.put(&own, json!({"rule": "off"})).await.expect(200);
        let joined = accept(&app, &token_of(&app, "guest@else.example").await).await.expect(200);
        let reached = joined["organizations"].as_array().unwrap();
        assert_eq!(reached.len(), 1, "{joined}");
        assert_eq!(reached[0]["organization_id"], *open);
        assert_eq!(reached[0]["via"], json!(["direct"]));
        assert!(account.team_members(&team).await.is_empty());
    }

    async fn a_rule_that_is_none_is_refused(app: App) {
        let account = app.account(5).await;
        let cargo = account.add_organization("Cargo").await;
        let own = format!("/organizations/{cargo}/invite-control");
        let many: Vec<String> = (0..201).map(|number| format!("d{number}.example")).collect();
        for path in ["/invite-control", own.as_str()] {
            for (body, status) in [
                (json!({"rule": "some_domains"}), 400),
                (json!({"rule": "custom_domains"}), 422),
                (json!({"rule": "off", "domains": ["a.example"]}), 422),
                (json!({"rule": "custom_domains", "domains": ["a@b.example"]}), 422),
                (json!({"rule": "custom_domains", "domains": ["a.example\u{0}"]}), 422),
                (json!({"rule": "custom_domains", "domains": many}), 422),
                (json!({}), 400),
            ] {
                account.admin.put(path, body).await.expect(status);
            }
        }
        let unchanged = json!({"rule": "all_domains", "domains": []});
        assert_eq!(account.admin.get("/invite-control").await.expect(200), unchanged);
    }

    async fn where_it_binds_scim_the_accounts_list_does_and_otherwise_verified_domains(app: App) {
        let account = app.account(20).await;
        let bind = json!({"invite_control_binds_scim": true});
        account.admin.patch("/connector", bind).await.expect(200);
        for (name, domains, allowed, refused) in [
            ("verified_domains", &[][..], "a@kongair.example", "b@partner.example"),
            ("custom_domains", &["partner.example"], "c@partner.example", "d@kongair.example"),
            ("off", &[], "e@kongair.example", "f@partner.example"),
        ] {
            rule(&account, name, domains).await;
            account.provision(allowed).await;
            let detail = account.scim.post("/Users", user(refused)).await.detail(403);
            let domain = refused.split_once('@').unwrap().1;
            assert!(detail.contains(&format!("\"{domain}\"")), "{detail}");
            assert_eq!(detail.contains("listed"), name == "custom_domains", "{detail}");
        }
        assert_eq!(account.recount().await, 4);
    }
}
