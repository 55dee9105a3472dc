//! Step 1 of the onboarding, in its own words: membership of the Enterprise plan.

use serde_json::json;

use super::{DAY, activated, code, nobody, plan};
use crate::support::{on_both_databases, text};

on_both_databases! {
    async fn a_customer_becomes_a_member_of_the_enterprise_plan(app: App) {
        // The sales team issues an activation code; whoever enters it becomes the owner.
        let code = code(&app, "KongAir", 25, 365).await;
        let new = json!({
            "code": code,
            "account_name": "KongAir",
            "owner_email": "olive@kongair.example",
            "owner_name": {"given": "Olive", "family": "Owner"},
        });
        let made = nobody(&app).post("/activations", new).await.expect(201);
        let olive = nobody(&app).with_token(&text(&made, "admin_token"));
        let members = olive.items("/members").await;
        assert_eq!(members.len(), 1);
        assert_eq!((&members[0]["role"], &members[0]["email"]), (&json!("owner"), &json!("olive@kongair.example")));
        // A new account gets one organization.
        let organizations = olive.items("/organizations").await;
        assert_eq!(organizations[0]["name"], "Personal Workspace");
        assert_eq!(organizations.len(), 1);
        // Plan, seats and term are the code's.
        let plan = plan(&olive).await;
        assert_eq!((&plan["plan"], &plan["active"], &plan["seats"]), (&json!("enterprise"), &json!(true), &json!(25)));
        assert_eq!(plan["days_left"], 365);
        assert_eq!(plan["ends_at"], "2027-01-01T00:00:00.000Z");
        // The advanced operations are on.
        olive.post("/teams", json!({"name": "Flight"})).await.expect(201);
        // The code is used up.
        let again = json!({"code": code, "account_name": "Other", "owner_email": "x@other.example"});
        nobody(&app).post("/activations", again).await.expect(403);
    }

    async fn the_first_token_ends_by_itself(app: App) {
        let owner = activated(&app, "KongAir", &code(&app, "KongAir", 5, 365).await).await;
        app.clock.advance(90 * DAY);
        owner.get("/seats").await.expect(401);
    }
}
