//! The session that a person is signed in with.

use schemars::JsonSchema;
use serde::Serialize;

use crate::administration::AdministrationError;
use crate::administration::persons::{addresses, claims, names};
use crate::administration::sessions::{self, Current, Opened};
use crate::enterprise::permissions::Power;
use crate::enterprise::sso::SignedInBy;
use crate::enterprise::{Role, Timestamp};
use crate::store::Conn;
use crate::store::claims::Waiting;
use crate::store::sessions::Membership;

/// A new session, with its secret.
#[derive(Debug, JsonSchema, Serialize)]
pub struct CreatedSession {
    /// The id of the session, `ses_…`; it is not the secret.
    pub id: String,
    /// The secret to send as `Authorization: Bearer …`; browsers get a cookie. It is not shown
    /// again.
    pub secret: String,
    /// When the session ends at the latest; two hours without use end it earlier.
    pub expires_at: Timestamp,
}

impl From<&Opened> for CreatedSession {
    fn from(opened: &Opened) -> Self {
        Self {
            id: opened.session.id.clone(),
            secret: opened.secret.clone(),
            expires_at: opened.session.expires_at,
        }
    }
}

/// The session that the request was sent with, and the person who is signed in.
#[derive(Debug, JsonSchema, Serialize)]
pub struct CurrentSession {
    /// The id of the session, `ses_…`; it is not the secret.
    pub id: String,
    /// Your id as a person, `acct_…`, the same in all accounts.
    pub user_id: String,
    /// Your primary address.
    pub email: String,
    /// Your own name, if you have said it; in a session that is confined to one account the name
    /// that this account gives its member.
    pub name: Option<String>,
    /// How you signed in: single sign-on, a link by mail, or a recovery link.
    pub signed_in_by: SignedInBy,
    /// When you signed in.
    pub created_at: Timestamp,
    /// When the session ends at the latest; two hours without use end it earlier.
    pub expires_at: Timestamp,
    /// Until when the session may do what needs a fresh proof of who you are (see
    /// `session.request-proof`).
    pub fresh_until: Timestamp,
    /// The id of the account that you act in; null if in none: choose one of `accounts`.
    pub account_id: Option<String>,
    /// The id of the member that you act as; null if you act in no account.
    pub member_id: Option<String>,
    /// Your role in the account that you act in; null if you act in no account.
    pub role: Option<Role>,
    /// The accounts that you can act in with this session.
    pub accounts: Vec<AccountMembership>,
    /// The accounts that have added you and wait until you join or decline.
    pub waiting: Vec<AccountMembership>,
    /// Your proved addresses, as far as this session may see them.
    pub addresses: Vec<String>,
    /// The version of the server, as in its changelog.
    pub server_version: &'static str,
}

/// An account that the person is, or is asked to be, a member of.
#[derive(Debug, JsonSchema, Serialize)]
pub struct AccountMembership {
    /// The id of the account, `ent_…`.
    pub account_id: String,
    /// The name of the account.
    pub name: String,
    /// The id of the member that the person is in the account.
    pub member_id: String,
    /// The role of that member in the account.
    pub role: Role,
}

impl From<Waiting> for AccountMembership {
    fn from(waiting: Waiting) -> Self {
        Self {
            account_id: waiting.account_id,
            name: waiting.account_name,
            member_id: waiting.member_id,
            role: waiting.role,
        }
    }
}

impl From<Membership> for AccountMembership {
    fn from(membership: Membership) -> Self {
        Self {
            account_id: membership.account_id,
            name: membership.account_name,
            member_id: membership.member_id,
            role: membership.role,
        }
    }
}

impl CurrentSession {
    /// Reads the answer. If single sign-on opened the session, it only has what concerns that
    /// account.
    pub fn read(conn: &mut Conn, current: &Current) -> Result<Self, AdministrationError> {
        let Current { session, person, .. } = current;
        let memberships = sessions::accounts_of(conn, session)?;
        let waiting = if session.credential().may(Power::Person) {
            claims::waiting(conn, session.user_pk)?
        } else {
            Vec::new()
        };
        let name = names::shown_to(conn, current)?;
        let acting =
            memberships.iter().find(|membership| Some(membership.member_pk) == session.member_pk);
        Ok(Self {
            id: session.id.clone(),
            user_id: person.id.clone(),
            email: person.email.clone(),
            name,
            signed_in_by: session.signed_in_by,
            created_at: session.created_at,
            expires_at: session.expires_at,
            fresh_until: session.fresh_until(),
            account_id: acting.map(|membership| membership.account_id.clone()),
            member_id: acting.map(|membership| membership.member_id.clone()),
            role: acting.map(|membership| membership.role),
            accounts: memberships.into_iter().map(AccountMembership::from).collect(),
            waiting: waiting.into_iter().map(AccountMembership::from).collect(),
            addresses: addresses::shown_to(conn, session)?,
            server_version: env!("CARGO_PKG_VERSION"),
        })
    }
}
