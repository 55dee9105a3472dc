//! No account sees, names or changes anything of another.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Account, App, at_once, group, on_both_databases, patch, text, user};

/// Two accounts; the second has one of everything.
struct Two {
    own: Account,
    own_group: String,
    other: Account,
    user: String,
    group: String,
    organization: String,
    team: String,
    invitation: String,
}

impl Two {
    async fn in_app(app: &App) -> Self {
        let own = app.account(9).await;
        let own_user = own.provision("amelia@kongair.example").await;
        let own_group = own.scim.post("/Groups", group("Crew", &[&own_user])).await;
        let other = app.account_named("Rival", "rival.example", 9).await;
        let organization = other.add_organization("Cargo").await;
        let team = other.add_team("Flight", &[&organization]).await;
        let invitation = other.invite("invited@rival.example", &organization).await;
        let mut resource = user("secret@rival.example");
        resource["externalId"] = json!("external-7");
        let id = text(&other.scim.post("/Users", resource).await.expect(201), "id");
        other.join(&team, "secret@rival.example").await;
        let crew = other.scim.post("/Groups", group("Rival Crew", &[&id])).await;
        Self {
            own,
            own_group: text(&own_group.expect(201), "id"),
            other,
            user: id,
            group: text(&crew.expect(201), "id"),
            organization,
            team,
            invitation,
        }
    }

    async fn snapshots(&self) -> [Value; 2] {
        [self.own.snapshot().await, self.other.snapshot().await]
    }
}

