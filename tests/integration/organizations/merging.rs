//! Two members that are one person (docs/domain.md §0, §4, §7).

use insomnia_scim::enterprise::Role;
use serde_json::{Value, json};

use crate::support::{Account, Response, group, link_in, on_both_databases, text};

async fn preview(account: &Account, one: &str, other: &str) -> Response {
    account.admin.get(&format!("/members/{one}/merge/{other}/preview")).await
}

async fn merge(account: &Account, one: &str, other: &str) -> Response {
    account.admin.post(&format!("/members/{one}/merge/{other}"), json!({})).await
}

/// Names of organizations with the role in each, sorted.
fn organizations(items: &[Value]) -> Vec<(String, String)> {
    let mut all: Vec<_> =
        items.iter().map(|one| (text(one, "organization_name"), text(one, "role"))).collect();
    all.sort();
    all
}

on_both_databases! {
    async fn the_provisioned_one_stays_and_has_what_both_had(app: App) {
        let account = app.account(9).await;
        let admin = &account.admin;
        let cargo = account.add_organization("Cargo").await;
        let passengers = account.add_organization("Passengers").await;
        let flight = account.add_team("Flight", &[&cargo]).await;
        let manual = account.add_member("amelia@home.example", "billing-only").await;
        account.join(&flight, "amelia@home.example").await;
        let place = format!("/teams/{flight}/members/{manual}");
        admin.patch(&place, json!({"role": "admin"})).await.expect(200);
        let path = format!("/organizations/{passengers}/collaborators");
        admin.post(&path, json!({"email": "amelia@home.example", "role": "admin"})).await.expect(201);
        let scim = account.provision("amelia@kongair.example").await;
        account.scim.post("/Groups", group("Flight", &[&scim])).await.expect(201);
        account.scim.post("/Groups", group("Crew", &[&scim])).await.expect(201);
        assert_eq!(account.recount().await, 3);
        let before = account.snapshot().await;
        // Whichever is named first: the one that SCIM provisioned stays.
        let shown = preview(&account, &manual, &scim).await.expect(200);
        assert_eq!(preview(&account, &scim, &manual).await.expect(200), shown);
        assert_eq!(account.snapshot().await, before, "a preview changes nothing");
        assert_eq!((&shown["kept_id"], &shown["removed_id"]), (&json!(scim), &json!(manual)));
        assert_eq!((&shown["role"], &shown["source"]), (&json!("member"), &json!("scim")));
        assert_eq!((&shown["claim"], &shown["freed_seats"]), (&json!("none"), &json!(1)));
        assert_eq!(shown["dropped_addresses"], json!(["amelia@home.example"]));
        let teams: Vec<_> = shown["teams"].as_array().unwrap().iter()
            .map(|team| (text(team, "team_name"), text(team, "role"), text(team, "source"))).collect();
        let team = |name: &str, role: &str, source: &str| (name.to_owned(), role.to_owned(), source.to_owned());
        assert_eq!(teams, [team("Flight", "admin", "manual"), team("Crew", "member", "scim")]);
        let merged = merge(&account, &manual, &scim).await.expect(200);
        assert_eq!((&merged["id"], &merged["source"]), (&json!(scim), &json!("scim")));
        let reached = admin.items(&format!("/members/{scim}/access")).await;
        let expected = organizations(shown["organizations"].as_array().unwrap());
        assert_eq!(organizations(&reached), expected);
        assert_eq!(expected, [("Cargo".to_owned(), "admin".to_owned()), ("Passengers".to_owned(), "admin".to_owned())]);
        admin.get(&format!("/members/{manual}")).await.expect(404);
        assert_eq!(account.recount().await, 2);
        for team in admin.items("/teams").await {
            assert_eq!(team["member_count"], 1, "{team}");
        }
        // The place is by hand and by SCIM: the identity provider takes away its own part only.
        account.scim.put(&format!("/Groups/{flight}"), group("Flight", &[])).await.expect(200);
        assert_eq!(account.team_members(&flight).await, [scim.as_str()]);
        let log = admin.items_of(&format!("/audit-log?action=member.merged&target={scim}")).await;
        assert_eq!(log[0]["before"]["other"], manual.as_str());
        let log = admin.items_of(&format!("/audit-log?target={manual}&action=member.removed")).await;
        assert_eq!(log[0]["before"]["merged_into"], scim.as_str());
        account.scim.get(&format!("/Users/{scim}")).await.expect(200);
        account.scim.get(&format!("/Users/{manual}")).await.expect(404);
    }

    async fn of_two_by_hand_the_first_stays_with_the_addresses_of_both(app: App) {
        let account = app.account(9).await;
        let first = account.add_member("ada@kongair.example", "member").await;
        let second = account.add_member("a.jones@kongair.example", "member").await;
        let merged = merge(&account, &first, &second).await.expect(200);
        assert_eq!((&merged["id"], &merged["email"]), (&json!(first), &json!("ada@kongair.example")));
        let user = account.scim.get(&format!("/Users/{first}")).await.expect(200);
        let emails: Vec<_> = user["emails"].as_array().unwrap().iter().map(|one| text(one, "value")).collect();
        assert_eq!(emails, ["ada@kongair.example", "a.jones@kongair.example"]);
        let new = json!({"email": "a.jones@kongair.example"});
        account.admin.post("/members", new).await.expect(409);
        // Only an active one can be in somebody's session.
        let third = account.add_member("third@kongair.example", "member").await;
        account.admin.post(&format!("/members/{first}/deactivate"), json!({})).await.expect(200);
        assert_eq!(preview(&account, &first, &third).await.expect(200)["kept_id"], third.as_str());
        merge(&account, &first, &third).await.expect(200);
        assert_eq!(account.recount().await, 2);
    }

    async fn the_person_goes_along(app: App) {
        let account = app.account(9).await;
        let manual = account.add_member("pilot@kongair.example", "member").await;
        app.signed_in("pilot@kongair.example").await;
        assert_ne!(account.member(&manual).await["claimed_at"], Value::Null);
        let scim = account.provision("p@kongair.example").await;
        // Nobody has shown that both addresses are one person's.
        assert_eq!(preview(&account, &scim, &manual).await.expect(200)["claim"], "ends");
        let pilot = app.signed_in("pilot@kongair.example").await;
        let second = json!({"email": "p@kongair.example"});
        pilot.post("/session/addresses", second).await.expect(202);
        app.background().await;
        let mail = app.mailbox.to("p@kongair.example").pop().unwrap();
        let token = link_in(&mail).rsplit_once('/').unwrap().1.to_owned();
        pilot.post("/session/addresses/confirm", json!({"token": token})).await.expect(200);
        assert_eq!(preview(&account, &scim, &manual).await.expect(200)["claim"], "moves");
        merge(&account, &scim, &manual).await.expect(200);
        assert_ne!(account.member(&scim).await["claimed_at"], Value::Null);
        let me = app.signed_in("pilot@kongair.example").await.get("/session").await.expect(200);
        assert_eq!(me["accounts"][0]["member_id"], scim.as_str());
        // Two people stay two.
        let other = account.add_member("other@kongair.example", "member").await;
        app.signed_in("other@kongair.example").await;
        let refused = merge(&account, &scim, &other).await.expect(409);
        assert_eq!(refused["type"], "urn:insomnia:problem:two-people");
    }

    async fn what_cannot_be_merged_is_refused_and_stays(app: App) {
        let account = app.account(9).await;
        let admin = &account.admin;
        let owner = text(&admin.items("/members").await[0], "id");
        let one = account.provision("one@kongair.example").await;
        let two = account.provision("two@kongair.example").await;
        let manual = account.add_member("m@kongair.example", "member").await;
        let before = account.snapshot().await;
        let kind = |answer: Response, status: u16| text(&answer.expect(status), "type");
        let urn = |word: &str| format!("urn:insomnia:problem:{word}");
        assert_eq!(kind(merge(&account, &one, &two).await, 409), urn("both-provisioned"));
        assert_eq!(kind(preview(&account, &one, &two).await, 409), urn("both-provisioned"));
        assert_eq!(kind(merge(&account, &one, &one).await, 422), urn("same-member"));
        assert_eq!(kind(merge(&account, &one, &owner[1..]).await, 404), urn("not-found"));
        // An owner would sign in with an address that only the identity provider vouches for.
        assert_eq!(kind(merge(&account, &one, &owner).await, 403), urn("address-not-proved"));
        assert_eq!(account.snapshot().await, before);
        let co_owner = admin.with_token(&account.token_of(&app, Role::CoOwner).await);
        let path = format!("/members/{manual}/merge/{owner}");
        let refused = co_owner.post(&path, json!({})).await.expect(403);
        assert_eq!(refused["type"], urn("owners-only"));
        co_owner.post(&format!("/members/{one}/merge/{manual}"), json!({})).await.expect(200);
    }
}
