//! Who may do what: every role at every endpoint.

use std::collections::BTreeMap;

use insomnia_scim::enterprise::Role;
use insomnia_scim::enterprise::permissions::Operation;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Account, App, Client, Response, on_both_databases, text};

/// What each role may do, written down a second time: O owner, C co-owner, A admin of an
/// organization (in it alone), M member, B billing-only.
const MAY: [(&str, &str); 24] = [
    ("me:read", "OCAMB"),
    ("billing:read", "OC  B"),
    ("account:read", "OC   "),
    ("organization:read", "OCA  "),
    ("organization:manage", "OCA  "),
    ("organizations:create", "OC   "),
    ("organizations:transfer", "O    "),
    ("teams:manage", "OC   "),
    ("members:manage", "OC   "),
    ("owners:manage", "O    "),
    ("invite-control:manage", "OC   "),
    ("storage:manage", "OC   "),
    ("domains:manage", "OC   "),
    ("sso:manage", "OC   "),
    ("sso:switch", "O    "),
    ("sso:off", "OC   "),
    ("connector:manage", "OC   "),
    ("plan:manage", "O    "),
    ("seats:request", "OC  B"),
    ("trial:start", "OC   "),
    ("audit:read", "OC   "),
    ("account:export", "O    "),
    ("tokens:own", "OCAMB"),
    ("recovery:own", "O    "),
];

/// An endpoint as the document describes it.
struct Endpoint {
    method: Method,
    path: String,
    permission: Option<String>,
    effect: Option<String>,
    operator: bool,
}

/// Every endpoint that the server says it has.
async fn endpoints(client: &Client) -> Vec<Endpoint> {
    let document = client.get("/openapi.json").await.expect(200);
    let mut found = Vec::new();
    for (path, operations) in document["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            found.push(Endpoint {
                method: method.to_uppercase().parse().unwrap(),
                path: path.strip_prefix("/api/v1").unwrap().to_owned(),
                permission: operation["x-permission"].as_str().map(str::to_owned),
                effect: operation["x-effect"].as_str().map(str::to_owned),
                operator: operation["security"][0].get("operator").is_some(),
            });
        }
    }
    found
}

/// Sends it with a body that is none, which is as far as somebody who may comes.
async fn call(client: &Client, method: &Method, path: &str) -> Response {
    let body = (![Method::GET, Method::DELETE].contains(method)).then(|| "{no json".to_owned());
    let headers = [("content-type", "application/json")];
    client.send(method.clone(), path, &headers, body).await
}

/// The path with its parameters filled in.
pub(super) fn fill(path: &str, organization: &str) -> String {
    path.split('/')
        .enumerate()
        .map(|(position, part)| match part {
            "{id}" if position == 2 && path.starts_with("/organizations/") => organization,
            part if part.starts_with('{') => "none",
            part => part,
        })
        .collect::<Vec<_>>()
        .join("/")
}

/// Members of each kind: their letter, and a client.
async fn people(app: &App, account: &Account, organization: &str) -> Vec<(char, Client)> {
    let mut people = Vec::new();
    for (letter, role) in
        [('C', Role::CoOwner), ('M', Role::Member), ('B', Role::BillingOnly), ('O', Role::Owner)]
    {
        people.push((letter, account.admin.with_token(&account.token_of(app, role).await)));
    }
    let admin = account.add_member("admin@kongair.example", "member").await;
    let team = json!({"name": "Admins", "role": "admin"});
    let team = text(&account.admin.post("/teams", team).await.expect(201), "id");
    let link = format!("/teams/{team}/organizations/{organization}");
    account.admin.put(&link, json!({})).await.expect(204);
    account.join(&team, "admin@kongair.example").await;
    people.push(('A', account.admin.with_token(&account.token_for(app, &admin).await)));
    people
}

