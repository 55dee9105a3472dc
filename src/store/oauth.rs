//! OAuth clients of connectors, and the codes and tokens issued to them.

use diesel::prelude::*;

use super::connection::{Conn, on, storable};
use super::connectors::{Admitted, UsedToken};
use super::error::StoreResult;
use super::tables::{connectors, enterprises, oauth_clients, oauth_codes, oauth_tokens};
use crate::enterprise::oauth::TokenKind;
use crate::enterprise::{
    AccountPk, ConnectorPk, OauthClientPk, OauthCodePk, OauthTokenPk, Timestamp, id,
};

/// A client as stored in the database.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = oauth_clients)]
#[allow(missing_docs)] // the columns are documented in the migrations
pub struct ClientRow {
    pub pk: OauthClientPk,
    pub id: String,
    pub connector_pk: ConnectorPk,
    pub name: String,
    pub redirect_uris: String,
    pub grant_types: String,
    pub secret_hash: Vec<u8>,
    pub former_secret_hash: Option<Vec<u8>>,
    pub former_secret_until: Option<Timestamp>,
    pub created_at: Timestamp,
    pub created_by: String,
    pub revoked_at: Option<Timestamp>,
}

/// The values of a new client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewClient<'a> {
    /// The name that people gave it.
    pub name: &'a str,
    /// The URIs to which codes may be sent, one per line.
    pub redirect_uris: String,
    /// The grant types that it may use, separated by spaces.
    pub grant_types: String,
    /// Who created it.
    pub created_by: &'a str,
}

/// Inserts a client by the hash of its secret.
pub fn insert_client(
    conn: &mut Conn,
    connector: ConnectorPk,
    hash: &[u8; 32],
    new: &NewClient<'_>,
    now: Timestamp,
) -> StoreResult<ClientRow> {
    Ok(on!(conn, connection => diesel::insert_into(oauth_clients::table)
        .values((
            oauth_clients::id.eq(id::oauth_client()),
            oauth_clients::connector_pk.eq(connector),
            oauth_clients::name.eq(new.name),
            oauth_clients::redirect_uris.eq(&new.redirect_uris),
            oauth_clients::grant_types.eq(&new.grant_types),
            oauth_clients::secret_hash.eq(&hash[..]),
            oauth_clients::created_at.eq(now),
            oauth_clients::created_by.eq(new.created_by),
        ))
        .returning(ClientRow::as_returning())
        .get_result(connection))?)
}

/// Returns the connector's clients that are not revoked, after row `after`, in order of creation.
pub fn clients(
    conn: &mut Conn,
    connector: ConnectorPk,
    after: i64,
    limit: i64,
) -> StoreResult<Vec<ClientRow>> {
    Ok(on!(conn, connection => oauth_clients::table
        .filter(oauth_clients::connector_pk.eq(connector))
        .filter(oauth_clients::revoked_at.is_null())
        .filter(oauth_clients::pk.gt(after))
        .order(oauth_clients::pk)
        .limit(limit)
        .select(ClientRow::as_select())
        .load(connection))?)
}

/// Returns the client with this id, its account, and whether its connector is enabled.
pub fn client(conn: &mut Conn, id: &str) -> StoreResult<Option<(ClientRow, AccountPk, bool)>> {
    if !storable(id) {
        return Ok(None);
    }
    Ok(on!(conn, connection => oauth_clients::table
        .inner_join(connectors::table)
        .filter(oauth_clients::id.eq(id))
        .filter(oauth_clients::revoked_at.is_null())
        .select((ClientRow::as_select(), connectors::enterprise_pk, connectors::enabled))
        .first(connection)
        .optional())?)
}

/// Gives a client a new secret. The previous one stays valid until `former_until`.
pub fn rotate_secret(
    conn: &mut Conn,
    client: &ClientRow,
    hash: &[u8; 32],
    former_until: Timestamp,
) -> StoreResult<()> {
    on!(conn, connection => diesel::update(oauth_clients::table)
        .filter(oauth_clients::pk.eq(client.pk))
        .set((
            oauth_clients::former_secret_hash.eq(&client.secret_hash),
            oauth_clients::former_secret_until.eq(former_until),
            oauth_clients::secret_hash.eq(&hash[..]),
        ))
        .execute(connection))?;
    Ok(())
}

