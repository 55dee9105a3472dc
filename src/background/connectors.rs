//! Connectors: warns of tokens that expire, and deletes requests and tokens past their retention.

use super::accounts::Failures;
use super::work::{JobError, Work};
use crate::administration::connector::due;
use crate::enterprise::{AccountPk, ConnectorPk, ConnectorTokenPk, Timestamp};
use crate::store::{Cost, Scope, StoreResult, connectors, oauth, scim_requests};

/// The number of tokens that one query reads.
const PAGE: i64 = 100;
/// The number of requests that one transaction deletes.
const BATCH: i64 = 500;

/// Warns owners and co-owners of tokens that expire soon, and tells them when one has expired
/// (docs/domain.md §7).
pub async fn warn(work: &Work) -> Result<(), JobError> {
    let (mut failures, mut last) = (Failures::default(), (Timestamp::FIRST, ConnectorTokenPk(0)));
    loop {
        let now = work.store.clock().now();
        let read = move |conn: &mut _| due::tokens(conn, now, last, PAGE);
        let tokens = work.store.read(Cost::SERVER, read).await?;
        let Some((end, token, _)) = tokens.last() else { return failures.end() };
        last = (*end, *token);
        for (_, _, enterprise) in tokens {
            let done = work
                .store
                .write(Scope(enterprise), move |transaction| due::warn(transaction, enterprise))
                .await;
            failures.note(done);
        }
    }
}

/// Deletes entries of the request log that are older than their account keeps them.
pub async fn prune(work: &Work) -> Result<(), JobError> {
    let (mut accounts, mut failures) = (work.accounts(), Failures::default());
    while let Some(enterprise) = accounts.next().await? {
        failures.note(prune_one(work, enterprise).await);
    }
    failures.end()
}

async fn prune_one(work: &Work, enterprise: AccountPk) -> StoreResult<()> {
    let read = move |conn: &mut _| connectors::get(conn, enterprise);
    let Some(connector) = work.store.read(Cost::Point, read).await? else { return Ok(()) };
    forget_tokens(work, enterprise, connector.pk).await?;
    loop {
        let before = work.store.clock().now().plus_days(-connector.log_days);
        let any = move |conn: &mut _| scim_requests::any_old(conn, enterprise, before);
        if !work.store.read(Cost::Point, any).await? {
            return Ok(());
        }
        work.store
            .write(Scope(enterprise), move |transaction| {
                scim_requests::forget(transaction, enterprise, before, BATCH)
            })
            .await?;
    }
}

/// Deletes expired tokens of OAuth clients. A client's own token request does the same; this is for
/// clients that have stopped asking.
async fn forget_tokens(
    work: &Work,
    enterprise: AccountPk,
    connector: ConnectorPk,
) -> StoreResult<()> {
    let read = move |conn: &mut _| oauth::clients(conn, connector, 0, i64::MAX);
    for client in work.store.read(Cost::Point, read).await? {
        work.store
            .write(Scope(enterprise), move |transaction| {
                let now = transaction.now();
                oauth::forget(transaction, client.pk, now)
            })
            .await?;
    }
    Ok(())
}
