//! What concerns a signed-in person, whichever account they act in.

use schemars::JsonSchema;
use serde::Serialize;

use crate::administration::AdministrationError;
use crate::administration::persons::addresses;
use crate::enterprise::person::Proof;
use crate::enterprise::{Role, Timestamp};
use crate::store::Conn;
use crate::store::claims::Waiting;
use crate::store::users::{PersonRow, ProvedAddress};

/// An account that the person has joined.
#[derive(Debug, JsonSchema, Serialize)]
pub struct JoinedAccount {
    /// The id of the account, `ent_…`.
    pub account_id: String,
    /// The name of the account.
    pub name: String,
    /// The id of the member that the person is in the account.
    pub member_id: String,
    /// The role of that member in the account.
    pub role: Role,
}

impl From<Waiting> for JoinedAccount {
    fn from(joined: Waiting) -> Self {
        Self {
            account_id: joined.account_id,
            name: joined.account_name,
            member_id: joined.member_id,
            role: joined.role,
        }
    }
}

/// An address that the person has proved.
#[derive(Debug, JsonSchema, Serialize)]
pub struct OwnAddress {
    /// The address.
    pub email: String,
    /// Whether it is the address that the person is shown with and written to.
    pub primary: bool,
    /// How the address was proved; `record` if that was before proofs were kept.
    pub proof: Proof,
    /// When the address was proved.
    pub proved_at: Timestamp,
}

impl OwnAddress {
    /// Reads all addresses that a person has proved.
    ///
    /// # Errors
    /// Fails if the database fails.
    pub fn all(conn: &mut Conn, person: &PersonRow) -> Result<Vec<Self>, AdministrationError> {
        let proved = addresses::proved(conn, person.pk)?.into_iter();
        Ok(proved.map(|one| Self::of(one.email == person.email, one)).collect())
    }

    /// Makes the answer for an address that is the primary one, or not.
    pub fn of(primary: bool, address: ProvedAddress) -> Self {
        Self { email: address.email, primary, proof: address.proof, proved_at: address.proved_at }
    }
}
