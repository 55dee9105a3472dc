//! What a refusal is called and says: in a problem document, in the result of one item of several,
//! and on a page.

use schemars::JsonSchema;
use serde::Serialize;

use crate::administration::AdministrationError;
use crate::enterprise::Role;
use crate::store::StoreError;
use crate::store::responsible::ResponsibleRow;

/// What a refusal is called and says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wording {
    /// The word for programs, the last part of the problem's URN.
    pub kind: &'static str,
    /// The text for people: what happened, and what to do.
    pub detail: String,
}

/// Returns the URN that identifies a kind of refusal.
pub fn urn(kind: &str) -> String {
    format!("urn:insomnia:problem:{kind}")
}

/// An error that has a word for programs.
trait Named {
    /// Returns the word, with hyphens.
    fn word(&self) -> &'static str;
}

impl Named for AdministrationError {
    fn word(&self) -> &'static str {
        match self {
            Self::InvalidName { .. } | Self::InvalidValue { .. } => "invalid-value",
            Self::NameTaken { .. } => "name-taken",
            Self::AlreadyMember(_) => "already-member",
            Self::NotManual(_) => "not-manual",
            Self::NotProvisioned(_) => "not-provisioned",
            Self::NotLinked(_) => "not-linked",
            Self::NotPending(_) => "not-pending",
            Self::NotFound { .. } => "not-found",
            Self::NoFreeSeat(_) => "no-free-seat",
            Self::LastOwner(_) => "last-owner",
            Self::Refused(refusal) => refusal.word(),
            Self::NoRandomness(_) => "internal",
            Self::Store(failure) => failure.word(),
        }
    }
}

impl Named for StoreError {
    fn word(&self) -> &'static str {
        match self {
            Self::Overloaded | Self::TooManySearches => "overloaded",
            error if error.is_unavailable() => "unavailable",
            _ => "internal",
        }
    }
}

impl From<&AdministrationError> for Wording {
    fn from(error: &AdministrationError) -> Self {
        match error {
            AdministrationError::Store(failure) => failure.into(),
            error => Self { kind: error.word(), detail: error.to_string() },
        }
    }
}

impl From<&StoreError> for Wording {
    fn from(error: &StoreError) -> Self {
        let detail = match error {
            StoreError::Overloaded => {
                "Too many changes are waiting. Repeat the request after the time in Retry-After."
            }
            StoreError::TooManySearches => {
                "Too many searches of this account are running. Repeat the request after the time in \
                 Retry-After."
            }
            error if error.is_unavailable() => {
                "The server cannot reach its database now. Repeat the request."
            }
            _ => "The server failed on its side; the request id leads to the cause in its log.",
        };
        Self { kind: error.word(), detail: detail.to_owned() }
    }
}

/// Why one item of several was refused.
#[derive(Debug, JsonSchema, Serialize)]
pub struct ItemRefusal {
    /// The kind of the refusal, a URN as in the `type` of a problem document.
    #[serde(rename = "type")]
    pub kind: String,
    /// Why the item was refused, as a sentence.
    pub detail: String,
}

impl From<AdministrationError> for ItemRefusal {
    fn from(error: AdministrationError) -> Self {
        let Wording { kind, detail } = Wording::from(&error);
        Self { kind: urn(kind), detail }
    }
}

/// A person who can do what somebody else was refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct WhoCan {
    /// What the account calls them.
    pub name: String,
    /// Their address, if they have one.
    pub email: Option<String>,
    /// Their role in the account.
    pub role: Role,
}

impl From<ResponsibleRow> for WhoCan {
    fn from(row: ResponsibleRow) -> Self {
        Self { name: row.name().to_owned(), email: row.email, role: row.role }
    }
}
