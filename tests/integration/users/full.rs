//! No seat is free: the request is refused and told about; it succeeds once one is free.

use insomnia_scim::store::Cost;
use insomnia_scim::store::outbox::{self, MailRow};
use serde_json::{Value, json};

use crate::support::{Account, App, on_both_databases, patch, user};

const DAY: i64 = 24 * 60 * 60 * 1000;

/// An account with three seats, all taken: the owner, `a@`, and `b@`. Gives their ids.
async fn full(app: &App) -> (Account, String, String) {
    let account = app.account(3).await;
    let a = account.provision("a@kongair.example").await;
    let b = account.add_member("b@kongair.example", "member").await;
    assert_eq!(account.seats().await, (3, 3));
    (account, a, b)
}

async fn mails(app: &App, account: &Account) -> Vec<MailRow> {
    let enterprise = account.made.enterprise;
    let keys = app.store.keyring();
    let read = move |conn: &mut _| outbox::of_enterprise(conn, enterprise, 0, 100);
    let sealed = app.store.read(Cost::SERVER, read).await.unwrap();
    sealed.into_iter().map(|mail| mail.open(keys.as_deref()).unwrap()).collect()
}

async fn page(account: &Account) -> Vec<Value> {
    let page = account.admin.get("/connector").await.expect(200);
    page["refusals"].as_array().unwrap().clone()
}

fn active(value: bool) -> Value {
    patch(json!([{"op": "replace", "path": "active", "value": value}]))
}

