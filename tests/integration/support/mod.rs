//! The harness: a server of its own for each test, on a database of its own, with a clock that the
//! test moves.

mod account;
mod browser;
mod client;
mod database;
mod dns;
mod issuer;
mod mailbox;
mod oidc_provider;
mod population;
mod process;
mod proxy;
mod saml_idp;
mod server;
mod smtp;
mod template;

use std::time::{Duration, Instant};

pub use account::text;
pub use browser::{Browser, Visit, parameter};
pub use client::{Client, Response};
pub use database::Database;
pub use dns::{DnsServer, Entry};
pub use issuer::{Issuer, Key, unsigned};
pub use mailbox::{Mailbox, link_in};
pub use oidc_provider::OidcProvider;
pub use population::{set, text_set, texts};
pub use process::{Process, command, command_of};
pub use proxy::{Newcomers, Proxy};
pub use saml_idp::{Form, SamlIdp};
pub use server::{Account, App, BILLING, Node, OPERATOR, Options, SECRET_KEY};
pub use smtp::{Fault, Received, Security, SmtpServer, transport};

/// Makes two tests out of one story: on SQLite and on PostgreSQL.
///
/// ```ignore
/// on_both_databases! {
///     async fn a_new_user_takes_a_seat(app: App) {
///         let account = app.account(5).await;
///         …
///     }
/// }
/// ```
///
/// A story that starts its servers itself asks for `database: Database` instead.
macro_rules! on_both_databases {
    ($($(#[$meta:meta])* async fn $name:ident($database:ident: Database) $story:block)+) => {
        $(
            $(#[$meta])*
            mod $name {
                #[allow(unused_imports)] // not every story needs everything of its file
                use super::*;

                async fn story($database: &$crate::support::Database) $story

                #[tokio::test]
                async fn sqlite() {
                    story(&$crate::support::Database::sqlite()).await;
                }

                #[tokio::test]
                async fn postgres() {
                    if let Some(database) = $crate::support::Database::postgres() {
                        story(&database).await;
                    }
                }
            }
        )+
    };
    ($($(#[$meta:meta])* async fn $name:ident($app:ident: App) $story:block)+) => {
        $(
            $(#[$meta])*
            mod $name {
                #[allow(unused_imports)] // not every story needs everything of its file
                use super::*;

                async fn story($app: $crate::support::App) $story

                #[tokio::test]
                async fn sqlite() {
                    story($crate::support::App::start($crate::support::Database::migrated_sqlite())).await;
                }

                #[tokio::test]
                async fn postgres() {
                    if let Some(database) = $crate::support::Database::migrated_postgres() {
                        story($crate::support::App::start(database)).await;
                    }
                }
            }
        )+
    };
}
pub(crate) use on_both_databases;

/// Sends all the requests at once; gives the answers in the order in which they came.
pub async fn at_once<T: Send + 'static>(
    requests: impl IntoIterator<Item = impl Future<Output = T> + Send + 'static>,
) -> Vec<T> {
    requests.into_iter().collect::<tokio::task::JoinSet<T>>().join_all().await
}

/// The same for a story to which the database belongs, made by these functions.
macro_rules! on_both_databases_of_its_own {
    ($sqlite:ident, $postgres:ident:
     $($(#[$meta:meta])* async fn $name:ident($database:ident: Database) $story:block)+) => {
        $(
            $(#[$meta])*
            mod $name {
                #[allow(unused_imports)] // not every story needs everything of its file
                use super::*;

                async fn story($database: $crate::support::Database) $story

                #[tokio::test]
                async fn sqlite() {
                    story($crate::support::Database::$sqlite()).await;
                }

                #[tokio::test]
                async fn postgres() {
                    if let Some(database) = $crate::support::Database::$postgres() {
                        story(database).await;
                    }
                }
            }
        )+
    };
}
pub(crate) use on_both_databases_of_its_own;

/// The same for a story that starts the server itself, with options of its own.
macro_rules! on_both_migrated_databases {
    ($($story:tt)+) => {
        $crate::support::on_both_databases_of_its_own! { migrated_sqlite, migrated_postgres: $($story)+ }
    };
}
pub(crate) use on_both_migrated_databases;

/// The same for a story about migrating.
macro_rules! on_both_empty_databases {
    ($($story:tt)+) => {
        $crate::support::on_both_databases_of_its_own! { sqlite, postgres: $($story)+ }
    };
}
pub(crate) use on_both_empty_databases;

/// A user as an identity provider creates it.
pub fn user(address: &str) -> serde_json::Value {
    serde_json::json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "userName": address,
        "name": {"givenName": "Given", "familyName": "Family"},
        "emails": [{"value": address, "type": "work", "primary": true}],
        "active": true,
    })
}

/// A group as an identity provider creates it.
pub fn group(name: &str, members: &[&str]) -> serde_json::Value {
    let members: Vec<_> =
        members.iter().map(|member| serde_json::json!({"value": member})).collect();
    serde_json::json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"],
        "displayName": name,
        "members": members,
    })
}

/// A PATCH request with these operations.
pub fn patch(operations: serde_json::Value) -> serde_json::Value {
    serde_json::json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": operations,
    })
}

/// Asks until the answer has this status, which every request has that is sent a second after what
/// was done before, whoever did it.
pub async fn within_a_second(scim: &Client, status: u16) {
    let since = Instant::now();
    loop {
        let sent = since.elapsed();
        if scim.get("/Users").await.status == status {
            return;
        }
        assert!(sent < Duration::from_secs(1), "it is still not {status}");
    }
}
