//! The tabs Teams, Storage, Invites and Profile.

use serde_json::json;

use super::{ALL, OWNER, Visitor, refuses, says, says_not};
use crate::support::on_both_databases;

on_both_databases! {
    async fn several_teams_are_linked_after_a_look_and_one_is_unlinked(app: App) {
        let account = app.account(9).await;
        let cargo = account.add_organization("Cargo").await;
        let flight = account.add_team("Flight", &[]).await;
        let sales = account.add_team("Sales", &[]).await;
        account.add_member("ann@kongair.example", "member").await;
        account.join(&flight, "ann@kongair.example").await;
        let mut owner = Visitor::signed_in(&app, OWNER).await;
        let own = format!("{ALL}/{cargo}");
        says(&owner.page(&format!("{own}/teams")).await, &["No team is linked", "Link a team"]);
        let page = owner.page(&format!("{own}/teams/link?search=fl")).await;
        says(&page, &["Flight"]);
        says_not(&page, &["Sales"]);
        let look = format!("{own}/teams/link/preview");
        let page = owner.page(&format!("{look}?team={flight}&team={sales}")).await;
        says(&page, &[
            "Link Flight, Sales to Cargo?",
            "Flight Will reach it as Member (1): ann@kongair.example",
            "Sales Nobody's access changes now",
        ]);
        assert!(account.admin.items_of(&format!("/teams?organization={cargo}")).await.is_empty());
        says(&owner.open(&look).await.page(422), &["choose 1 to 20 teams"]);
        let both = format!("{flight} {sales}");
        let (page, path) = owner.done(&look, &[("teams", &both)]).await;
        assert_eq!(path, format!("{own}/teams"));
        says(&page, &["The team is linked", "Flight Member 1 Manual Unlink", "Sales"]);
        says(&owner.page(&format!("{look}?team={flight}")).await, &["All of them are linked"]);
        let unlink = format!("{own}/teams/{flight}/unlink");
        says(&owner.page(&unlink).await, &["Unlink Flight from Cargo?", "Lose the organization (1): ann@kongair.example"]);
        let (page, _) = owner.done(&unlink, &[]).await;
        says(&page, &["no longer linked", "Sales"]);
        let left = account.admin.items_of(&format!("/teams?organization={cargo}")).await;
        assert_eq!((left.len(), &left[0]["name"]), (1, &json!("Sales")));
        // All or none.
        let half = format!("{flight} team_none");
        owner.send(&look, &[("teams", &half)]).await.page(404);
        assert_eq!(account.admin.items_of(&format!("/teams?organization={cargo}")).await.len(), 1);
    }

    async fn storage_and_invites_have_a_rule_of_their_own_or_the_accounts(app: App) {
        let account = app.account(9).await;
        let cargo = account.add_organization("Cargo").await;
        account.invite("guest@elsewhere.example", &cargo).await;
        let mut owner = Visitor::signed_in(&app, OWNER).await;
        let own = format!("{ALL}/{cargo}");
        says(&owner.page(&format!("{own}/storage")).await, &["The account's rule for organizations counts"]);
        let nothing = owner.send(&format!("{own}/storage/edit"), &[]).await.page(422);
        refuses(&nothing, "allowed", "at least one");
        let some = [("allowed", "git_sync"), ("allowed", "local_vault")];
        let (page, _) = owner.done(&format!("{own}/storage/edit"), &some).await;
        says(&page, &["The storage rule is saved", "a rule of its own", "Use the account's rule"]);
        let rule = account.admin.get(&format!("/organizations/{cargo}/storage-control")).await.expect(200);
        assert_eq!(rule, json!({"allowed": ["local_vault", "git_sync"], "is_overridden": true}));
        let (page, _) = owner.done(&format!("{own}/storage/reset"), &[]).await;
        says(&page, &["The account's rule for organizations counts"]);

        let edit = format!("{own}/invites/edit");
        says(&owner.page(&format!("{own}/invites")).await, &["All domains", "The account's rule counts here"]);
        let custom = owner.send(&edit, &[("rule", "custom_domains"), ("domains", "no domain!")]).await;
        refuses(&custom.page(422), "domains", "is not a domain name");
        let verified = [("rule", "verified_domains"), ("domains", "")];
        let asked = owner.send(&edit, &verified).await.page(200);
        says(&asked, &["Will not comply any more: members 0, pending invitations 1 (guest@elsewhere.example)"]);
        let path = format!("/organizations/{cargo}/invite-control");
        assert_eq!(account.admin.get(&path).await.expect(200)["own"], false, "it was asked first");
        let confirmed = [("rule", "verified_domains"), ("domains", ""), ("confirmed", "true")];
        let (page, _) = owner.done(&edit, &confirmed).await;
        says(&page, &["Only verified domains", "a rule of its own"]);
        says(&owner.page(&format!("{own}/invites/reset")).await, &["Everybody complies as before"]);
        owner.done(&format!("{own}/invites/reset"), &[]).await;
        assert_eq!(account.admin.get(&path).await.expect(200)["own"], false);
    }

    async fn an_admin_renames_the_organization(app: App) {
        let account = app.account(9).await;
        let cargo = account.add_organization("Cargo").await;
        account.add_member("ada@kongair.example", "member").await;
        let path = format!("/organizations/{cargo}/collaborators");
        let admin = json!({"email": "ada@kongair.example", "role": "admin"});
        account.admin.post(&path, admin).await.expect(201);
        let mut ada = Visitor::signed_in(&app, "ada@kongair.example").await;
        let profile = format!("{ALL}/{cargo}/profile");
        let taken = ada.send(&profile, &[("name", "personal workspace")]).await.page(409);
        refuses(&taken, "name", "already exists");
        let (page, _) = ada.done(&profile, &[("name", "Freight")]).await;
        says(&page, &["Freight", "The organization has its new name"]);
        assert_eq!(account.admin.items("/organizations").await[1]["name"], "Freight");
    }

    async fn what_the_plan_does_not_include_says_so(app: App) {
        let account = app.account(9).await;
        let cargo = account.add_organization("Cargo").await;
        app.database.execute("UPDATE enterprises SET plan = 'essentials', git_sync_enabled = FALSE");
        let mut owner = Visitor::signed_in(&app, OWNER).await;
        let own = format!("{ALL}/{cargo}");
        let page = owner.page(&format!("{own}/storage")).await;
        says(&page, &["the account's plan does not include storage control"]);
        says_not(&page, &["Edit"]);
        says(&owner.page(&format!("{own}/invites")).await, &["The rule rests"]);
        says_not(&owner.page(&format!("{own}/teams")).await, &["Link a team"]);
        let refused = owner.send(&format!("{own}/storage/edit"), &[("allowed", "git_sync")]).await;
        says(&refused.page(403), &["does not include"]);
    }
}
