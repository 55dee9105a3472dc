//! What each credential may do: every kind of them at every endpoint.

use std::collections::BTreeMap;

use insomnia_scim::enterprise::permissions::{Bound, Credential, Operation, Power, reaches};
use insomnia_scim::enterprise::signature;
use insomnia_scim::http::admin;
use insomnia_scim::http::admin::api::Access;
use reqwest::Method;
use serde_json::{Value, json};

use super::permissions::fill;
use crate::single_sign_on::{Connected, client, start};
use crate::support::{
    Account, App, BILLING, Browser, Client, OPERATOR, Response, on_both_databases, patch, text,
};

const OWNER: &str = "owner@kongair.example";
const EVIL: &str = "evil@evil.example";
/// No JSON, which is as far as somebody who is let in comes.
const BODY: &str = "{no json";
/// What the token with scopes is for.
const SCOPES: [Operation; 3] =
    [Operation::ReadAccount, Operation::TransferOrganizations, Operation::KeepRecoveryLinks];
/// Problems that say that the credential does not do. Others are about the account or the request.
const REFUSALS: [&str; 7] = [
    "too-many-attempts",
    "unauthorized",
    "forbidden",
    "session-needed",
    "session-confined",
    "recovery-needs-all-rights",
    "no-account",
];

/// How far each credential reaches, written down a second time: O its own account, S its scopes in it,
/// P every account of the person, A all of the server, - nothing. In the order of `Power`: public,
/// administer, in person, in full, session, person, provision, fetch tokens, sign in, operate, bill.
const REACHES: [(&str, &str); 12] = [
    ("personal-token", "AO-O-------"),
    ("scoped-token", "AS---------"),
    ("mail-session", "APPPPP-----"),
    ("sso-session", "AOOOO------"),
    ("recovery-session", "AOOOO------"),
    ("scim-token", "A-----O----"),
    ("oauth-access", "A-----O----"),
    ("oauth-client", "A------O---"),
    ("sso-connection", "A-------O--"),
    ("operator-token", "A--------A-"),
    ("billing-signature", "A---------A"),
    ("nothing", "A----------"),
];

/// A credential that was made for real, and the account in which it was.
struct Shown {
    credential: Credential,
    secret: String,
    account: Account,
}

impl Shown {
    /// Sends a request with it.
    async fn send(&self, app: &App, method: &Method, path: &str) -> Response {
        let body = (![Method::GET, Method::DELETE].contains(method)).then(|| BODY.to_owned());
        let now = app.clock.now();
        let signed = signature::sign(BILLING, body.as_deref().unwrap_or_default().as_bytes(), now);
        let mut headers = vec![("content-type", "application/json")];
        if self.credential == Credential::BillingSignature {
            headers.push(("insomnia-signature", signed.as_str()));
        }
        let client = self.account.admin.with_token(&self.secret);
        client.send(method.clone(), path, &headers, body).await
    }
}

/// One of each kind, all of owners.
async fn each(app: &App) -> Vec<Shown> {
    let mut all = Vec::new();
    for credential in Credential::ALL {
        if [Credential::SsoSession, Credential::SsoConnection].contains(credential) {
            continue;
        }
        let domain = format!("{credential}.example");
        let account = app.account_named(credential.as_str(), &domain, 9).await;
        let secret = secret(app, &account, *credential, &format!("owner@{domain}")).await;
        all.push(Shown { credential: *credential, secret, account });
    }
    let account = app.account(9).await;
    let connected = Connected::on(app, &account).await;
    let mut browser = Browser::new();
    let (request, claims) = connected.begin(app, &mut browser, &start(app), OWNER).await;
    connected.come_back(app, &mut browser, &request, &claims).await;
    let session = client(app, &browser).unwrap().token;
    let assertion = connected.assertion(&claims);
    for (credential, secret) in
        [(Credential::SsoConnection, assertion), (Credential::SsoSession, session)]
    {
        all.push(Shown { credential, secret, account: account.clone() });
    }
    all
}

