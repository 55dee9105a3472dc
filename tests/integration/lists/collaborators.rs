//! The list of those who reach an organization.

use serde_json::{Value, json};

use super::{listed, names, provision};
use crate::support::{on_both_databases, patch};

on_both_databases! {
    async fn collaborators_are_found_by_name_role_and_way(app: App) {
        let account = app.account(20).await;
        let admin = &account.admin;
        let cargo = account.add_organization("Cargo").await;
        let flight = account.add_team("Flight", &[&cargo]).await;
        let chiefs = account.add_team("Chiefs", &[&cargo]).await;
        admin.patch(&format!("/teams/{chiefs}"), json!({"role": "admin"})).await.expect(200);
        for name in ["Pia", "Paul", "Gone", "Alien"] {
            let address = format!("{}@kongair.example", name.to_lowercase());
            provision(&account, &address, (name, "Pilot", &format!("{name} Pilot"))).await;
        }
        let path = format!("/organizations/{cargo}/collaborators");
        for (team, name) in [(&flight, "pia"), (&flight, "gone"), (&chiefs, "paul"), (&flight, "paul")] {
            account.join(team, &format!("{name}@kongair.example")).await;
        }
        admin.post(&path, json!({"email": "pia@kongair.example"})).await.expect(201);
        let gone = admin.get("/members?search=gone").await.expect(200)["items"][0]["id"].clone();
        let off = patch(json!([{"op": "replace", "path": "active", "value": false}]));
        account.scim.patch(&format!("/Users/{}", gone.as_str().unwrap()), off).await.expect(200);
        let through = |team: &str| format!("?via={team}");
        for (query, found) in [
            (String::new(), vec!["owner", "pia", "paul"]),
            ("?role=owner".to_owned(), vec!["owner"]),
            ("?role=admin".to_owned(), vec!["paul"]),
            ("?role=member".to_owned(), vec!["pia"]),
            ("?via=direct".to_owned(), vec!["owner", "pia"]),
            (through(&flight), vec!["pia", "paul"]),
            (through(&chiefs), vec!["paul"]),
            ("?search=pilot".to_owned(), vec!["paul", "pia"]),
            ("?search=pilot+pia".to_owned(), vec!["pia"]),
            ("?search=p&role=admin".to_owned(), vec!["paul"]),
            ("?search=p&via=direct".to_owned(), vec!["pia"]),
            ("?search=alien".to_owned(), vec![]),
        ] {
            let mut shown = listed(admin, &format!("{path}{query}"), "email").await;
            let mut found: Vec<_> = found.iter().map(|name| format!("{name}@kongair.example")).collect();
            if query.starts_with("?search") {
                shown.sort_unstable();
                found.sort_unstable();
            }
            assert_eq!(shown, found, "{query}");
        }
        let shown = admin.get(&format!("{path}?search=paul")).await.expect(200)["items"][0].clone();
        assert_eq!((&shown["display_name"], &shown["role"]), (&json!("Paul Pilot"), &json!("admin")));
        assert_eq!(shown["via"], json!([flight, chiefs]));
        assert_eq!(names(&shown["via_teams"]), ["Flight", "Chiefs"]);
        let access = admin.get(&format!("/members/{}/access", shown["member_id"].as_str().unwrap())).await;
        let reached: Value = access.expect(200)["items"][0].clone();
        assert_eq!(names(&reached["via_teams"]), ["Flight", "Chiefs"]);
        admin.get(&format!("{path}?via=team_unknown")).await.expect(404);
        admin.get(&format!("{path}?role=king")).await.expect(400);
    }
}
