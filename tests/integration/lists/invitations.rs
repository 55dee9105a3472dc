//! The lists of invitations.

use serde_json::json;

use super::listed;
use crate::support::{on_both_databases, text};

const DAY: i64 = 24 * 60 * 60 * 1000;

on_both_databases! {
    async fn invitations_are_found_by_address_state_target_and_role(app: App) {
        let account = app.account(20).await;
        let admin = &account.admin;
        let cargo = account.add_organization("Cargo").await;
        let passengers = account.add_organization("Passengers").await;
        let flight = account.add_team("Flight", &[&cargo]).await;
        account.invite("old@kongair.example", &cargo).await;
        app.clock.advance(20 * DAY);
        account.invite("pia@kongair.example", &cargo).await;
        let revoked = account.invite("paul@kongair.example", &passengers).await;
        admin.delete(&format!("/invitations/{revoked}")).await.expect(204);
        let team = json!({"email": "crew@kongair.example", "team_id": flight});
        admin.post("/invitations", team).await.expect(201);
        let chief = json!({"email": "chief@kongair.example", "organization_id": cargo, "role": "admin"});
        admin.post("/invitations", chief).await.expect(201);
        account.invite("joined@kongair.example", &passengers).await;
        account.provision("joined@kongair.example").await;
        // One that is over, and not marked yet.
        app.clock.advance(11 * DAY);
        for (query, found) in [
            (String::new(), vec!["old", "pia", "paul", "crew", "chief", "joined"]),
            ("?state=pending".to_owned(), vec!["pia", "crew", "chief"]),
            ("?state=expired".to_owned(), vec!["old"]),
            ("?state=revoked".to_owned(), vec!["paul"]),
            ("?state=accepted".to_owned(), vec!["joined"]),
            ("?search=P".to_owned(), vec!["paul", "pia"]),
            ("?search=pia%40kong".to_owned(), vec!["pia"]),
            ("?search=p&state=revoked".to_owned(), vec!["paul"]),
            ("?search=kongair".to_owned(), vec![]),
            (format!("?organization={cargo}"), vec!["old", "pia", "chief"]),
            (format!("?organization={cargo}&state=pending"), vec!["pia", "chief"]),
            (format!("?team={flight}"), vec!["crew"]),
            (format!("?team={flight}&organization={cargo}"), vec![]),
            ("?role=admin".to_owned(), vec!["chief"]),
            ("?role=member&state=pending".to_owned(), vec!["pia", "crew"]),
            ("?delivery=waiting&search=c".to_owned(), vec!["chief", "crew"]),
        ] {
            let shown = listed(admin, &format!("/invitations{query}"), "email").await;
            let found: Vec<_> = found.iter().map(|name| format!("{name}@kongair.example")).collect();
            assert_eq!(shown, found, "{query}");
        }
        let path = format!("/organizations/{cargo}/invitations");
        for (query, found) in [
            ("", vec!["old", "pia", "chief"]),
            ("?state=pending&role=member", vec!["pia"]),
            ("?search=c", vec!["chief"]),
        ] {
            let shown = listed(admin, &format!("{path}{query}"), "email").await;
            let found: Vec<_> = found.iter().map(|name| format!("{name}@kongair.example")).collect();
            assert_eq!(shown, found, "{query}");
        }
        for unknown in ["organization=org_unknown", "team=team_unknown"] {
            admin.get(&format!("/invitations?{unknown}")).await.expect(404);
        }
        for wrong in ["state=lost", "role=king", "delivery=eaten"] {
            admin.get(&format!("/invitations?{wrong}")).await.expect(400);
        }
        let rival = app.account_named("Rival", "rival.example", 5).await;
        assert!(listed(&rival.admin, "/invitations?search=p", "id").await.is_empty());
        rival.admin.get(&format!("/invitations?team={flight}")).await.expect(404);
    }

    async fn mail_that_has_not_arrived_is_counted(app: App) {
        let account = app.account(9).await;
        let admin = &account.admin;
        let cargo = account.add_organization("Cargo").await;
        for name in ["one", "two", "three", "four"] {
            account.invite(&format!("{name}@kongair.example"), &cargo).await;
        }
        let count = |waiting, refused, given_up| {
            json!({"waiting": waiting, "refused": refused, "given_up": given_up})
        };
        assert_eq!(admin.get("/invitations/delivery").await.expect(200), count(4, 0, 0));
        for (name, state) in [("one", "refused"), ("two", "given_up"), ("three", "sent")] {
            app.database.execute(&format!(
                "UPDATE invitations SET mail_state = '{state}' WHERE email LIKE '{name}@%'"
            ));
        }
        assert_eq!(admin.get("/invitations/delivery").await.expect(200), count(1, 1, 1));
        let failed = admin.get("/invitations?delivery=failed").await.expect(200);
        let first = text(&failed["items"][0], "id");
        admin.delete(&format!("/invitations/{first}")).await.expect(204);
        assert_eq!(admin.get("/invitations/delivery").await.expect(200), count(1, 0, 1));
        app.clock.advance(31 * DAY);
        assert_eq!(admin.get("/invitations/delivery").await.expect(200), count(0, 0, 0));
    }
}
