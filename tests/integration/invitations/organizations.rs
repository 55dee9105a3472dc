//! What an organization's admins may do with invitations.

use serde_json::json;

use super::{accept, token_of};
use crate::support::{on_both_databases, text};

on_both_databases! {
    async fn an_organizations_admin_invites_into_the_own_organization_and_no_other(app: App) {
        let account = app.account(9).await;
        let cargo = account.add_organization("Cargo").await;
        let passengers = account.add_organization("Passengers").await;
        let body = json!({"email": "admin@kongair.example", "organization_id": cargo, "role": "admin"});
        account.admin.post("/invitations", body).await.expect(201);
        let joined = accept(&app, &token_of(&app, "admin@kongair.example").await).await.expect(200);
        let token = account.token_for(&app, &text(&joined, "member_id")).await;
        let admin = account.admin.with_token(&token);

        let own = format!("/organizations/{cargo}/invitations");
        let emails = json!({"emails": ["a@kongair.example", "b@kongair.example"], "role": "admin"});
        let invited = admin.post(&own, emails.clone()).await.expect(201);
        assert_eq!(invited["results"].as_array().unwrap().len(), 2);
        let one = admin.post(&own, json!({"email": "c@kongair.example"})).await.expect(201);
        assert_eq!(one["state"], "pending");
        app.background().await;
        let mails = app.mailbox.to("c@kongair.example");
        assert!(mails[0].subject.starts_with("admin@kongair.example invites you"));
        let listed = admin.items(&own).await;
        assert_eq!(listed.len(), 4);
        assert_eq!(listed[1]["organizations"][0]["role"], "admin");

        let one = text(&one, "id");
        admin.post(&format!("{own}/{one}/resend"), json!({})).await.expect(200);
        admin.delete(&format!("{own}/{one}")).await.expect(204);
        admin.delete(&format!("{own}/{one}")).await.expect(409);
        assert_eq!(account.invitation_state(&one).await, "revoked");

        let elsewhere = account.invite("d@kongair.example", &passengers).await;
        let before = account.snapshot().await;
        let other = format!("/organizations/{passengers}/invitations");
        admin.get(&other).await.expect(403);
        admin.post(&other, emails).await.expect(403);
        admin.delete(&format!("{other}/{elsewhere}")).await.expect(403);
        admin.delete(&format!("{own}/{elsewhere}")).await.expect(404);
        admin.post(&format!("{own}/{elsewhere}/resend"), json!({})).await.expect(404);
        admin.get("/invitations").await.expect(403);
        assert_eq!(account.snapshot().await, before);
    }

    async fn an_invitation_taken_back_in_one_organization_leads_on_to_the_other(app: App) {
        let account = app.account(3).await;
        let cargo = account.add_organization("Cargo").await;
        let passengers = account.add_organization("Passengers").await;
        let id = account.invite("amelia@kongair.example", &cargo).await;
        account.invite("amelia@kongair.example", &passengers).await;
        let token = token_of(&app, "amelia@kongair.example").await;
        // Each organization sees its own part.
        let listed = account.admin.items(&format!("/organizations/{cargo}/invitations")).await;
        assert_eq!(listed[0]["organizations"].as_array().unwrap().len(), 1);
        let back = format!("/organizations/{cargo}/invitations/{id}");
        account.admin.delete(&back).await.expect(204);
        account.admin.delete(&back).await.expect(404);
        assert_eq!(account.seats().await, (2, 3));
        let joined = accept(&app, &token).await.expect(200);
        let reached = joined["organizations"].as_array().unwrap();
        assert_eq!(reached.len(), 1);
        assert_eq!(reached[0]["organization_id"], *passengers);
    }

    async fn another_accounts_invitations_are_not_there(app: App) {
        let account = app.account(3).await;
        let cargo = account.add_organization("Cargo").await;
        let id = account.invite("amelia@kongair.example", &cargo).await;
        let other = app.account_named("Other", "other.example", 3).await;
        let own = other.add_organization("Own").await;
        for path in [
            format!("/invitations/{id}"),
            format!("/organizations/{own}/invitations/{id}"),
            format!("/organizations/{cargo}/invitations/{id}"),
        ] {
            other.admin.delete(&path).await.expect(404);
            other.admin.post(&format!("{path}/resend"), json!({})).await.expect(404);
        }
        let path = format!("/organizations/{cargo}/invitations");
        other.admin.get(&path).await.expect(404);
        other.admin.post(&path, json!({"email": "x@other.example"})).await.expect(404);
        let path = format!("/organizations/{cargo}/invite-control");
        other.admin.get(&path).await.expect(404);
        other.admin.put(&path, json!({"rule": "off"})).await.expect(404);
        other.admin.delete(&path).await.expect(404);
        assert_eq!(account.invitation_state(&id).await, "pending");
    }
}
