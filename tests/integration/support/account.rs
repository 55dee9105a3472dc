//! What tests do and see in an account, through its administrators' API.

use insomnia_scim::enterprise::{Role, token};
use insomnia_scim::store::admin_tokens::{self, NewToken};
use insomnia_scim::store::{Scope, members};
use serde_json::{Value, json};

use super::{Account, App, Client, Node, link_in};

/// The text of a member of a JSON object.
#[track_caller]
pub fn text(value: &Value, name: &str) -> String {
    value[name].as_str().unwrap_or_else(|| panic!("no {name} in {value}")).to_owned()
}

impl Client {
    /// Every item of an administrators' list, page after page.
    pub async fn items(&self, path: &str) -> Vec<Value> {
        self.items_of(&format!("{path}?limit=100")).await
    }

    /// The same for a path with a query.
    pub async fn items_of(&self, path: &str) -> Vec<Value> {
        let mut items = Vec::new();
        let mut next = path.to_owned();
        loop {
            let mut page = self.get(&next).await.expect(200);
            items.append(page["items"].as_array_mut().unwrap());
            match page["next_cursor"].as_str() {
                Some(cursor) => next = format!("{path}&cursor={cursor}"),
                None => return items,
            }
        }
    }

    /// Checks that the seat counters are what there is in the account of this administrator; gives the seats in use.
    pub async fn recount(&self) -> i64 {
        let seats = self.get("/seats").await.expect(200);
        let members = self.items("/members").await;
        let invitations = self.items("/invitations").await;
        let active = members.iter().filter(|member| member["state"] == "active").count();
        let pending =
            invitations.iter().filter(|invitation| invitation["state"] == "pending").count();
        assert_eq!(seats["members"], active, "{seats}");
        assert_eq!(seats["pending_invitations"], pending, "{seats}");
        assert_eq!(seats["used"], active + pending, "{seats}");
        seats["used"].as_i64().unwrap()
    }
}

impl App {
    /// Asks for a link to sign in, and gives what it ends with.
    pub async fn sign_in_link(&self, email: &str) -> String {
        let nobody = Client::new(format!("{}/api/v1", self.url), String::new());
        nobody.post("/sign-in", json!({"email": email})).await.expect(202);
        self.background().await;
        let mails = self.mailbox.to(email);
        let mail = mails.iter().rfind(|mail| mail.subject.starts_with("Sign in to"));
        let mail = mail.unwrap_or_else(|| panic!("no link for {email}"));
        link_in(mail).rsplit_once('/').unwrap().1.to_owned()
    }

    /// Signs somebody in by mail.
    pub async fn signed_in(&self, email: &str) -> Client {
        let link = self.sign_in_link(email).await;
        let nobody = Client::new(format!("{}/api/v1", self.url), String::new());
        let made = nobody.post("/sessions", json!({"token": link})).await.expect(201);
        nobody.with_token(&text(&made, "secret"))
    }
}

impl Account {
    /// The same account through another server.
    pub fn through(&self, node: &Node) -> Self {
        let base = format!("{}/scim/v2/{}", node.url, self.made.connector_id);
        Self {
            scim: Client::new(base, self.scim.token.clone()),
            admin: Client::new(format!("{}/api/v1", node.url), self.admin.token.clone()),
            made: self.made.clone(),
        }
    }

    /// A member as the administrators' list shows it, if it is there.
    pub async fn find_member(&self, id: &str) -> Option<Value> {
        self.admin.items("/members").await.into_iter().find(|member| member["id"] == id)
    }

    /// A member that is there.
    pub async fn member(&self, id: &str) -> Value {
        self.find_member(id).await.unwrap()
    }

    /// Adds a member by hand; gives its id.
    pub async fn add_member(&self, email: &str, role: &str) -> String {
        let member = json!({"email": email, "role": role});
        text(&self.admin.post("/members", member).await.expect(201), "id")
    }

