//! Why a user did not arrive: what the request log, the members, the invitations, the seats and the
//! connector know about a name, an address or an id, put together in sentences.

mod facts;
mod findings;

use schemars::JsonSchema;
use serde::Serialize;

use super::Result;
use crate::administration::AdministrationError;
pub use crate::enterprise::connector::FindingKind;
use crate::enterprise::{AccountPk, Timestamp};
use crate::store::Conn;

/// One thing that was found out about a user, and what to do about it.
#[derive(Clone, Debug, JsonSchema, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What kind of thing it is.
    pub kind: FindingKind,
    /// When it happened; null for what is so now.
    pub at: Option<Timestamp>,
    /// What was found out, in a sentence.
    pub text: String,
    /// What to do about it, in a sentence; null if there is nothing to do.
    pub advice: Option<String>,
    /// The id of the member that it is about; null if it is about none.
    pub member_id: Option<String>,
    /// The id of the entry in the request log that shows it; null if there is none.
    pub scim_request_id: Option<String>,
}

/// What is known about a user.
#[derive(Clone, Debug, JsonSchema, PartialEq, Eq, Serialize)]
#[schemars(rename = "UserExplanation")]
pub struct Explanation {
    /// The name, address or id that was asked about.
    pub about: String,
    /// What was found out, the most important first; never empty.
    pub findings: Vec<Finding>,
}

/// The maximum length of what is asked about, in characters.
const LONGEST: usize = 255;

/// Finds out why the user with this address, name or id did not arrive, or that they did.
///
/// # Errors
/// Fails if nothing is asked about, or the text is too long.
pub fn explain(
    conn: &mut Conn,
    enterprise: AccountPk,
    about: &str,
    now: Timestamp,
) -> Result<Explanation> {
    let about = about.trim();
    if about.is_empty() || about.chars().count() > LONGEST || about.contains('\0') {
        return Err(AdministrationError::InvalidValue {
            field: "about",
            reason: format!(
                "must be an address, a name or an id of the identity provider, at most {LONGEST} \
                 characters"
            ),
        });
    }
    let facts = facts::gather(conn, enterprise, about, now)?;
    Ok(Explanation { about: about.to_owned(), findings: findings::of(&facts) })
}