on_both_databases! {
    async fn without_a_free_seat_a_new_user_is_refused_with_both_numbers(app: App) {
        let (account, ..) = full(&app).await;
        let before = account.snapshot().await;
        let refused = account.scim.post("/Users", user("c@kongair.example")).await;
        assert_eq!(refused.header("content-type"), "application/scim+json");
        let detail = refused.detail(403);
        assert!(detail.contains("3 of 3"), "{detail}");
        assert!(detail.contains("Licenses page") && detail.contains("buy"), "{detail}");
        assert_eq!(account.snapshot().await, before);
        // An inactive user needs none.
        let mut inactive = user("c@kongair.example");
        inactive["active"] = json!(false);
        account.scim.post("/Users", inactive).await.expect(201);
    }

    async fn without_a_free_seat_a_reactivation_is_refused_and_works_once_one_is_free(app: App) {
        let (account, a, b) = full(&app).await;
        let path = format!("/Users/{a}");
        account.scim.patch(&path, active(false)).await.expect(200);
        account.provision("c@kongair.example").await;
        let before = account.snapshot().await;
        let detail = account.scim.patch(&path, active(true)).await.detail(403);
        assert!(detail.contains("3 of 3"), "{detail}");
        let mut back = user("a@kongair.example");
        back["title"] = json!("Pilot");
        account.scim.put(&path, back).await.detail(403);
        assert_eq!(account.snapshot().await, before, "not even the title");
        let [refusal] = &page(&account).await[..] else { panic!("one day of refusals") };
        assert_eq!(refusal["last_subject"], "a@kongair.example");
        account.admin.delete(&format!("/licences/{b}")).await.expect(204);
        account.scim.patch(&path, active(true)).await.expect(200);
        assert_eq!(account.recount().await, 3);
    }

    async fn refusals_are_on_the_scim_page_and_mailed_to_the_owners_once_a_day(app: App) {
        let account = app.account(3).await;
        account.add_member("co@kongair.example", "co-owner").await;
        account.add_member("clerk@kongair.example", "billing-only").await;
        assert_eq!(page(&account).await, Vec::<Value>::new());
        let refuse = |name: &str| {
            let (account, user) = (account.clone(), user(&format!("{name}@kongair.example")));
            async move { account.scim.post("/Users", user).await.detail(403) }
        };
        let detail = refuse("c").await;
        refuse("d").await;
        let [today] = &page(&account).await[..] else { panic!("one day of refusals") };
        assert_eq!(today["kind"], "no_free_seat");
        assert_eq!(today["occurrences"], 2);
        assert_eq!(today["last_subject"], "d@kongair.example");
        assert_eq!(today["last_detail"], detail);
        assert!(today["last_at"].as_str().unwrap().starts_with("2026-01-01T"));
        let recipients = |mails: &[MailRow]| -> Vec<String> {
            mails.iter().map(|mail| mail.recipient.clone()).collect()
        };
        let first = mails(&app, &account).await;
        assert_eq!(recipients(&first), ["owner@kongair.example", "co@kongair.example"]);
        assert!(first[0].body.contains("c@kongair.example"), "{}", first[0].body);
        assert!(first[0].body.contains("3 of 3"), "{}", first[0].body);
        assert!(first[0].subject.contains("KongAir"));

        app.clock.advance(DAY - 1);
        refuse("e").await;
        assert_eq!(mails(&app, &account).await.len(), 2, "still the same day");
        app.clock.advance(1);
        refuse("c").await;
        refuse("c").await;
        let days = page(&account).await;
        let occurrences: Vec<_> = days.iter().map(|day| day["occurrences"].clone()).collect();
        assert_eq!(occurrences, [2, 3], "newest first");
        assert_eq!(recipients(&mails(&app, &account).await)[2..], recipients(&first));
    }

    async fn a_bulk_request_is_refused_and_told_about_in_the_same_way(app: App) {
        let (account, ..) = full(&app).await;
        let before = account.snapshot().await;
        let bulk = json!({
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],
            "Operations": [{
                "method": "POST", "path": "/Users", "bulkId": "c",
                "data": user("c@kongair.example"),
            }],
        });
        let answer = account.scim.post("/Bulk", bulk).await.expect(200);
        assert_eq!(answer["Operations"][0]["status"], "403", "{answer}");
        assert_eq!(account.snapshot().await, before);
        assert_eq!(page(&account).await[0]["last_subject"], "c@kongair.example");
        assert_eq!(mails(&app, &account).await.len(), 1);
    }

    async fn the_same_request_succeeds_once_a_licence_is_freed(app: App) {
        let (account, _, b) = full(&app).await;
        account.scim.post("/Users", user("c@kongair.example")).await.expect(403);
        account.admin.delete(&format!("/licences/{b}")).await.expect(204);
        account.scim.post("/Users", user("c@kongair.example")).await.expect(201);
        assert_eq!(account.recount().await, 3);
    }

    async fn the_same_request_succeeds_once_an_invitation_is_revoked(app: App) {
        let (account, _, b) = full(&app).await;
        let cargo = account.add_organization("Cargo").await;
        account.admin.delete(&format!("/licences/{b}")).await.expect(204);
        let invitation = account.invite("guest@kongair.example", &cargo).await;
        account.scim.post("/Users", user("c@kongair.example")).await.expect(403);
        let path = format!("/invitations/{invitation}");
        account.admin.delete(&path).await.expect(204);
        account.admin.delete(&path).await.expect(409);
        account.scim.post("/Users", user("c@kongair.example")).await.expect(201);
        assert_eq!(account.invitation_state(&invitation).await, "revoked");
        assert_eq!(account.recount().await, 3);
    }

    async fn the_same_request_succeeds_once_an_invitation_has_expired(app: App) {
        let (account, _, b) = full(&app).await;
        let cargo = account.add_organization("Cargo").await;
        account.admin.delete(&format!("/licences/{b}")).await.expect(204);
        let invitation = account.invite("guest@kongair.example", &cargo).await;
        app.clock.advance(30 * DAY - 1);
        account.scim.post("/Users", user("c@kongair.example")).await.expect(403);
        assert_eq!(account.seats().await, (3, 3));
        app.clock.advance(1);
        assert_eq!(account.seats().await, (2, 3), "free before anybody asks for it");
        account.scim.post("/Users", user("c@kongair.example")).await.expect(201);
        assert_eq!(account.invitation_state(&invitation).await, "expired");
        assert_eq!(account.recount().await, 3);
        // A revocation that comes too late gives nothing back a second time.
        account.admin.delete(&format!("/invitations/{invitation}")).await.expect(409);
        assert_eq!(account.recount().await, 3);
    }

    async fn the_same_request_succeeds_once_a_user_is_deactivated_or_deleted(app: App) {
        let (account, a, _) = full(&app).await;
        account.scim.post("/Users", user("c@kongair.example")).await.expect(403);
        account.scim.patch(&format!("/Users/{a}"), active(false)).await.expect(200);
        let c = account.provision("c@kongair.example").await;
        account.scim.post("/Users", user("d@kongair.example")).await.expect(403);
        account.scim.delete(&format!("/Users/{c}")).await.expect(204);
        account.provision("d@kongair.example").await;
        assert_eq!(account.recount().await, 3);
    }

    async fn no_way_in_takes_a_seat_that_is_not_there(app: App) {
        let (account, ..) = full(&app).await;
        let cargo = account.add_organization("Cargo").await;
        let before = account.snapshot().await;
        let member = json!({"email": "c@kongair.example"});
        let detail = account.admin.post("/members", member).await.detail(403);
        assert!(detail.contains("3 of 3"), "{detail}");
        let invitation = json!({"email": "c@kongair.example", "organization_id": cargo});
        account.admin.post("/invitations", invitation).await.detail(403);
        assert_eq!(account.snapshot().await, before);
    }
}
