//! Your organizations, a new one, and who finds which tabs.

use serde_json::json;

use super::{ALL, OWNER, Visitor, first, refuses, says, says_not};
use crate::support::{on_both_databases, text};

const PIA: &str = "pia@kongair.example";

on_both_databases! {
    async fn a_new_organization_opens_its_collaborators_and_is_made_once(app: App) {
        let account = app.account(9).await;
        let mut owner = Visitor::signed_in(&app, OWNER).await;
        let page = owner.page(ALL).await;
        says(&page, &["Personal Workspace", "New organization", "Owner Owner 1 0 Cloud Sync"]);
        let new = [("name", "Cargo"), ("key", "once")];
        let (page, path) = owner.done(&format!("{ALL}/new"), &new).await;
        assert!(path.ends_with("/collaborators"), "{path}");
        says(&page, &["The organization is created", "Nobody but the owners yet", "8 of 9 seats are free"]);
        assert!(page.contains("autofocus"), "{page}");
        assert_eq!(owner.done(&format!("{ALL}/new"), &new).await.1, path, "sent twice, made once");
        assert_eq!(account.admin.items("/organizations").await.len(), 2);
        let again = owner.send(&format!("{ALL}/new"), &[("name", "CARGO"), ("key", "two")]).await;
        refuses(&again.page(409), "name", "\"CARGO\" already exists");
        let nameless = owner.send(&format!("{ALL}/new"), &[("name", " "), ("key", "three")]).await;
        refuses(&nameless.page(422), "name", "name:");
    }

    async fn everybody_sees_what_they_reach_account_by_account(app: App) {
        let account = app.account(9).await;
        let rival = app.account_named("Rival", "rival.example", 9).await;
        let cargo = account.add_organization("Cargo").await;
        account.add_organization("Secret").await;
        let flight = account.add_team("Flight", &[&cargo]).await;
        account.add_member(PIA, "member").await;
        let mut pia = Visitor::signed_in(&app, PIA).await;
        says(&pia.page(ALL).await, &["You reach no organization yet", "Ask an administrator"]);
        account.join(&flight, PIA).await;
        let page = pia.page(ALL).await;
        says(&page, &["Cargo Member Team Flight – – Cloud Sync Local Vault Git Sync"]);
        says_not(&page, &["Secret", "New organization"]);

        let there = rival.add_member(PIA, "co-owner").await;
        pia.send("/accounts", &[("join", &there)]).await.leads_to();
        let page = pia.page(ALL).await;
        says(&page, &["KongAir", "Rival", "Personal Workspace Admin Co-owner 1 0"]);
        let found = pia.page(&format!("{ALL}?search=car")).await;
        says(&found, &["Cargo", "No organization is found."]);
        says_not(&found, &["Personal Workspace"]);
        let one = pia.page(&format!("{ALL}?account_id={}", account.made.account_id)).await;
        says_not(&one, &["Personal Workspace"]);
        // One of the other account leads there first.
        let here = pia.page(&format!("{ALL}/{cargo}/storage")).await;
        says(&here, &["you act in another account now", "Go on in KongAir", "Your role Member"]);
        let back = [("account", account.made.account_id.as_str()), ("return_to", &*format!("{ALL}/{cargo}"))];
        let target = pia.send("/accounts", &back).await.leads_to();
        assert!(target.ends_with(&format!("{ALL}/{cargo}")), "{target}");
    }

    async fn each_role_has_its_tabs_and_is_refused_the_others(app: App) {
        let account = app.account(9).await;
        let (cargo, other) = (account.add_organization("Cargo").await, first(&account).await);
        for (email, role) in [("ada@kongair.example", "admin"), (PIA, "member")] {
            account.add_member(email, "member").await;
            let path = format!("/organizations/{cargo}/collaborators");
            account.admin.post(&path, json!({"email": email, "role": role})).await.expect(201);
        }
        account.add_member("cora@kongair.example", "co-owner").await;
        let own = format!("{ALL}/{cargo}");
        let tabs = ["Collaborators", "Teams", "Storage", "Invites", "Profile", "Advanced"];
        let everything = ["/collaborators", "/teams", "/storage", "/invites", "/profile", "/advanced"];
        for email in [OWNER, "cora@kongair.example"] {
            let mut visitor = Visitor::signed_in(&app, email).await;
            assert!(visitor.open(&own).await.leads_to().ends_with("/collaborators"));
            for path in everything {
                says(&visitor.page(&format!("{own}{path}")).await, &tabs);
            }
            says(&visitor.page(&format!("{own}/teams/link")).await, &["There is no team yet"]);
        }
        let mut ada = Visitor::signed_in(&app, "ada@kongair.example").await;
        assert!(ada.open(&own).await.leads_to().ends_with("/collaborators"));
        let page = ada.page(&format!("{own}/collaborators")).await;
        says(&page, &["Collaborators Storage Profile", "Invite"]);
        says_not(&page, &["Advanced", "seats are free", "Show all access"]);
        ada.page(&format!("{own}/profile")).await;
        for refused in ["/teams", "/invites", "/advanced", "/storage/edit", "/delete"] {
            says(&ada.open(&format!("{own}{refused}")).await.page(403), &["You may not do this"]);
        }
        ada.open(&format!("{ALL}/{other}/collaborators")).await.page(403);
        ada.open(&format!("{ALL}/{other}/storage")).await.page(404);

        let mut pia = Visitor::signed_in(&app, PIA).await;
        assert!(pia.open(&own).await.leads_to().ends_with("/storage"));
        let page = pia.page(&format!("{own}/storage")).await;
        says(&page, &["Your role Member", "How you reach it Direct", "Cloud Sync"]);
        says_not(&page, &["Collaborators", "Edit"]);
        pia.open(&format!("{own}/collaborators")).await.page(403);
        pia.open(&format!("{own}/profile")).await.page(403);
    }

    async fn the_list_that_programs_read_is_searched_as_well(app: App) {
        let account = app.account(9).await;
        for name in ["Cargo", "Care of Passengers", "Passengers"] {
            account.add_organization(name).await;
        }
        let names = |items: Vec<serde_json::Value>| {
            items.iter().map(|one| text(one, "name")).collect::<Vec<_>>()
        };
        let found = account.admin.items_of("/me/organizations?search=car&limit=1").await;
        assert_eq!(names(found), ["Care of Passengers", "Cargo"]);
        let found = account.admin.items_of("/me/organizations?search=PASS&limit=1").await;
        assert_eq!(names(found), ["Care of Passengers", "Passengers"]);
        assert!(account.admin.items_of("/me/organizations?search=none&limit=1").await.is_empty());
    }
}
