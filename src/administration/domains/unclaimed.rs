//! Unclaimed accounts of a domain (docs/domain.md, *Words*: unmanaged users).

use std::collections::{HashMap, HashSet};

use super::{MOST, Result, require_verified};
use crate::administration::Page;
use crate::administration::invitations::{self, Invited, MOST_ADDRESSES, Target};
use crate::enterprise::{AccountPk, address};
use crate::store::domains::{self, DomainRow};
use crate::store::users::{self, UnclaimedRow};
use crate::store::{Conn, StoreResult, Transaction, invitations as stored, member_lookups};

/// Lists people who have proved an address in the domain and are not members, in the order in which
/// they became known.
///
/// # Errors
/// Fails if the domain does not exist or is not verified.
pub fn unclaimed(
    conn: &mut Conn,
    enterprise: AccountPk,
    id: &str,
    after: i64,
    limit: i64,
) -> Result<Page<UnclaimedRow>> {
    let domain = require_verified(conn, enterprise, id)?;
    Ok(unclaimed_after(conn, enterprise, &domain.name, after, limit)?)
}

/// Like [`unclaimed`], for a domain that the caller knows to be verified by the account.
pub fn unclaimed_after(
    conn: &mut Conn,
    enterprise: AccountPk,
    domain: &str,
    after: i64,
    limit: i64,
) -> StoreResult<Page<UnclaimedRow>> {
    let rows = users::unclaimed(conn, enterprise, domain, after, limit + 1)?;
    Ok(Page::of(rows, limit, |row| row.pk.0))
}

/// What became of inviting the unclaimed accounts of a domain.
#[derive(Debug)]
pub struct InvitedUnclaimed {
    /// The result for each address.
    pub results: Vec<Invited>,
    /// Whether there are more of them than one call invites.
    pub more: bool,
}

/// Invites the unclaimed accounts of a domain that have no pending invitation, as many as one call
/// may invite.
///
/// # Errors
/// Fails if the domain or the target does not exist, or the domain is not verified.
pub fn invite_unclaimed(
    transaction: &mut Transaction<'_>,
    enterprise: AccountPk,
    public_url: &str,
    id: &str,
    target: &Target,
) -> Result<InvitedUnclaimed> {
    let domain = require_verified(transaction, enterprise, id)?;
    let (mut emails, mut after, mut more) = (Vec::new(), 0, false);
    let limit = i64::try_from(MOST_ADDRESSES).unwrap_or(i64::MAX);
    loop {
        let page = unclaimed_after(transaction, enterprise, &domain.name, after, limit)?;
        let keys: Vec<String> = page.items.iter().map(|one| address::key(&one.email)).collect();
        let pending = stored::pending_for(transaction, enterprise, &keys)?;
        let pending: HashSet<String> =
            pending.iter().map(|invitation| address::key(&invitation.email)).collect();
        let new = page.items.into_iter().map(|one| one.email);
        emails.extend(new.filter(|email| !pending.contains(&address::key(email))));
        match page.next {
            Some(next) if emails.len() < MOST_ADDRESSES => after = next,
            next => {
                more |= next.is_some() || emails.len() > MOST_ADDRESSES;
                break;
            }
        }
    }
    emails.truncate(MOST_ADDRESSES);
    let results = if emails.is_empty() {
        Vec::new()
    } else {
        invitations::create_many(transaction, enterprise, public_url, &emails, target)?
    };
    Ok(InvitedUnclaimed { results, more })
}

/// How many people have an address in the account's verified domains.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DomainUsers {
    /// The number of active members with an address in one of the domains.
    pub managed: i64,
    /// The number of people with a proved address in one of them who are not members.
    pub unclaimed: i64,
    /// The numbers for each domain: managed and unclaimed.
    pub domains: Vec<(DomainRow, i64, i64)>,
}

/// Counts the people with an address in the account's verified domains. Somebody with addresses in
/// two domains counts in both, and once in all.
pub fn count_users(conn: &mut Conn, enterprise: AccountPk) -> Result<DomainUsers> {
    let mut verified = domains::find(conn, enterprise, 0, MOST)?;
    verified.retain(|row| row.verified_at.is_some());
    let mut managed: HashMap<String, i64> =
        verified.iter().map(|row| (row.name.clone(), 0)).collect();
    member_lookups::visit_active_addresses(conn, enterprise, |email| {
        if let Some(count) = address::domain(email).and_then(|name| managed.get_mut(&name)) {
            *count += 1;
        }
    })?;
    let names: Vec<String> = verified.iter().map(|row| row.name.clone()).collect();
    let unclaimed = users::count_unclaimed(conn, enterprise, &names)?;
    let mut counted = Vec::with_capacity(verified.len());
    for row in verified {
        let here = users::count_unclaimed(conn, enterprise, std::slice::from_ref(&row.name))?;
        counted.push((managed.get(&row.name).copied().unwrap_or(0), here, row));
    }
    Ok(DomainUsers {
        managed: managed.values().sum(),
        unclaimed,
        domains: counted.into_iter().map(|(managed, here, row)| (row, managed, here)).collect(),
    })
}
