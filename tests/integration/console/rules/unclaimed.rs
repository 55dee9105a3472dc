//! The unclaimed accounts of a domain, and inviting them.

use super::{OWNER, Visitor, says};
use crate::support::{App, on_both_databases, text};

/// People with an address in the domain who belong to another account.
async fn known(app: &App, emails: &[&str]) {
    let other = app.account_named("Other", "other.example", 20).await;
    for email in emails {
        other.add_member(email, "member").await;
        app.signed_in(email).await;
    }
}

on_both_databases! {
    async fn those_who_are_chosen_are_invited_and_then_all(app: App) {
        let account = app.account(9).await;
        let [amelia, bessie, charles] = ["amelia@kongair.example", "bessie@kongair.example", "charles@kongair.example"];
        known(&app, &[amelia, bessie, charles]).await;
        let cargo = account.add_organization("Cargo").await;
        let flight = account.add_team("Flight", &[&cargo]).await;
        let mut owner = Visitor::sign_in(&app, OWNER).await;
        let id = text(&account.admin.items("/domains").await[0], "id");
        let path = format!("/app/enterprise/domains/{id}/unclaimed");
        says(&owner.page(&format!("/app/enterprise/domains/{id}")).await, &["<strong>3</strong>", "Manage"]);
        says(&owner.page(&path).await, &[amelia, bessie, charles, "Invite all"]);
        let csv = owner.get(&format!("/api/v1/domains/{id}/unclaimed-accounts.csv")).await.page(200);
        assert_eq!(csv.lines().count(), 4);

        says(&owner.page(&format!("{path}/invite?chosen=true")).await, &["Nobody is chosen"]);
        let form = owner.page(&format!("{path}/invite?emails={amelia}&emails={bessie}")).await;
        says(&form, &["Invite 2 people of kongair.example?", "8 of 9 seats are free", "Organization Cargo", "Team Flight", "Invite 2"]);
        assert!(!form.contains(charles), "{form}");
        let to = format!("team:{flight}");
        let fields = [("emails", amelia), ("emails", bessie), ("to", &to), ("role", "")];
        let (page, back) = owner.done(&format!("{path}/invite"), &fields).await;
        assert_eq!(back, path);
        says(&page, &["All of them are invited."]);
        let invited = account.admin.items("/invitations").await;
        assert_eq!(invited.iter().map(|one| text(one, "email")).collect::<Vec<_>>(), [amelia, bessie]);
        assert_eq!(invited[0]["teams"][0]["team_name"], "Flight");

        let to = format!("organization:{cargo}");
        says(&owner.page(&format!("{path}/invite")).await, &["Invite all 3 of kongair.example?"]);
        let page = owner.send(&format!("{path}/invite"), &[("to", &to), ("role", "team")]).await.page(400);
        says(&page, &["id=\"field-role-told\" role=\"alert\""]);
        owner.done(&format!("{path}/invite"), &[("to", &to), ("role", "admin")]).await;
        let invited = account.admin.items("/invitations").await;
        assert_eq!(invited.len(), 3);
        assert_eq!(invited[2]["organizations"][0]["role"], "admin");
    }

    async fn each_who_is_not_invited_is_named_with_the_reason(app: App) {
        let account = app.account(2).await;
        let [amelia, bessie] = ["amelia@kongair.example", "bessie@kongair.example"];
        known(&app, &[amelia, bessie]).await;
        let cargo = account.add_organization("Cargo").await;
        let mut owner = Visitor::sign_in(&app, OWNER).await;
        let id = text(&account.admin.items("/domains").await[0], "id");
        let path = format!("/app/enterprise/domains/{id}/unclaimed/invite");
        let to = format!("organization:{cargo}");
        let fields = [("key", "once"), ("to", to.as_str())];
        for _ in 0..2 {
            // Sent twice, it says the same and invites once.
            let page = owner.send(&path, &fields).await.page(200);
            says(&page, &["1 invited, 1 not", amelia, bessie, "No licence seat is free"]);
        }
        assert_eq!(account.seats().await, (2, 2));
        let page = owner.send(&path, &[("to", "nowhere")]).await.page(422);
        says(&page, &["id=\"field-to-told\" role=\"alert\""]);
    }
}