async fn secret(app: &App, account: &Account, credential: Credential, owner: &str) -> String {
    match credential {
        Credential::PersonalToken => account.admin.token.clone(),
        Credential::ScopedToken => scoped(account, &SCOPES.map(Operation::as_str)).await.token,
        Credential::MailSession => app.signed_in(owner).await.token,
        Credential::RecoverySession => {
            app.signed_in(owner).await;
            let made = account.admin.post("/recovery-links", json!({})).await.expect(201);
            let url = text(&made, "url");
            let token = json!({"token": url.rsplit_once('/').unwrap().1});
            text(&account.admin.post("/recoveries", token).await.expect(201), "secret")
        }
        Credential::ScimToken => account.scim.token.clone(),
        Credential::OauthAccess => {
            let (id, secret) = oauth_client(&account.admin).await;
            text(&fetch_token(app, &id, &secret, "").await.expect(200), "access_token")
        }
        Credential::OauthClient => oauth_client(&account.admin).await.1,
        Credential::OperatorToken => OPERATOR.to_owned(),
        Credential::BillingSignature | Credential::Nothing => String::new(),
        Credential::SsoSession | Credential::SsoConnection => unreachable!("made with its account"),
    }
}

/// A client with a token of the owner's that is for these words only.
async fn scoped(account: &Account, words: &[&str]) -> Client {
    let new = json!({"name": "few", "scopes": words});
    let made = account.admin.post("/tokens", new).await.expect(201);
    account.admin.with_token(&text(&made, "secret"))
}

/// Makes an OAuth client; gives its id and secret.
async fn oauth_client(admin: &Client) -> (String, String) {
    let made = admin.post("/connector/oauth-clients", json!({"name": "Entra"})).await.expect(201);
    (text(&made, "id"), text(&made, "secret"))
}

async fn fetch_token(app: &App, id: &str, secret: &str, bearer: &str) -> Response {
    let form = format!("grant_type=client_credentials&client_id={id}&client_secret={secret}");
    let headers = [("content-type", "application/x-www-form-urlencoded")];
    let client = reqwest::Client::new().post(format!("{}/oauth/token", app.url)).body(form);
    let request =
        headers.iter().fold(client, |request, (name, value)| request.header(*name, *value));
    let request = match bearer {
        "" => request,
        bearer => request.bearer_auth(bearer),
    };
    Response::of(request.send().await.unwrap()).await.unwrap()
}

/// What the document lists, with how each endpoint is declared: what ends the plan or the session
/// comes last.
async fn endpoints(admin: &Client) -> Vec<(Method, String, Access)> {
    let declared: BTreeMap<(String, String), Access> = admin::api()
        .endpoints()
        .iter()
        .map(|it| ((it.method.to_string(), format!("/api/v1{}", it.path)), it.access))
        .collect();
    let document = admin.get("/openapi.json").await.expect(200);
    let mut found = Vec::new();
    for (path, operations) in document["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            let method = method.to_uppercase();
            let access = declared[&(method.clone(), path.clone())];
            let admitted: Vec<&str> = access.admits().map(Credential::as_str).collect();
            let said = match access {
                Access::Public => Value::Null,
                _ => json!(admitted),
            };
            assert_eq!(operation["x-admits"], said, "{method} {path}");
            found.push((method.parse().unwrap(), path.clone(), access));
        }
    }
    assert_eq!(found.len(), declared.len());
    found.sort_by_key(|(method, path, _)| {
        (path == "/api/v1/session" && method == Method::DELETE, path.starts_with("/api/v1/plan"))
    });
    found
}

/// Whether the table lets a credential in there.
fn admitted(credential: Credential, access: Access) -> bool {
    match reaches(credential, access.power()) {
        None => false,
        Some(Bound::Scopes) => access.operation().is_some_and(|one| SCOPES.contains(&one)),
        Some(_) => true,
    }
}

