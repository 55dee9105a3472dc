//! Inviting many addresses at once, and the invitations: of an organization, and of a team.

use serde_json::json;

use super::{ALL, DAY, OWNER, Visitor, refuses, says, says_not, typed};
use crate::support::{on_both_databases, text};

on_both_databases! {
    async fn each_address_has_its_result_and_what_was_refused_stays(app: App) {
        let account = app.account(5).await;
        let cargo = account.add_organization("Cargo").await;
        let sales = account.add_organization("Sales").await;
        account.add_member("mia@kongair.example", "member").await;
        account.invite("old@kongair.example", &sales).await;
        let mut owner = Visitor::signed_in(&app, OWNER).await;
        let own = format!("{ALL}/{cargo}");
        let emails = "a@kongair.example, b@kongair.example;\nmia@kongair.example\told@kongair.example \
                      nonsense c@kongair.example a@kongair.example";
        let sent = [("emails", emails), ("role", "admin"), ("key", "once")];
        let page = owner.send(&format!("{own}/invite"), &sent).await.page(200);
        says(&page, &[
            "Invited a@kongair.example", "Invited b@kongair.example",
            "Member already mia@kongair.example", "Add to this organization",
            "Invited before old@kongair.example Cargo is added to the pending invitation. No second seat",
            "Not invited nonsense", "is not an e-mail address",
            "No seat free c@kongair.example", "Licenses",
        ]);
        assert_eq!(typed(&page), ["mia@kongair.example", "nonsense", "c@kongair.example"]);
        assert_eq!(account.recount().await, 5);
        // Sent twice, it is the same answer, and nothing more is sent.
        let again = owner.send(&format!("{own}/invite"), &sent).await.page(200);
        says(&again, &["Invited a@kongair.example"]);
        app.background().await;
        assert_eq!(app.mailbox.to("a@kongair.example").len(), 1);

        // A member is added with one click; the others stay.
        let member = [("email", "mia@kongair.example"), ("role", "admin"), ("rest", "nonsense\nc@kongair.example")];
        let page = owner.send(&format!("{own}/add"), &member).await.page(200);
        says(&page, &["Added mia@kongair.example"]);
        assert_eq!(typed(&page), ["nonsense", "c@kongair.example"]);
        let page = owner.page(&format!("{own}/collaborators")).await;
        says(&page, &["mia@kongair.example", "old@kongair.example"]);
        let twice = owner.send(&format!("{own}/add"), &member[..2]).await.page(200);
        says(&twice, &["Not invited mia@kongair.example", "is in this organization already"]);

        let none = owner.send(&format!("{own}/invite"), &[("emails", " "), ("role", "member")]).await;
        refuses(&none.page(422), "emails", "1 to 500 addresses");
        let rule = json!({"rule": "off", "domains": []});
        account.admin.put("/invite-control", rule).await.expect(200);
        let off = owner.send(&format!("{own}/invite"), &[("emails", "d@kongair.example"), ("role", "member")]).await;
        says(&off.page(200), &["Not invited d@kongair.example", "invitations are off"]);
    }

    async fn pending_invitations_are_changed_resent_revoked_and_repeated_when_they_expired(app: App) {
        let account = app.account(9).await;
        let cargo = account.add_organization("Cargo").await;
        let mut owner = Visitor::signed_in(&app, OWNER).await;
        let own = format!("{ALL}/{cargo}");
        let sent = [("emails", "a@kongair.example"), ("role", "member"), ("key", "once")];
        let (page, path) = owner.done(&format!("{own}/invite"), &sent).await;
        assert_eq!(path, format!("{own}/collaborators"));
        says(&page, &["Invited. Each gets a mail", "a@kongair.example", "in 30 days", OWNER, "Waiting"]);
        app.background().await;
        says(&owner.page(&path).await, &["in 30 days Sent"]);
        let id = text(&account.admin.items("/invitations").await[0], "id");
        let one = format!("{own}/invitations/{id}");
        let (page, _) = owner.done(&format!("{one}/role"), &[("role", "admin")]).await;
        says(&page, &["The invitation gives another role"]);
        let role = &account.admin.items("/invitations").await[0]["organizations"][0]["role"];
        assert_eq!(role, "admin");
        app.clock.advance(10 * DAY);
        let mut owner = Visitor::signed_in(&app, OWNER).await;
        says(&owner.page(&path).await, &["in 20 days"]);
        let (page, _) = owner.done(&format!("{one}/resend"), &[]).await;
        says(&page, &["sent anew", "in 30 days"]);

        app.clock.advance(31 * DAY);
        let mut owner = Visitor::signed_in(&app, OWNER).await;
        says(&owner.page(&format!("{own}/collaborators")).await, &["No invitation is pending"]);
        let expired = format!("{own}/invitations?state=expired");
        let page = owner.page(&expired).await;
        says(&page, &["a@kongair.example Admin", "Invite again"]);
        let again = [("emails", "a@kongair.example"), ("role", "admin")];
        let (page, _) = owner.done(&format!("{own}/invite"), &again).await;
        says(&page, &["a@kongair.example", "in 30 days"]);
        let pending = account.admin.items_of("/invitations?state=pending").await;
        let one = format!("{own}/invitations/{}", text(&pending[0], "id"));
        says(&owner.page(&format!("{one}/revoke")).await, &["Revoke the invitation?", "Its seat is free at once"]);
        let (page, _) = owner.done(&format!("{one}/revoke"), &[]).await;
        says(&page, &["The invitation is revoked", "No invitation is pending"]);
        assert_eq!(account.recount().await, 1);
        says(&owner.page(&format!("{own}/invitations?search=zoe")).await, &["No invitation is found."]);
    }

    async fn a_team_is_invited_to_on_its_page_with_a_role_of_its_own(app: App) {
        let account = app.account(9).await;
        let cargo = account.add_organization("Cargo").await;
        let flight = account.add_team("Flight", &[&cargo]).await;
        account.add_member("mia@kongair.example", "member").await;
        let mut owner = Visitor::signed_in(&app, OWNER).await;
        let own = format!("/app/enterprise/team/{flight}");
        let page = owner.page(&own).await;
        says(&page, &["Invite new members", "Member, as the team Admin", "No invitation is pending"]);
        let sent = [("emails", "a@kongair.example mia@kongair.example"), ("role", "admin"), ("key", "k")];
        let page = owner.send(&format!("{own}/invite"), &sent).await.page(200);
        says(&page, &["Invited a@kongair.example", "Member already mia@kongair.example", "Add to team"]);
        let member = [("email", "mia@kongair.example"), ("role", "admin"), ("rest", "")];
        let (page, path) = owner.done(&format!("{own}/add"), &member).await;
        assert_eq!(path, own);
        says(&page, &["they are in the team now", "a@kongair.example"]);
        let members = account.admin.items(&format!("/teams/{flight}/members")).await;
        assert_eq!((members.len(), &members[0]["own_role"]), (1, &json!("admin")));
        let invitation = &account.admin.items("/invitations").await[0];
        assert_eq!(invitation["teams"][0]["role"], "admin");
        let one = format!("{own}/invitations/{}", text(invitation, "id"));
        owner.done(&format!("{one}/role"), &[("role", "team")]).await;
        let invitation = &account.admin.items("/invitations").await[0];
        assert_eq!(invitation["teams"][0]["role"], "member");
        says(&owner.done(&format!("{one}/resend"), &[]).await.0, &["sent anew"]);
        says(&owner.page(&format!("{own}/invitations")).await, &["Pending Expired", "a@kongair.example"]);
        says_not(&owner.page(&format!("{own}/invitations?state=expired")).await, &["a@kongair.example"]);
        let (page, _) = owner.done(&format!("{one}/revoke"), &[]).await;
        says(&page, &["The invitation is revoked", "No invitation is pending"]);
        // Who administers no more than an organization does not invite to a team.
        let mut mia = Visitor::signed_in(&app, "mia@kongair.example").await;
        mia.open(&format!("{own}/invite")).await.page(403);
        mia.send(&format!("{own}/invite"), &sent).await.page(403);
    }
}