on_both_databases! {
    async fn a_token_opens_no_other_accounts_url_and_nobody_learns_that_it_is_one(app: App) {
        let two = Two::in_app(&app).await;
        let before = two.snapshots().await;
        let foreign = two.other.scim.with_token(&two.own.scim.token);
        let garbage = two.other.scim.with_token("insomnia_scim_garbage");
        let nowhere = crate::support::Client::new(
            format!("{}/scim/v2/{}", app.url, "00000000-0000-4000-8000-000000000000"),
            two.own.scim.token.clone(),
        );
        let path = format!("/Users/{}", two.user);
        let expected = garbage.get("/Users").await;
        for (method, path, body) in [
            (Method::GET, "/Users", None),
            (Method::GET, path.as_str(), None),
            (Method::GET, "/Groups", None),
            (Method::GET, "/nonsense", None),
            (Method::POST, "/Users", Some(user("intruder@kongair.example"))),
            (Method::PUT, path.as_str(), Some(user("intruder@kongair.example"))),
            (Method::DELETE, path.as_str(), None),
            (Method::POST, "/Bulk", Some(json!({"schemas": [], "Operations": []}))),
        ] {
            for client in [&foreign, &garbage, &nowhere] {
                let body = body.as_ref().map(Value::to_string);
                let headers = [("content-type", "application/scim+json")];
                let answer = client.send(method.clone(), path, &headers, body).await;
                assert_eq!(answer.status, 401, "{method} {path}: {}", answer.body);
                assert_eq!(answer.body, expected.body);
                assert_eq!(answer.header("www-authenticate"), expected.header("www-authenticate"));
            }
        }
        assert_eq!(two.snapshots().await, before);
    }

    async fn no_id_of_another_account_can_be_read_or_changed(app: App) {
        let two = Two::in_app(&app).await;
        let before = two.snapshots().await;
        let rename = patch(json!([{"op": "replace", "path": "displayName", "value": "Taken"}]));
        let put_group = group("Taken", &[]);
        let put_user = user("taken@kongair.example");
        for (endpoint, id, resource) in
            [("Users", &two.user, put_user), ("Groups", &two.group, put_group)]
        {
            let path = format!("/{endpoint}/{id}");
            let scim = &two.own.scim;
            let unknown = scim.get(&format!("/{endpoint}/unknown")).await.detail(404);
            for answer in [
                scim.get(&path).await,
                scim.put(&path, resource).await,
                scim.patch(&path, rename.clone()).await,
                scim.delete(&path).await,
            ] {
                let detail = answer.detail(404);
                assert_eq!(detail, unknown.replace("unknown", id), "as if it did not exist");
            }
        }
        assert_eq!(two.snapshots().await, before);
    }

    async fn no_id_of_another_account_can_be_put_into_a_group(app: App) {
        let two = Two::in_app(&app).await;
        let before = two.snapshots().await;
        let scim = &two.own.scim;
        let path = format!("/Groups/{}", two.own_group);
        let value = json!([{"value": two.user}]);
        for answer in [
            scim.post("/Groups", group("New", &[&two.user])).await,
            scim.put(&path, group("Crew", &[&two.user])).await,
            scim.patch(&path, patch(json!([{"op": "add", "path": "members", "value": value}]))).await,
            scim.patch(&path, patch(json!([{"op": "replace", "path": "members", "value": value}])))
                .await,
        ] {
            assert!(matches!(answer.status, 400 | 404), "{}: {}", answer.status, answer.body);
            assert!(text(&answer.body, "detail").contains(&two.user), "{}", answer.body);
        }
        assert_eq!(two.snapshots().await, before);
    }

    async fn no_filter_finds_anything_of_another_account(app: App) {
        let two = Two::in_app(&app).await;
        for (endpoint, filter, there) in [
            ("/Users", format!("id eq \"{}\"", two.user), 1),
            ("/Users", "userName eq \"secret@rival.example\"".to_owned(), 1),
            ("/Users", "userName sw \"secret\"".to_owned(), 1),
            ("/Users", "userName co \"rival\"".to_owned(), 2),
            ("/Users", "externalId eq \"external-7\"".to_owned(), 1),
            ("/Users", "emails.value eq \"secret@rival.example\"".to_owned(), 1),
            ("/Users", "emails[value co \"rival\"]".to_owned(), 2),
            ("/Users", format!("groups.value eq \"{}\"", two.group), 1),
            ("/Users", format!("groups eq \"{}\"", two.team), 1),
            ("/Users", "not (userName co \"kongair\")".to_owned(), 2),
            ("/Groups", format!("id eq \"{}\"", two.group), 1),
            ("/Groups", "displayName eq \"Rival Crew\"".to_owned(), 1),
            ("/Groups", format!("members.value eq \"{}\"", two.user), 2),
            ("/Groups", format!("members[value eq \"{}\"]", two.user), 2),
            ("/Groups", format!("members eq \"{}\" and displayName pr", two.user), 2),
        ] {
            let found = two.other.scim.filter(endpoint, &filter).await.expect(200);
            assert_eq!(found["totalResults"], there, "{filter} works at home");
            let found = two.own.scim.filter(endpoint, &filter).await.expect(200);
            assert_eq!(found["totalResults"], 0, "{filter}: {found}");
            let search = json!({
                "schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"],
                "filter": filter,
            });
            let found = two.own.scim.post(&format!("{endpoint}/.search"), search.clone()).await;
            assert_eq!(found.expect(200)["totalResults"], 0, "{filter}");
        }
        for list in ["/Users?count=1000", "/Groups?count=1000", "?count=1000"] {
            let all = two.own.scim.get(list).await.expect(200).to_string();
            assert!(!all.to_lowercase().contains("rival"), "{list}: {all}");
        }
    }

    async fn no_bulk_request_reaches_another_account(app: App) {
        let two = Two::in_app(&app).await;
        let before = two.snapshots().await;
        let (user_path, group_path) =
            (format!("/Users/{}", two.user), format!("/Groups/{}", two.group));
        let own_group = format!("/Groups/{}", two.own_group);
        let join = json!([{"op": "add", "path": "members", "value": [{"value": two.user}]}]);
        let rename = json!([{"op": "replace", "path": "displayName", "value": "Taken"}]);
        let bulk = json!({
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],
            "Operations": [
                {"method": "PUT", "path": user_path, "data": user("taken@kongair.example")},
                {"method": "PATCH", "path": user_path, "data": patch(rename.clone())},
                {"method": "DELETE", "path": user_path},
                {"method": "PATCH", "path": group_path, "data": patch(rename)},
                {"method": "DELETE", "path": group_path},
                {"method": "PATCH", "path": own_group, "data": patch(join)},
            ],
        });
        let answer = two.own.scim.post("/Bulk", bulk).await.expect(200);
        let operations = answer["Operations"].as_array().unwrap();
        assert_eq!(operations.len(), 6);
        for operation in operations {
            let status = text(operation, "status");
            assert!(matches!(status.as_str(), "400" | "404"), "{operation}");
        }
        assert_eq!(two.snapshots().await, before);
    }

    async fn no_administrator_reaches_an_id_of_another_account(app: App) {
        let two = Two::in_app(&app).await;
        let before = two.snapshots().await;
        let own_team = two.own.add_team("Sales", &[]).await;
        let own_organization = two.own.add_organization("Own").await;
        let before = [two.own.snapshot().await, before[1].clone()];
        let Two { user, team, organization, invitation, .. } = &two;
        let member = json!({"email": "amelia@kongair.example"});
        let stranger = json!({"email": "secret@rival.example"});
        for (method, path, body) in [
            (Method::GET, format!("/organizations/{organization}/collaborators"), None),
            (Method::GET, format!("/teams/{team}/members"), None),
            (Method::POST, format!("/teams/{team}/members"), Some(member)),
            (Method::POST, format!("/teams/{own_team}/members"), Some(stranger)),
            (Method::DELETE, format!("/teams/{team}/members/{user}"), None),
            (Method::DELETE, format!("/teams/{own_team}/members/{user}"), None),
            (Method::PUT, format!("/teams/{team}/organizations/{organization}"), None),
            (Method::PUT, format!("/teams/{team}/organizations/{own_organization}"), None),
            (Method::PUT, format!("/teams/{own_team}/organizations/{organization}"), None),
            (Method::DELETE, format!("/teams/{team}/organizations/{organization}"), None),
            (Method::GET, format!("/members/{user}/access"), None),
            (Method::DELETE, format!("/licences/{user}"), None),
            (Method::DELETE, format!("/invitations/{invitation}"), None),
            (
                Method::POST,
                "/invitations".to_owned(),
                Some(json!({"email": "x@kongair.example", "organization_id": organization})),
            ),
            (
                Method::POST,
                "/invitations".to_owned(),
                Some(json!({"email": "x@kongair.example", "team_id": team})),
            ),
        ] {
            let body = body.map(|body| body.to_string());
            let said = [("content-type", "application/json")];
            let answer = two.own.admin.send(method.clone(), &path, &said, body).await;
            assert_eq!(answer.status, 404, "{method} {path}: {}", answer.body);
        }
        assert_eq!(two.snapshots().await, before);
        for list in ["/members", "/organizations", "/teams", "/invitations"] {
            let all = json!(two.own.admin.items(list).await).to_string().to_lowercase();
            assert!(!all.contains("rival"), "{list}: {all}");
        }
    }

    async fn a_cursor_of_another_account_leads_to_nothing_of_it(app: App) {
        let two = Two::in_app(&app).await;
        for (client, other) in
            [(&two.own.scim, &two.other.scim), (&two.other.scim, &two.own.scim)]
        {
            let page = other.get("/Users?count=1&cursor").await.expect(200);
            let cursor = text(&page, "nextCursor");
            let answer = client.get(&format!("/Users?count=10&cursor={cursor}")).await;
            let body = answer.body.to_string();
            let domain = if std::ptr::eq(client, &two.own.scim) { "rival.example" } else { "kongair.example" };
            assert!(!body.contains(domain), "{body}");
        }
    }

    async fn an_address_is_a_member_of_both_accounts_and_each_has_its_own_user(app: App) {
        let two = Two::in_app(&app).await;
        let shared = "consultant@agency.example";
        let here = two.own.provision(shared).await;
        let there = two.other.provision("Consultant@Agency.example").await;
        assert_ne!(here, there);
        assert_eq!(app.database.count("users"), 0, "what an account says makes nobody a person");

        let other = two.other.snapshot().await;
        let path = format!("/Users/{here}");
        let off = patch(json!([{"op": "replace", "path": "active", "value": false}]));
        two.own.scim.patch(&path, off).await.expect(200);
        assert_eq!(two.other.snapshot().await, other);
        two.own.scim.put(&path, user("renamed@agency.example")).await.expect(200);
        assert_eq!(two.own.member(&here).await["email"], "renamed@agency.example");
        assert_eq!(two.other.snapshot().await, other);
        two.own.scim.delete(&path).await.expect(204);
        assert_eq!(two.other.snapshot().await, other);
        two.other.scim.delete(&format!("/Users/{there}")).await.expect(204);
        two.other.provision(shared).await;
    }

    async fn uniqueness_is_each_accounts_own(app: App) {
        let two = Two::in_app(&app).await;
        let before = two.other.snapshot().await;
        two.own.provision("secret@rival.example").await;
        two.own.add_member("owner@rival.example", "owner").await;
        let mut resource = user("someone@kongair.example");
        resource["externalId"] = json!("external-7");
        two.own.scim.post("/Users", resource).await.expect(201);
        two.own.scim.post("/Groups", group("Rival Crew", &[])).await.expect(201);
        two.own.add_team("Flight", &[]).await;
        let cargo = two.own.add_organization("Cargo").await;
        two.own.invite("invited@rival.example", &cargo).await;
        assert_eq!(two.other.snapshot().await, before);
    }

    async fn a_person_joins_one_account_while_leaving_the_other(app: App) {
        let two = Two::in_app(&app).await;
        let shared = "consultant@agency.example";
        let commute = |account: &Account| {
            let account = account.clone();
            async move {
                for _ in 0..40 {
                    let id = account.provision(shared).await;
                    account.scim.delete(&format!("/Users/{id}")).await.expect(204);
                }
            }
        };
        at_once([commute(&two.own), commute(&two.other)]).await;
        assert_eq!(two.own.recount().await, 2);
        assert_eq!(two.other.recount().await, 3);
    }
}