/// Checks that the credential was let in, or that it was not.
fn check(may: bool, answer: &Response, of: &str) {
    let word = answer.body["type"].as_str().unwrap_or_default();
    let word = word.trim_start_matches("urn:insomnia:problem:");
    let of = format!("{of}: {} {}", answer.status, answer.body);
    match may {
        true => assert!(!REFUSALS.contains(&word), "let in: {of}"),
        false => {
            // Many wrong ones at the operator's API are slowed.
            assert!([401, 403, 429].contains(&answer.status), "not let in: {of}");
            assert!(REFUSALS.contains(&word) || word == "plan-ended", "not let in: {of}");
        }
    }
    assert!(answer.status < 500, "{of}");
}

on_both_databases! {
    async fn each_credential_does_what_the_table_says_everywhere(app: App) {
        let all = each(&app).await;
        let other = app.account_named("Other", "other.example", 9).await;
        let (id, _) = oauth_client(&other.admin).await;
        for shown in &all {
            let credential = shown.credential;
            let scim = shown.account.scim.with_token(&shown.secret);
            let expected = if credential.may(Power::Provision) { 200 } else { 401 };
            assert_eq!(scim.get("/Users").await.status, expected, "{credential}");
            // A connector's is of no other connector.
            assert_eq!(other.scim.with_token(&shown.secret).get("/Users").await.status, 401);
            let (bearer, of_other) = (
                fetch_token(&app, "", "", &shown.secret).await.status,
                fetch_token(&app, &id, &shown.secret, "").await.status,
            );
            assert!([400, 401].contains(&bearer) && of_other == 401, "{credential}: {bearer}, {of_other}");
            if credential == Credential::OauthClient {
                let clients = shown.account.admin.items("/connector/oauth-clients").await;
                let own = fetch_token(&app, &text(&clients[0], "id"), &shown.secret, "").await;
                assert_eq!(own.status == 200, credential.may(Power::FetchScimTokens));
            }
        }
        let endpoints = endpoints(&other.admin).await;
        let mut asked = [0, 0];
        for shown in &all {
            for (method, path, access) in &endpoints {
                let path = fill(path.strip_prefix("/api/v1").unwrap(), "none");
                let answer = shown.send(&app, method, &path).await;
                let may = admitted(shown.credential, *access);
                check(may, &answer, &format!("{} {access:?} {method} {path}", shown.credential));
                asked[usize::from(may)] += 1;
            }
        }
        assert!(asked.iter().all(|count| *count > 300), "{asked:?}");
    }

    async fn a_token_makes_nothing_that_may_more_than_it(app: App) {
        let account = app.account(9).await;
        app.signed_in(OWNER).await;
        let words = ["tokens:own", "recovery:own", "connector:manage", "organizations:transfer"];
        let few = scoped(&account, &words).await;
        for operation in Operation::ALL {
            let wish = json!({"name": "more", "scopes": [operation.as_str()]});
            let answer = few.post("/tokens", wish).await;
            if words.contains(&operation.as_str()) {
                answer.expect(201);
            } else {
                let refused = answer.expect(403);
                assert_eq!(refused["type"], "urn:insomnia:problem:scope-beyond-token", "{operation}");
            }
        }
        // Without any it gets those of its maker, not all.
        let made = few.post("/tokens", json!({"name": "all"})).await.expect(201);
        assert_eq!(made["scopes"], json!(words));
        let refused = few.post("/recovery-links", json!({})).await.expect(403);
        assert_eq!(refused["type"], "urn:insomnia:problem:recovery-needs-all-rights");
        let path = "/organization-transfers/none/accept";
        let refused = few.post(path, json!({})).await.expect(403);
        assert_eq!(refused["type"], "urn:insomnia:problem:session-needed");
        assert_eq!(app.database.count("recovery_links"), 0);
    }

    async fn the_connector_is_no_way_to_an_owners_rights(app: App) {
        let account = app.account(9).await;
        account.add_member("co@kongair.example", "co-owner").await;
        let member = account.provision("max@kongair.example").await;
        app.signed_in(OWNER).await;
        let manager = scoped(&account, &["connector:manage"]).await;
        let fresh = json!({"expiry": "30_days", "label": "fresh"});
        let made = manager.post("/connector/token", fresh).await.expect(201);
        let (id, secret) = oauth_client(&manager).await;
        let access = text(&fetch_token(&app, &id, &secret, "").await.expect(200), "access_token");
        let before = account.snapshot().await;
        for token in [text(&made, "secret"), access] {
            let scim = account.scim.with_token(&token);
            let owner = format!("/Users/{}", account.made.owner_id);
            let rename = patch(json!([
                {"op": "replace", "path": "userName", "value": EVIL},
                {"op": "replace", "path": "emails[type eq \"work\"].value", "value": EVIL},
            ]));
            let detail = scim.patch(&owner, rename).await.detail(403);
            assert!(detail.contains("My account"), "{detail}");
            let off = patch(json!([{"op": "replace", "path": "active", "value": false}]));
            scim.patch(&owner, off).await.expect(403);
            scim.delete(&owner).await.expect(403);
            // Whatever is said of roles, and whether it is refused or ignored, nobody rises.
            let extension = "urn:insomnia:params:scim:schemas:extension:account:2.0:User";
            for operation in [
                json!({"op": "add", "path": "roles", "value": [{"value": "owner", "primary": true}]}),
                json!({"op": "replace", "path": format!("{extension}:accountRole"), "value": "owner"}),
                json!({"op": "replace", "value": {(extension): {"accountRole": "owner"}}}),
            ] {
                scim.patch(&format!("/Users/{member}"), patch(json!([operation]))).await;
                assert_eq!(account.member(&member).await["role"], "member", "{operation}");
            }
            // What it is said to be goes with it.
            let gone = patch(json!([{"op": "remove", "path": "roles"}]));
            scim.patch(&format!("/Users/{member}"), gone).await.expect(200);
        }
        let after = account.snapshot().await;
        for kind in ["seats", "invitations", "organizations", "teams"] {
            assert_eq!(after[kind], before[kind], "{kind}");
        }
        assert_eq!(account.member(&account.made.owner_id).await["email"], OWNER);
    }
}

