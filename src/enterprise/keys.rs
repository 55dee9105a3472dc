//! Primary keys of the tables, one type per table, so that they cannot be mixed up.
//!
//! Primary keys never leave the server. The API identifies things by their ids ([`super::id`]).

use diesel::deserialize::FromSqlRow;
use diesel::expression::AsExpression;
use diesel::sql_types::BigInt;

/// Stores a type that wraps a number as that number, in every database.
macro_rules! stored_as_number {
    ($name:ident) => {
        impl<DB: diesel::backend::Backend> diesel::serialize::ToSql<BigInt, DB> for $name
        where
            i64: diesel::serialize::ToSql<BigInt, DB>,
        {
            fn to_sql<'b>(
                &'b self,
                out: &mut diesel::serialize::Output<'b, '_, DB>,
            ) -> diesel::serialize::Result {
                <i64 as diesel::serialize::ToSql<BigInt, DB>>::to_sql(&self.0, out)
            }
        }

        impl<DB: diesel::backend::Backend> diesel::deserialize::FromSql<BigInt, DB> for $name
        where
            i64: diesel::deserialize::FromSql<BigInt, DB>,
        {
            fn from_sql(bytes: DB::RawValue<'_>) -> diesel::deserialize::Result<Self> {
                <i64 as diesel::deserialize::FromSql<BigInt, DB>>::from_sql(bytes).map(Self)
            }
        }
    };
}
pub(crate) use stored_as_number;

/// Declares the key types, each a transparent wrapper around the number in the database.
macro_rules! keys {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, AsExpression, FromSqlRow,
        )]
        #[diesel(sql_type = BigInt)]
        #[repr(transparent)]
        pub struct $name(pub i64);

        stored_as_number!($name);
    )+};
}

keys! {
    /// An Enterprise account.
    AccountPk,
    /// A member of an account.
    MemberPk,
    /// A team of an account.
    TeamPk,
    /// An organization of an account.
    OrganizationPk,
    /// A person, who may be a member of several accounts.
    PersonPk,
    /// An invitation.
    InvitationPk,
    /// A domain of an account.
    DomainPk,
    /// An account's SCIM connector.
    ConnectorPk,
    /// A connector's bearer token.
    ConnectorTokenPk,
    /// An OAuth client of a connector.
    OauthClientPk,
    /// An authorization code of an OAuth client.
    OauthCodePk,
    /// An access or refresh token of an OAuth client.
    OauthTokenPk,
    /// A member's token for the administrators' API.
    AdminTokenPk,
    /// A session of a signed-in person.
    SessionPk,
    /// A single sign-on connection of a domain.
    SsoConnectionPk,
    /// A sign-in in progress at an identity provider.
    SsoLoginPk,
    /// A sign-up whose address is not confirmed yet.
    SignUpPk,
    /// A link that lets a member sign in without the identity provider.
    RecoveryLinkPk,
    /// The transfer of an organization.
    TransferPk,
    /// An activation code.
    ActivationCodePk,
    /// A mail in the outbox.
    MailPk,
}
