//! The onboarding document's step "4. Inviting users", in its words.

use serde_json::json;

use super::{DAY, accept, token_of};
use crate::support::{on_both_databases, text};

on_both_databases! {
    async fn step_4_inviting_users(app: App) {
        let account = app.account(6).await;
        let admin = &account.admin;
        let cargo = account.add_organization("Cargo").await;
        let passengers = account.add_organization("Passengers").await;
        let flight = account.add_team("Flight", &[&cargo, &passengers]).await;

        // Through an organization: several e-mail addresses at once; the role is Member.
        let emails = ["amelia@kongair.example", "bessie@kongair.example"];
        let body = json!({"emails": emails, "organization_id": cargo});
        admin.post("/invitations", body).await.expect(201);
        // Admin, if chosen.
        let body = json!({"email": "carol@kongair.example", "organization_id": cargo, "role": "admin"});
        admin.post("/invitations", body).await.expect(201);
        // Through a team: the invited reach the linked organizations.
        let body = json!({"emails": ["dora@kongair.example"], "team_id": flight, "role": "member"});
        admin.post("/invitations", body).await.expect(201);
        // Each pending invitation uses a seat.
        let seats = admin.get("/seats").await.expect(200);
        assert_eq!((&seats["used"], &seats["pending_invitations"]), (&json!(5), &json!(4)));
        // Automatically by SCIM.
        let emil = account.provision("emil@kongair.example").await;
        assert_eq!(account.seats().await, (6, 6));
        let body = json!({"email": "frida@kongair.example", "organization_id": cargo});
        let detail = admin.post("/invitations", body.clone()).await.detail(403);
        assert!(detail.contains("6 of 6"), "{detail}");

        // They follow the links of their mails.
        let mut members = Vec::new();
        for (email, reached) in [
            ("amelia@kongair.example", vec![(&cargo, "member")]),
            ("carol@kongair.example", vec![(&cargo, "admin")]),
            ("dora@kongair.example", vec![(&cargo, "member"), (&passengers, "member")]),
        ] {
            let joined = accept(&app, &token_of(&app, email).await).await.expect(200);
            let member = text(&joined, "member_id");
            let access = account.access(&member).await;
            let access: Vec<_> =
                access.iter().map(|(id, role, _)| (id, role.as_str())).collect();
            assert_eq!(access, reached, "{email}");
            members.push(member);
        }
        assert_eq!(account.seats().await, (6, 6), "no seat is counted twice");

        // Bessie does not answer: after 30 days the invitation has expired, and the seat is free.
        app.clock.advance(30 * DAY);
        app.background().await;
        assert_eq!(account.seats().await, (5, 6));
        admin.post("/invitations", body).await.expect(201);

        // Removing from a team does not free the seat, only the Licenses page does.
        let dora = &members[2];
        admin.delete(&format!("/teams/{flight}/members/{dora}")).await.expect(204);
        assert!(account.access(dora).await.is_empty());
        assert_eq!(account.seats().await, (6, 6));
        admin.delete(&format!("/licences/{dora}")).await.expect(204);
        admin.delete(&format!("/licences/{emil}")).await.expect(204);
        assert_eq!(account.seats().await, (4, 6));

        // Invite control: only verified domains.
        let rule = json!({"rule": "verified_domains"});
        let preview = admin.post("/invite-control/preview", rule.clone()).await.expect(200);
        assert_eq!(preview["members"], 0);
        admin.put("/invite-control", rule).await.expect(200);
        let body = json!({"email": "guest@else.example", "organization_id": cargo});
        admin.post("/invitations", body).await.expect(403);
        assert_eq!(account.recount().await, 4);
    }
}