/// Revokes a client and deletes its codes and tokens.
pub fn revoke_client(conn: &mut Conn, client: OauthClientPk, now: Timestamp) -> StoreResult<()> {
    on!(conn, connection => diesel::update(oauth_clients::table)
        .filter(oauth_clients::pk.eq(client))
        .set(oauth_clients::revoked_at.eq(now))
        .execute(connection))?;
    forget_of_client(conn, client)
}

/// Deletes every code and token of a client.
pub fn forget_of_client(conn: &mut Conn, client: OauthClientPk) -> StoreResult<()> {
    on!(conn, connection => diesel::delete(oauth_tokens::table)
        .filter(oauth_tokens::client_pk.eq(client))
        .execute(connection))?;
    on!(conn, connection => diesel::delete(oauth_codes::table)
        .filter(oauth_codes::client_pk.eq(client))
        .execute(connection))?;
    Ok(())
}

/// An authorization code as stored in the database.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = oauth_codes)]
#[allow(missing_docs)] // the columns are documented in the migrations
pub struct CodeRow {
    pub pk: OauthCodePk,
    pub client_pk: OauthClientPk,
    pub redirect_uri: String,
    pub challenge: Option<String>,
    pub family: String,
    pub expires_at: Timestamp,
    pub used_at: Option<Timestamp>,
}

/// The values of a new authorization code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewCode<'a> {
    /// The client that it is issued to.
    pub client: OauthClientPk,
    /// The URI that it is sent to.
    pub redirect_uri: &'a str,
    /// The client's PKCE challenge, if it sent one.
    pub challenge: Option<&'a str>,
    /// When it expires.
    pub expires_at: Timestamp,
}

/// Inserts an authorization code by its hash.
pub fn insert_code(conn: &mut Conn, hash: &[u8; 32], new: &NewCode<'_>) -> StoreResult<()> {
    on!(conn, connection => diesel::insert_into(oauth_codes::table)
        .values((
            oauth_codes::hash.eq(&hash[..]),
            oauth_codes::client_pk.eq(new.client),
            oauth_codes::redirect_uri.eq(new.redirect_uri),
            oauth_codes::challenge.eq(new.challenge),
            oauth_codes::family.eq(id::oauth_family()),
            oauth_codes::expires_at.eq(new.expires_at),
        ))
        .execute(connection))?;
    Ok(())
}

/// Returns the client's authorization code with this hash.
pub fn code(
    conn: &mut Conn,
    client: OauthClientPk,
    hash: &[u8; 32],
) -> StoreResult<Option<CodeRow>> {
    Ok(on!(conn, connection => oauth_codes::table
        .filter(oauth_codes::hash.eq(&hash[..]))
        .filter(oauth_codes::client_pk.eq(client))
        .select(CodeRow::as_select())
        .first(connection)
        .optional())?)
}

/// Records that a code was exchanged.
pub fn use_code(conn: &mut Conn, code: OauthCodePk, now: Timestamp) -> StoreResult<()> {
    on!(conn, connection => diesel::update(oauth_codes::table)
        .filter(oauth_codes::pk.eq(code))
        .set(oauth_codes::used_at.eq(now))
        .execute(connection))?;
    Ok(())
}

/// A token as stored in the database.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = oauth_tokens)]
#[allow(missing_docs)] // the columns are documented in the migrations
pub struct OAuthTokenRow {
    pub pk: OauthTokenPk,
    pub client_pk: OauthClientPk,
    pub kind: TokenKind,
    pub family: String,
    pub expires_at: Timestamp,
    pub used_at: Option<Timestamp>,
}

