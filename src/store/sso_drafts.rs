//! Drafts of connections: the settings that were entered, the link that tests them, and how they
//! are put into use.

use diesel::prelude::*;

use super::connection::{Conn, on};
use super::error::{StoreError, StoreResult};
use super::sso_connections::ConnectionRow;
use super::tables::sso_connections;
use crate::enterprise::sso::Settings;
use crate::enterprise::{SsoConnectionPk, Timestamp};

/// Replaces the draft. The test link and the verification of the previous draft become invalid.
pub fn set_draft(
    conn: &mut Conn,
    pk: SsoConnectionPk,
    draft: &Settings,
    secret: Option<&[u8]>,
) -> StoreResult<()> {
    let draft = serde_json::to_string(draft)
        .map_err(|error| StoreError::Damaged(format!("sso_connections.draft: {error}")))?;
    on!(conn, connection => diesel::update(sso_connections::table)
        .filter(sso_connections::pk.eq(pk))
        .set((
            sso_connections::draft.eq(&draft),
            sso_connections::draft_secret.eq(secret),
            sso_connections::revision.eq(sso_connections::revision + 1_i64),
            sso_connections::draft_verified_at.eq(None::<Timestamp>),
            sso_connections::trial_hash.eq(None::<Vec<u8>>),
            sso_connections::trial_expires_at.eq(None::<Timestamp>),
            sso_connections::trial_by.eq(None::<String>),
        ))
        .execute(connection))?;
    Ok(())
}

/// Stores the link by which the draft is tested. `by` is the owner whose link may also put the
/// draft into use, if an owner created it.
pub fn set_trial(
    conn: &mut Conn,
    pk: SsoConnectionPk,
    hash: &[u8; 32],
    until: Timestamp,
    by: Option<&str>,
) -> StoreResult<()> {
    on!(conn, connection => diesel::update(sso_connections::table)
        .filter(sso_connections::pk.eq(pk))
        .set((
            sso_connections::trial_hash.eq(&hash[..]),
            sso_connections::trial_expires_at.eq(until),
            sso_connections::trial_by.eq(by),
        ))
        .execute(connection))?;
    Ok(())
}

/// Puts the draft into use.
pub fn adopt_draft(conn: &mut Conn, row: &ConnectionRow, now: Timestamp) -> StoreResult<()> {
    on!(conn, connection => diesel::update(sso_connections::table)
        .filter(sso_connections::pk.eq(row.pk))
        .set((
            sso_connections::settings.eq(&row.draft),
            sso_connections::secret.eq(&row.draft_secret),
            sso_connections::verified_at.eq(now),
            sso_connections::draft.eq(None::<String>),
            sso_connections::draft_secret.eq(None::<Vec<u8>>),
            sso_connections::draft_verified_at.eq(None::<Timestamp>),
            sso_connections::trial_hash.eq(None::<Vec<u8>>),
            sso_connections::trial_expires_at.eq(None::<Timestamp>),
            sso_connections::trial_by.eq(None::<String>),
            sso_connections::last_failure.eq(None::<String>),
            sso_connections::last_failure_at.eq(None::<Timestamp>),
        ))
        .execute(connection))?;
    Ok(())
}

/// Records that a sign-in with the draft succeeded. This does not put it into use.
pub fn verify_draft(conn: &mut Conn, pk: SsoConnectionPk, now: Timestamp) -> StoreResult<()> {
    on!(conn, connection => diesel::update(sso_connections::table)
        .filter(sso_connections::pk.eq(pk))
        .set((
            sso_connections::draft_verified_at.eq(now),
            sso_connections::trial_hash.eq(None::<Vec<u8>>),
            sso_connections::trial_expires_at.eq(None::<Timestamp>),
            sso_connections::trial_by.eq(None::<String>),
        ))
        .execute(connection))?;
    Ok(())
}
