//! Two accounts that do not trust each other, and several people: whatever is done with one account's
//! credentials changes no answer in the other one, and nothing that people see about themselves.

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};

use super::about_me;
use crate::support::{Account, App, Client, at_once, on_both_databases, patch, user};

/// Everybody whom both accounts may name: people of the other account, strangers, people of the own one.
const PEOPLE: [&str; 6] = [
    "owner@home.example",
    "vera@home.example",
    "walter@home.example",
    "stranger@else.example",
    "EVIL@evil.example",
    "second@evil.example",
];

/// What the holder of all credentials of one account does.
#[derive(Clone, Debug)]
enum Step {
    Provision(usize),
    /// Provisions with a further address.
    ProvisionWith(usize, usize),
    /// Renames the user who was made in that place.
    Rename(usize, usize),
    AddAddress(usize, usize),
    Deactivate(usize),
    Delete(usize),
    AddMember(usize, &'static str),
    Invite(usize),
    Offer(usize),
    CaptureAndLock,
}

fn step() -> impl Strategy<Value = Step> {
    let person = 0..PEOPLE.len();
    let place = 0..8_usize;
    prop_oneof![
        3 => person.clone().prop_map(Step::Provision),
        2 => (person.clone(), person.clone()).prop_map(|(one, other)| Step::ProvisionWith(one, other)),
        4 => (place.clone(), person.clone()).prop_map(|(place, person)| Step::Rename(place, person)),
        2 => (place.clone(), person.clone()).prop_map(|(place, person)| Step::AddAddress(place, person)),
        1 => place.clone().prop_map(Step::Deactivate),
        2 => place.prop_map(Step::Delete),
        2 => (person.clone(), prop::sample::select(vec!["member", "co-owner", "owner"]))
            .prop_map(|(person, role)| Step::AddMember(person, role)),
        1 => person.clone().prop_map(Step::Invite),
        1 => person.prop_map(Step::Offer),
        1 => Just(Step::CaptureAndLock),
    ]
}

/// Does it, whatever is answered.
async fn does(account: &Account, organization: &str, step: &Step) {
    let users = account.scim.get("/Users?count=100").await.expect(200);
    let at = |place: usize| {
        let all = users["Resources"].as_array().unwrap();
        format!("/Users/{}", all[place % all.len()]["id"].as_str().unwrap())
    };
    let (scim, admin) = (&account.scim, &account.admin);
    let status = match step {
        Step::Provision(person) => scim.post("/Users", user(PEOPLE[*person])).await.status,
        Step::ProvisionWith(person, other) => {
            let mut new = user(PEOPLE[*person]);
            let emails = new["emails"].as_array_mut().unwrap();
            emails.push(json!({"value": PEOPLE[*other], "type": "home"}));
            scim.post("/Users", new).await.status
        }
        Step::Rename(place, person) => scim.put(&at(*place), user(PEOPLE[*person])).await.status,
        Step::AddAddress(place, person) => {
            let more = json!([{"op": "add", "path": "emails",
                "value": [{"value": PEOPLE[*person], "type": "other"}]}]);
            scim.patch(&at(*place), patch(more)).await.status
        }
        Step::Deactivate(place) => {
            let off = json!([{"op": "replace", "path": "active", "value": false}]);
            scim.patch(&at(*place), patch(off)).await.status
        }
        Step::Delete(place) => scim.delete(&at(*place)).await.status,
        Step::AddMember(person, role) => {
            let new = json!({"email": PEOPLE[*person], "role": role});
            admin.post("/members", new).await.status
        }
        Step::Invite(person) => {
            let new = json!({"email": PEOPLE[*person], "organization_id": organization});
            admin.post("/invitations", new).await.status
        }
        Step::Offer(person) => {
            let path = format!("/organizations/{organization}/transfer");
            admin.post(&path, json!({"email": PEOPLE[*person]})).await.status
        }
        Step::CaptureAndLock => {
            let domain = admin.items("/domains").await[0]["id"].as_str().unwrap().to_owned();
            let rule = json!({"capture": true, "locked": true});
            admin.patch(&format!("/domains/{domain}"), rule).await.status
        }
    };
    assert!(status < 500, "{step:?}: {status}");
}

/// What people see about themselves, but for accounts that ask whether they join: that is theirs to
/// be told, and it changes nothing.
async fn unasked(client: &Client) -> Value {
    let mut me = about_me(client).await;
    me["waiting"] = json!(null);
    me
}

/// Everything that is to stay as it is.
async fn rest_of_the_world(home: &Account, people: &[Client]) -> Vec<Value> {
    let mut all = vec![home.snapshot().await];
    all.push(home.admin.items("/audit-log").await.into());
    let domain = home.admin.items("/domains").await[0]["id"].as_str().unwrap().to_owned();
    all.push(home.admin.items(&format!("/domains/{domain}/unclaimed-accounts")).await.into());
    for client in people {
        all.push(unasked(client).await);
    }
    all
}

on_both_databases! {
    async fn nothing_that_one_account_does_changes_what_others_see(app: App) {
        let home = app.account_named("Home", "home.example", 20).await;
        home.provision("vera@home.example").await;
        home.add_member("walter@home.example", "co-owner").await;
        let evil = app.account_named("Evil", "evil.example", 50).await;
        let organization = evil.add_organization("Bait").await;
        let mut people = Vec::new();
        for email in ["owner@home.example", "vera@home.example", "walter@home.example"] {
            people.push(app.signed_in(email).await);
        }
        let mut runner = TestRunner::deterministic();
        let mails = |app: &App| {
            // Invitations, offers and the like are what an account may send to anybody.
            let links = app.mailbox.mails();
            links.iter().filter(|mail| mail.subject.contains("Sign in")).count()
        };
        for _ in 0..6 {
            let before = rest_of_the_world(&home, &people).await;
            let sent = mails(&app);
            let steps = prop::collection::vec(step(), 12).new_tree(&mut runner).unwrap().current();
            for step in &steps {
                does(&evil, &organization, step).await;
            }
            app.background().await;
            let after = rest_of_the_world(&home, &people).await;
            for (after, before) in after.iter().zip(&before) {
                assert_eq!(after, before, "{steps:#?}");
            }
            assert_eq!(mails(&app), sent, "{steps:#?}");
        }
        // Signing in again leads everybody to where they were, as who they were.
        for (client, email) in people.iter().zip(["owner@home.example", "vera@home.example", "walter@home.example"]) {
            let before = client.get("/session").await.expect(200);
            let again = app.signed_in(email).await.get("/session").await.expect(200);
            for field in ["user_id", "email", "account_id", "member_id", "role", "accounts"] {
                assert_eq!(again[field], before[field], "{email}: {field}");
            }
        }
    }

    async fn nor_does_it_while_both_are_at_work(app: App) {
        let home = app.account_named("Home", "home.example", 40).await;
        let evil = app.account_named("Evil", "evil.example", 50).await;
        let organization = evil.add_organization("Bait").await;
        let mut runner = TestRunner::deterministic();
        for round in 0..4 {
            let steps = prop::collection::vec(step(), 8).new_tree(&mut runner).unwrap().current();
            let attack = {
                let (evil, organization) = (evil.clone(), organization.clone());
                async move {
                    for step in &steps {
                        does(&evil, &organization, step).await;
                    }
                }
            };
            let work = {
                let home = home.clone();
                async move {
                    for number in 0..4 {
                        let address = format!("new{round}.{number}@home.example");
                        let id = home.provision(&address).await;
                        let shown = home.member(&id).await;
                        assert_eq!((&shown["email"], &shown["user_name"]), (&json!(address), &json!(address)));
                    }
                    if round == 0 {
                        home.provision("vera@home.example").await;
                        home.add_member("walter@home.example", "co-owner").await;
                    }
                }
            };
            let both: [std::pin::Pin<Box<dyn Future<Output = ()> + Send>>; 2] = [Box::pin(attack), Box::pin(work)];
            at_once(both).await;
        }
        for email in ["owner@home.example", "vera@home.example", "walter@home.example"] {
            let me = app.signed_in(email).await.get("/session").await.expect(200);
            assert_eq!((&me["email"], &me["account_id"]), (&json!(email), &json!(home.made.account_id)));
        }
        home.recount().await;
        evil.recount().await;
    }
}