/// Inserts a token by its hash.
pub fn insert_token(
    conn: &mut Conn,
    client: OauthClientPk,
    kind: TokenKind,
    family: &str,
    hash: &[u8; 32],
    expires_at: Timestamp,
    now: Timestamp,
) -> StoreResult<()> {
    on!(conn, connection => diesel::insert_into(oauth_tokens::table)
        .values((
            oauth_tokens::hash.eq(&hash[..]),
            oauth_tokens::client_pk.eq(client),
            oauth_tokens::kind.eq(kind),
            oauth_tokens::family.eq(family),
            oauth_tokens::created_at.eq(now),
            oauth_tokens::expires_at.eq(expires_at),
        ))
        .execute(connection))?;
    Ok(())
}

/// Returns the client's refresh token with this hash.
pub fn refresh_token(
    conn: &mut Conn,
    client: OauthClientPk,
    hash: &[u8; 32],
) -> StoreResult<Option<OAuthTokenRow>> {
    Ok(on!(conn, connection => oauth_tokens::table
        .filter(oauth_tokens::hash.eq(&hash[..]))
        .filter(oauth_tokens::client_pk.eq(client))
        .filter(oauth_tokens::kind.eq(TokenKind::Refresh))
        .select(OAuthTokenRow::as_select())
        .first(connection)
        .optional())?)
}

/// Records that a refresh token was exchanged.
pub fn use_refresh_token(conn: &mut Conn, token: OauthTokenPk, now: Timestamp) -> StoreResult<()> {
    on!(conn, connection => diesel::update(oauth_tokens::table)
        .filter(oauth_tokens::pk.eq(token))
        .set(oauth_tokens::used_at.eq(now))
        .execute(connection))?;
    Ok(())
}

/// Deletes a family of tokens. Returns how many there were.
pub fn end_family(conn: &mut Conn, family: &str) -> StoreResult<usize> {
    Ok(on!(conn, connection => diesel::delete(oauth_tokens::table)
        .filter(oauth_tokens::family.eq(family))
        .execute(connection))?)
}

/// Deletes a client's tokens that expired before this time, and its codes that expired a day
/// earlier. Exchanged ones are kept until then, so that reuse is detected.
pub fn forget(conn: &mut Conn, client: OauthClientPk, before: Timestamp) -> StoreResult<()> {
    on!(conn, connection => diesel::delete(oauth_tokens::table)
        .filter(oauth_tokens::client_pk.eq(client))
        .filter(oauth_tokens::expires_at.lt(before))
        .execute(connection))?;
    on!(conn, connection => diesel::delete(oauth_codes::table)
        .filter(oauth_codes::client_pk.eq(client))
        .filter(oauth_codes::expires_at.lt(before.plus_days(-1)))
        .execute(connection))?;
    Ok(())
}

/// Records when an access token was last used.
pub fn touch(conn: &mut Conn, token: OauthTokenPk, at: Timestamp) -> StoreResult<()> {
    on!(conn, connection => diesel::update(oauth_tokens::table)
        .filter(oauth_tokens::pk.eq(token))
        .set(oauth_tokens::last_used_at.eq(at))
        .execute(connection))?;
    Ok(())
}

/// Returns the connector that this access token belongs to.
pub fn find_admitted(conn: &mut Conn, hash: &[u8; 32]) -> StoreResult<Option<Admitted>> {
    let found: Option<Admitted<OauthTokenPk>> = on!(conn, connection => oauth_tokens::table
        .inner_join(
            oauth_clients::table.inner_join(connectors::table.inner_join(enterprises::table)),
        )
        .filter(oauth_tokens::hash.eq(&hash[..]))
        .filter(oauth_tokens::kind.eq(TokenKind::Access))
        .select((
            enterprises::pk,
            connectors::id,
            connectors::enabled,
            enterprises::plan,
            enterprises::plan_active,
            enterprises::plan_ends_at,
            oauth_tokens::hash,
            oauth_tokens::expires_at.nullable(),
            connectors::log_personal_values,
            oauth_tokens::pk,
            oauth_tokens::last_used_at,
        ))
        .get_result(connection)
        .optional())?;
    Ok(found.map(|admitted| admitted.by(UsedToken::Oauth)))
}
