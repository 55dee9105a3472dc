//! Rotation of the operator's secret key: secrets sealed with the old key are sealed again with the
//! new one.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::enterprise::secret::Keyring;
use crate::store::{Conn, StoreResult, Transaction, outbox, sso_connections};

/// The number of rows handled by one transaction.
const AT_ONCE: i64 = 200;

/// The progress of a rotation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// The number of secrets that were sealed again.
    pub again: usize,
    /// The number of secrets that neither key opens.
    pub lost: usize,
    /// The last row of this batch; `None` when there are no more.
    pub after: Option<i64>,
}

/// Returns how many waiting mails and how many client secrets these keys do not open. Reads only
/// the first 200 of each, which is enough to notice a wrong key.
pub fn closed(conn: &mut Conn, keys: &Keyring) -> StoreResult<(usize, usize)> {
    let mails = outbox::waiting_sealed(conn, 0, AT_ONCE)?.into_iter().filter(|(_, owner, body)| {
        keys.open(&STANDARD.decode(body).unwrap_or_default(), owner).is_err()
    });
    let mails = mails.count();
    let rows = sso_connections::with_secrets(conn, 0, AT_ONCE)?;
    let secrets = rows.iter().flat_map(|(_, id, secret, draft)| {
        [secret, draft].into_iter().flatten().filter(|sealed| keys.open(sealed, id).is_err())
    });
    Ok((mails, secrets.count()))
}

/// Seals the client secrets of the connections after this row again.
pub fn connections(
    transaction: &mut Transaction<'_>,
    keys: &Keyring,
    after: i64,
) -> StoreResult<Progress> {
    let rows = sso_connections::with_secrets(transaction, after, AT_ONCE)?;
    let mut progress = Progress { after: rows.last().map(|row| row.0.0), ..Progress::default() };
    for (pk, id, secret, draft) in rows {
        for sealed in [secret, draft].into_iter().flatten() {
            match keys.seal_again(&sealed, &id) {
                Ok(None) => {}
                Ok(Some(new)) => {
                    sso_connections::replace_secret(transaction, pk, &sealed, &new)?;
                    progress.again += 1;
                }
                Err(_) => progress.lost += 1,
            }
        }
    }
    Ok(progress)
}

/// Seals the waiting mails after this row again.
pub fn mails(
    transaction: &mut Transaction<'_>,
    keys: &Keyring,
    after: i64,
) -> StoreResult<Progress> {
    let rows = outbox::waiting_sealed(transaction, after, AT_ONCE)?;
    let mut progress = Progress { after: rows.last().map(|row| row.0.0), ..Progress::default() };
    for (pk, message_id, body) in rows {
        let sealed = STANDARD.decode(&body).unwrap_or_default();
        match keys.seal_again(&sealed, &message_id) {
            Ok(None) => {}
            Ok(Some(new)) => {
                outbox::seal_again(transaction, pk, &body, &STANDARD.encode(new))?;
                progress.again += 1;
            }
            Err(_) => progress.lost += 1,
        }
    }
    Ok(progress)
}
