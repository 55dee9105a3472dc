//! Accepting without the link: what a sign-in through the account's own single sign-on does.

use std::sync::Arc;

use insomnia_scim::administration::AdministrationError;
use insomnia_scim::administration::invitations::acceptance;
use insomnia_scim::enterprise::audit::Origin;
use insomnia_scim::store::WriteContext;
use insomnia_scim::store::members::MemberRow;
use serde_json::json;

use super::{DAY, accept, log, rule, token_of};
use crate::support::{Account, App, on_both_databases};

const AMELIA: &str = "amelia@kongair.example";

/// Somebody has proved this address.
async fn signs_in(
    app: &App,
    account: &Account,
    key: &'static str,
) -> Result<Option<MemberRow>, AdministrationError> {
    let enterprise = account.made.enterprise;
    let by = WriteContext::new(enterprise, Arc::new(Origin::system()));
    let name = Some(("Amelia", "Earhart"));
    app.store
        .write(by, move |transaction| acceptance::accept_for(transaction, enterprise, key, name))
        .await
}

on_both_databases! {
    async fn a_proved_address_takes_its_invitation_and_its_seat(app: App) {
        let account = app.account(2).await;
        let cargo = account.add_organization("Cargo").await;
        let body = json!({"email": "Amelia@kongair.example", "organization_id": cargo, "role": "admin"});
        account.admin.post("/invitations", body).await.expect(201);
        let token = token_of(&app, "Amelia@kongair.example").await;
        assert_eq!(signs_in(&app, &account, "bessie@kongair.example").await.unwrap(), None);
        let joined = signs_in(&app, &account, AMELIA).await.unwrap().unwrap();
        assert_eq!(joined.user_name, "Amelia@kongair.example");
        assert_eq!(account.recount().await, 2);
        assert_eq!(account.access(&joined.id).await[0].1, "admin");
        let member = account.member(&joined.id).await;
        assert_eq!(member["display_name"], "Amelia Earhart");
        assert_eq!(log(&account, "invitation.accepted").await.len(), 1);
        assert!(accept(&app, &token).await.detail(409).contains("accepted"));
        // A second sign-in finds a member and no invitation.
        assert_eq!(signs_in(&app, &account, AMELIA).await.unwrap(), None);
    }

    async fn what_keeps_a_link_from_being_accepted_keeps_a_sign_in_from_it(app: App) {
        let account = app.account(3).await;
        let cargo = account.add_organization("Cargo").await;
        account.invite(AMELIA, &cargo).await;
        rule(&account, "custom_domains", &["else.example"]).await;
        let refused = signs_in(&app, &account, AMELIA).await.unwrap_err().to_string();
        assert!(refused.contains("Invite control does not allow"), "{refused}");
        rule(&account, "all_domains", &[]).await;
        app.database.execute("UPDATE enterprises SET plan_active = FALSE");
        let refused = signs_in(&app, &account, AMELIA).await.unwrap_err().to_string();
        assert!(refused.contains("plan has ended"), "{refused}");
        app.database.execute("UPDATE enterprises SET plan_active = TRUE");
        assert_eq!(account.seats().await, (2, 3), "it stays pending");
        app.clock.advance(30 * DAY);
        assert_eq!(signs_in(&app, &account, AMELIA).await.unwrap(), None);
        assert_eq!(account.recount().await, 1);
    }
}
