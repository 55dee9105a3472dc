//! Invite control, what does not comply, and the account's invitations.

use serde_json::json;

use super::{OWNER, Visitor, refuses, rule, says};
use crate::support::{on_both_databases, text};

const INVITE: &str = "/app/enterprise/invite";

on_both_databases! {
    async fn a_rule_is_previewed_confirmed_and_saved(app: App) {
        let account = app.account(9).await;
        account.add_member("mia@else.example", "member").await;
        let mut owner = Visitor::sign_in(&app, OWNER).await;
        says(&owner.page(INVITE).await, &["All domains", "Only verified domains", "Custom domains", "Invitations off", "Also binds SCIM", "Preview"]);
        let narrow = [("rule", "verified_domains"), ("domains", "")];
        let everybody = json!({"rule": "all_domains", "domains": []});
        for path in [INVITE, "/app/enterprise/invite/preview"] {
            let page = owner.send(path, &narrow).await.page(200);
            says(&page, &["1 member and 0 pending invitations", "mia@else.example", "name=\"seen\" value=\"true\""]);
            assert_eq!(rule(&account).await, everybody, "{path}");
        }
        let (page, _) = owner.done(INVITE, &[("rule", "verified_domains"), ("seen", "true")]).await;
        says(&page, &["The rule for invitations is saved.", "value=\"verified_domains\" checked"]);
        // What makes nothing non-compliant is saved at once.
        owner.done(INVITE, &[("rule", "all_domains")]).await;
        assert_eq!(rule(&account).await, everybody);
        let page = owner.send(INVITE, &[("rule", "custom_domains"), ("domains", "no domain")]).await.page(422);
        refuses(&page, "domains", "is not a domain name");
        let custom = [("rule", "custom_domains"), ("domains", "Else.example, kongair.example"), ("seen", "true")];
        owner.done(INVITE, &custom).await;
        let expected = json!({"rule": "custom_domains", "domains": ["else.example", "kongair.example"]});
        assert_eq!(rule(&account).await, expected);
        says(&owner.done("/app/enterprise/invite/scim", &[("binds", "true")]).await.0, &["also binds the members"]);
        assert_eq!(account.admin.get("/connector").await.expect(200)["invite_control_binds_scim"], true);
        owner.done("/app/enterprise/invite/scim", &[]).await;
        assert_eq!(account.admin.get("/connector").await.expect(200)["invite_control_binds_scim"], false);
    }

    async fn organizations_with_their_own_rule_get_the_accounts_again(app: App) {
        let account = app.account(9).await;
        let cargo = account.add_organization("Cargo").await;
        let own = format!("/organizations/{cargo}/invite-control");
        let fields = json!({"rule": "custom_domains", "domains": ["partner.example"]});
        account.admin.put(&own, fields).await.expect(200);
        let mut owner = Visitor::sign_in(&app, OWNER).await;
        says(&owner.page(INVITE).await, &["Cargo", "partner.example", "Use the account's rule"]);
        let reset = format!("{INVITE}/organizations/{cargo}/reset");
        says(&owner.page(&reset).await, &["Use the account's rule in Cargo?", "complies with this"]);
        says(&owner.done(&reset, &[]).await.0, &["counts in the organization again"]);
        assert_eq!(account.admin.get(&own).await.expect(200)["own"], false);
    }

    async fn several_that_do_not_comply_are_removed_at_once(app: App) {
        let account = app.account(9).await;
        let cargo = account.add_organization("Cargo").await;
        let member = account.add_member("mia@else.example", "member").await;
        let pending = account.invite("pat@else.example", &cargo).await;
        let co_owner = account.add_member("carol@else.example", "co-owner").await;
        account.add_member("carl@kongair.example", "co-owner").await;
        account.admin.put("/invite-control", json!({"rule": "verified_domains"})).await.expect(200);
        let mut carl = Visitor::sign_in(&app, "carl@kongair.example").await;
        let list = format!("{INVITE}/non-compliant");
        says(&carl.page(&list).await, &["mia@else.example", "pat@else.example", "only verified domains may be invited"]);
        says(&carl.page(&format!("{INVITE}/remove")).await, &["Nothing is chosen"]);
        let question = carl.page(&format!("{INVITE}/remove?ids={member}&ids={pending}&ids={co_owner}")).await;
        says(&question, &["Remove 3 from the account?", "2 members lose all access", "1 invitation is revoked", "mia@else.example"]);
        // A co-owner may not remove another one; that does not keep the others.
        let ids = [("ids", member.as_str()), ("ids", &pending), ("ids", &co_owner)];
        let page = carl.send(&format!("{INVITE}/remove"), &ids).await.page(200);
        says(&page, &["2 removed, 1 not", "carol@else.example", "Only an owner may"]);
        assert_eq!(account.find_member(&member).await, None);
        assert_eq!(account.invitation_state(&pending).await, "revoked");
        let mut owner = Visitor::sign_in(&app, OWNER).await;
        let (page, _) = owner.done(&format!("{INVITE}/remove"), &[("ids", &co_owner)]).await;
        says(&page, &["their seats are free", "All comply"]);
    }

    async fn pending_invitations_are_found_changed_resent_and_revoked(app: App) {
        let account = app.account(9).await;
        let cargo = account.add_organization("Cargo").await;
        let flight = account.add_team("Flight", &[&cargo]).await;
        let pat = account.invite("pat@else.example", &cargo).await;
        let invitation = json!({"email": "tom@else.example", "team_id": flight});
        account.admin.post("/invitations", invitation).await.expect(201);
        let mut owner = Visitor::sign_in(&app, OWNER).await;
        let list = format!("{INVITE}/pending");
        says(&owner.page(&list).await, &["pat@else.example", "Cargo: Member", "tom@else.example", "Team Flight: Member", "by owner@kongair.example"]);
        let found = owner.page(&format!("{list}?search=tom&state=&role=&delivery=")).await;
        assert!(found.contains("tom@else.example") && !found.contains("pat@else.example"), "{found}");

        let role = format!("{INVITE}/{pat}/role");
        let field = format!("organization:{cargo}");
        says(&owner.page(&role).await, &["Role in Cargo", "The role of pat@else.example"]);
        says(&owner.send(&role, &[(&field, "member")]).await.page(422), &["Each role is as it was."]);
        says(&owner.done(&role, &[(&field, "admin")]).await.0, &["The invitation gives another role.", "Cargo: Admin"]);

        app.background().await;
        let before = app.mailbox.to("pat@else.example").len();
        says(&owner.done(&format!("{INVITE}/{pat}/resend"), &[]).await.0, &["sent anew"]);
        app.background().await;
        assert_eq!(app.mailbox.to("pat@else.example").len(), before + 1);

        says(&owner.page(&format!("{INVITE}/{pat}/revoke")).await, &["Revoke the invitation of pat@else.example?"]);
        let (page, back) = owner.done(&format!("{INVITE}/{pat}/revoke"), &[]).await;
        assert_eq!(back, list);
        assert!(page.contains("its seat is free") && !page.contains("<strong>pat@else.example"), "{page}");
        says(&owner.page(&format!("{list}?state=revoked")).await, &["pat@else.example", "Revoked"]);
        let page = owner.send(&format!("{INVITE}/{pat}/revoke"), &[]).await.page(409);
        says(&page, &["it is revoked"]);
        let invitations = account.admin.items("/invitations").await;
        assert_eq!(text(&invitations[1], "state"), "pending");
    }
}