on_both_databases! {
    async fn each_role_may_do_what_the_table_says_at_every_endpoint(app: App) {
        let account = app.account(20).await;
        let own = account.add_organization("Own").await;
        let other = account.add_organization("Other").await;
        let may: BTreeMap<&str, &str> = MAY.into_iter().collect();
        let (mut allowed, mut refused) = (0, 0);
        // The account's owner comes last: what is allowed and needs no body is carried out.
        for (letter, client) in people(&app, &account, &own).await.into_iter().rev() {
            for endpoint in endpoints(&account.admin).await {
                let Some(permission) = &endpoint.permission else { continue };
                for organization in [&own, &other] {
                    let path = fill(&endpoint.path, organization);
                    let answer = call(&client, &endpoint.method, &path).await;
                    let of = format!(
                        "{letter} {permission}: {} {path}: {} {}",
                        endpoint.method, answer.status, answer.body
                    );
                    let about_one = endpoint.path.starts_with("/organizations/{id}");
                    let may = may[permission.as_str()].contains(letter)
                        && (letter != 'A' || permission == "tokens:own" || permission == "me:read"
                            || (about_one && organization == &own));
                    let forbidden = answer.body["type"] == "urn:insomnia:problem:forbidden";
                    assert_eq!(forbidden, !may, "{of}");
                    assert_ne!(answer.status, 401, "{of}");
                    assert!(answer.status < 500, "{of}");
                    if may { allowed += 1 } else { refused += 1 }
                }
            }
        }
        assert!(allowed > 50 && refused > 50, "{allowed} allowed, {refused} refused");
    }

    async fn no_endpoint_answers_without_credentials_and_nothing_changes(app: App) {
        let account = app.account(5).await;
        let before = account.snapshot().await;
        let connector = account.scim.token.clone();
        let mut asked = 0;
        for endpoint in endpoints(&account.admin).await {
            if endpoint.permission.is_none() && !endpoint.operator {
                continue;
            }
            let path = fill(&endpoint.path, "org_1");
            for token in ["", "insomnia_admin_garbage", &connector] {
                let answer = call(&account.admin.with_token(token), &endpoint.method, &path).await;
                let of = format!("{} {path} with {token}: {}", endpoint.method, answer.body);
                assert_eq!(answer.status, 401, "{of}");
                assert!(answer.header("www-authenticate").starts_with("Bearer"), "{of}");
                assert_eq!(answer.header("content-type"), "application/problem+json", "{of}");
                asked += 1;
            }
        }
        assert!(asked > 60, "{asked}");
        assert_eq!(account.snapshot().await, before);
    }

    async fn while_the_plan_has_ended_only_the_owner_gets_in_to_look_and_to_take_away(app: App) {
        let account = app.account(20).await;
        let own = account.add_organization("Own").await;
        let people = people(&app, &account, &own).await;
        app.database.execute("UPDATE enterprises SET plan = 'essentials', plan_active = FALSE");
        let mut taken = 0;
        for (letter, client) in people {
            for endpoint in endpoints(&account.admin).await {
                let Some(permission) = &endpoint.permission else { continue };
                let operation: Operation = permission.parse().unwrap();
                let reactivates =
                    ["plan:manage", "seats:request", "trial:start", "tokens:own", "recovery:own"];
                let effect = endpoint.effect.as_deref().unwrap();
                let open = operation == Operation::ReadOwn
                    || letter == 'O'
                        && (operation.only_reads()
                            || effect != "changes"
                            || reactivates.contains(&permission.as_str()));
                // What is open and changes something is tried elsewhere: it would end this state.
                if open && effect == "changes" && endpoint.method != Method::GET {
                    continue;
                }
                taken += usize::from(open && effect == "makes-smaller");
                let path = fill(&endpoint.path, &own);
                let answer = call(&client, &endpoint.method, &path).await;
                let of = format!("{letter} {permission} {path}: {}", answer.body);
                if open {
                    assert!(matches!(answer.status, 200 | 204 | 400 | 404 | 409), "{of}");
                } else {
                    assert_eq!(answer.status, 403, "{of}");
                }
            }
        }
        assert!(taken > 15, "{taken} endpoints make an account smaller");
    }

    async fn a_plan_without_the_advanced_operations_says_so(app: App) {
        let account = app.account(5).await;
        app.database.execute("UPDATE enterprises SET plan = 'pro'");
        account.admin.get("/members").await.expect(200);
        let refused = account.admin.post("/teams", json!({"name": "Crew"})).await.expect(403);
        assert_eq!(refused["type"], "urn:insomnia:problem:plan-lacks");
        assert!(refused["detail"].as_str().unwrap().contains("manage teams needs Enterprise"));
    }
}

#[test]
fn the_table_is_whole() {
    let words: Vec<&str> = MAY.iter().map(|(word, _)| *word).collect();
    let all: Vec<&str> = Operation::ALL.iter().map(|operation| operation.as_str()).collect();
    assert_eq!(words, all);
}

/// What the document says of an endpoint is what its handler asks for: the document is made from
/// the declaration, the check from the handler's signature, and the first test compares them.
#[test]
fn permissions_are_words_of_the_table() {
    let document = insomnia_scim::http::admin::document("http://server.example");
    let mut checked = 0;
    for operations in document["paths"].as_object().unwrap().values() {
        for operation in operations.as_object().unwrap().values() {
            if let Some(permission) = operation["x-permission"].as_str() {
                permission.parse::<Operation>().unwrap();
                checked += 1;
            }
            assert_ne!(operation["summary"], Value::String(String::new()), "{operation}");
        }
    }
    assert!(checked > 20);
}