    /// A token of a new member with this role in the account.
    pub async fn token_of(&self, app: &App, role: Role) -> String {
        let id = self.add_member(&format!("new-{role}@kongair.example"), role.as_str()).await;
        self.token_for(app, &id).await
    }

    /// A token of this member, without scopes and end.
    pub async fn token_for(&self, app: &App, member: &str) -> String {
        let (enterprise, secret) = (self.made.enterprise, token::generate(token::ADMIN).unwrap());
        let (hash, id) = (token::hash(&secret), member.to_owned());
        app.store
            .write(Scope(enterprise), move |transaction| {
                let member = members::by_id(transaction, enterprise, &id)?.unwrap().pk;
                let new = NewToken { member, name: "test", scopes: None, expires_at: None };
                let now = transaction.now();
                admin_tokens::insert(transaction, &hash, &new, now).map(drop)
            })
            .await
            .unwrap();
        secret
    }

    /// Makes an organization; gives its id.
    pub async fn add_organization(&self, name: &str) -> String {
        text(&self.admin.post("/organizations", json!({"name": name})).await.expect(201), "id")
    }

    /// Makes a team by hand, linked to these organizations; gives its id.
    pub async fn add_team(&self, name: &str, organizations: &[&str]) -> String {
        let team = text(&self.admin.post("/teams", json!({"name": name})).await.expect(201), "id");
        for organization in organizations {
            let link = format!("/teams/{team}/organizations/{organization}");
            self.admin.put(&link, json!({})).await.expect(204);
        }
        team
    }

    /// Adds a member to a team by hand.
    pub async fn join(&self, team: &str, email: &str) {
        let path = format!("/teams/{team}/members");
        self.admin.post(&path, json!({"email": email})).await.expect(201);
    }

    /// Invites to an organization; gives the invitation's id.
    pub async fn invite(&self, email: &str, organization: &str) -> String {
        let invitation = json!({"email": email, "organization_id": organization});
        text(&self.admin.post("/invitations", invitation).await.expect(201), "id")
    }

    /// The state of an invitation.
    pub async fn invitation_state(&self, id: &str) -> String {
        let invitations = self.admin.items("/invitations").await;
        text(invitations.iter().find(|invitation| invitation["id"] == id).unwrap(), "state")
    }

    /// The organizations that a member reaches: id, role, ways.
    pub async fn access(&self, member: &str) -> Vec<(String, String, Value)> {
        let items = self.admin.items(&format!("/members/{member}/access")).await;
        let reached = |item: Value| {
            (text(&item, "organization_id"), text(&item, "role"), item["via"].clone())
        };
        items.into_iter().map(reached).collect()
    }

    /// Ids of the members in a team.
    pub async fn team_members(&self, team: &str) -> Vec<String> {
        let items = self.admin.items(&format!("/teams/{team}/members")).await;
        items.iter().map(|member| text(member, "id")).collect()
    }

    /// Everything that a refused request must leave as it is.
    pub async fn snapshot(&self) -> Value {
        let mut teams = self.admin.items("/teams").await;
        for team in &mut teams {
            let members = format!("/teams/{}/members", text(team, "id"));
            team["members"] = self.admin.items(&members).await.into();
        }
        let mut members = self.admin.items("/members").await;
        for member in &mut members {
            // Whoever asks is active.
            member["last_active"] = Value::Null;
        }
        json!({
            "seats": self.admin.get("/seats").await.expect(200),
            "members": members,
            "invitations": self.admin.items("/invitations").await,
            "organizations": self.admin.items("/organizations").await,
            "teams": teams,
            "users": self.scim.get("/Users?count=1000").await.expect(200),
            "groups": self.scim.get("/Groups?count=1000").await.expect(200),
        })
    }

    /// See [`Client::recount`].
    pub async fn recount(&self) -> i64 {
        self.admin.recount().await
    }
}