#[test]
fn the_table_is_written_down_twice() {
    assert_eq!(REACHES.len(), Credential::ALL.len());
    for ((word, expected), credential) in REACHES.into_iter().zip(Credential::ALL) {
        let letter = |power: &Power| match reaches(*credential, *power) {
            Some(Bound::OwnAccount) => 'O',
            Some(Bound::Scopes) => 'S',
            Some(Bound::Person) => 'P',
            Some(Bound::Server) => 'A',
            None => '-',
        };
        let row: String = Power::ALL.iter().map(letter).collect();
        assert_eq!((word, expected), (credential.as_str(), row.as_str()));
    }
}

/// The endpoints that anybody may call, each for its own reason: every other one names in its
/// handler's signature who is let in.
const PUBLIC: [&str; 12] = [
    "activations.claim",
    "activations.create",
    "activations.preview",
    "invitations.accept",
    "invitations.decline",
    "invitations.get-offer",
    "openapi.get",
    "recovery-links.use",
    "session.create",
    "session.request-link",
    "sign-ups.confirm",
    "sign-ups.create",
];

#[test]
fn only_these_endpoints_are_public() {
    let api = admin::api();
    let public: Vec<&str> = api
        .endpoints()
        .iter()
        .filter(|endpoint| endpoint.access == Access::Public)
        .map(|endpoint| endpoint.id)
        .filter(|id| !PUBLIC.iter().any(|known| id == known))
        .collect();
    assert!(public.is_empty(), "{public:?}");
}
