//! Looks up what is found by the beginning of a word: in the table of terms, and in the indexes of
//! names and addresses that there are anyway. Each look-up reads a bounded part of each index, in
//! alphabetical order, whatever the number of things.

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Text};

use super::cached_statement::cached;
use super::connection::{Conn, on, storable};
use super::error::StoreResult;
use super::tables::search_terms;
use crate::enterprise::AccountPk;
use crate::enterprise::search::{Findable, Terms};

/// The account of what belongs to the server.
pub const SERVER: AccountPk = AccountPk(0);

/// The place of a thing in the alphabetical order of terms.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, QueryableByName)]
pub struct Hit {
    /// The term that leads to the thing.
    #[diesel(sql_type = Text)]
    pub term: String,
    /// The row of the thing.
    #[diesel(sql_type = BigInt)]
    pub pk: i64,
}

/// An index that leads from terms to rows, as SQL fragments.
struct Index {
    table: &'static str,
    /// The column of the terms.
    term: &'static str,
    /// The condition that selects the account's rows, `$1` for the account; empty for a table that
    /// belongs to no account.
    scope: &'static str,
}

/// What can be searched for, and the indexes that lead to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Things with stored terms.
    Stored(Findable),
    /// Invitations, by address.
    Invitation,
}

const ACCOUNT: &str = "enterprise_pk = $1";
const EVERYWHERE: &str = "";

/// The index of the stored terms of one kind.
const fn terms(scope: &'static str) -> Index {
    Index { table: "search_terms", term: "term", scope }
}

const MEMBERS: &[Index] = &[
    terms("enterprise_pk = $1 AND kind = 'member'"),
    Index { table: "members", term: "user_name_key", scope: ACCOUNT },
    Index { table: "members", term: "display_name_key", scope: ACCOUNT },
];
const TEAMS: &[Index] = &[
    terms("enterprise_pk = $1 AND kind = 'team'"),
    Index { table: "teams", term: "name_key", scope: ACCOUNT },
];
const ORGANIZATIONS: &[Index] = &[
    terms("enterprise_pk = $1 AND kind = 'organization'"),
    Index { table: "organizations", term: "name_key", scope: ACCOUNT },
];
const ACCOUNTS: &[Index] = &[
    terms("enterprise_pk = $1 AND kind = 'account'"),
    Index { table: "enterprises", term: "name_key", scope: EVERYWHERE },
];
const CODES: &[Index] = &[
    terms("enterprise_pk = $1 AND kind = 'code'"),
    Index { table: "activation_codes", term: "customer_key", scope: EVERYWHERE },
];
const INVITATIONS: &[Index] = &[Index { table: "invitations", term: "email_key", scope: ACCOUNT }];

impl Kind {
    const fn indexes(self) -> &'static [Index] {
        match self {
            Self::Stored(Findable::Member) => MEMBERS,
            Self::Stored(Findable::Team) => TEAMS,
            Self::Stored(Findable::Organization) => ORGANIZATIONS,
            Self::Stored(Findable::Account) => ACCOUNTS,
            Self::Stored(Findable::Code) => CODES,
            Self::Invitation => INVITATIONS,
        }
    }

    /// Returns the statements that look the kind up, each by one index. Parameters: the account,
    /// unless the table belongs to none, the end of the terms, the last term and row of the page
    /// before, and the number of rows.
    pub fn statements(self) -> impl Iterator<Item = String> {
        self.indexes().iter().map(Index::statement)
    }
}

impl Index {
    const fn is_of_account(&self) -> bool {
        !self.scope.is_empty()
    }

    fn statement(&self) -> String {
        let Self { table, term, scope } = self;
        // SQLite numbers parameters in the order in which they come.
        if self.is_of_account() {
            format!(
                "SELECT {term} AS term, pk FROM {table} WHERE {scope} AND {term} < $2 \
                 AND ({term}, pk) > ($3, $4) ORDER BY {term}, pk LIMIT $5"
            )
        } else {
            format!(
                "SELECT {term} AS term, pk FROM {table} WHERE {term} < $1 \
                 AND ({term}, pk) > ($2, $3) ORDER BY {term}, pk LIMIT $4"
            )
        }
    }

    fn hits(
        &self,
        conn: &mut Conn,
        account: AccountPk,
        (end, after): (&str, &Hit),
        limit: i64,
    ) -> StoreResult<Vec<Hit>> {
        let statement = self.statement();
        Ok(if self.is_of_account() {
            on!(conn, connection => cached(sql_query(statement)
                .bind::<BigInt, _>(account)
                .bind::<Text, _>(end)
                .bind::<Text, _>(&after.term)
                .bind::<BigInt, _>(after.pk)
                .bind::<BigInt, _>(limit))
                .load(connection))?
        } else {
            on!(conn, connection => cached(sql_query(statement)
                .bind::<Text, _>(end)
                .bind::<Text, _>(&after.term)
                .bind::<BigInt, _>(after.pk)
                .bind::<BigInt, _>(limit))
                .load(connection))?
        })
    }
}

/// Returns where the index leads to things of the account with a term that begins so, after this
/// place, in alphabetical order.
pub fn find(
    conn: &mut Conn,
    account: AccountPk,
    kind: Kind,
    (beginning, after): (&str, Option<&Hit>),
    limit: i64,
) -> StoreResult<Vec<Hit>> {
    let Some(end) = successor(beginning).filter(|_| storable(beginning)) else {
        return Ok(Vec::new());
    };
    let start = Hit { term: beginning.to_owned(), pk: i64::MIN };
    let after = after.filter(|after| **after > start && storable(&after.term)).unwrap_or(&start);
    let mut found: Vec<Hit> = Vec::new();
    for index in kind.indexes() {
        found.extend(index.hits(conn, account, (end.as_str(), after), limit)?);
    }
    found.sort_unstable();
    found.dedup();
    found.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok(found)
}

/// Stores the terms of a new thing. What is stored already stays.
pub fn insert(
    conn: &mut Conn,
    account: AccountPk,
    kind: Findable,
    pk: i64,
    terms: &Terms,
) -> StoreResult<()> {
    for term in terms.stored() {
        put(conn, account, kind, pk, term)?;
    }
    Ok(())
}

fn put(
    conn: &mut Conn,
    account: AccountPk,
    kind: Findable,
    pk: i64,
    term: &str,
) -> StoreResult<()> {
    on!(conn, connection => diesel::insert_into(search_terms::table)
        .values((
            search_terms::enterprise_pk.eq(account),
            search_terms::kind.eq(kind),
            search_terms::term.eq(term),
            search_terms::pk.eq(pk),
        ))
        .on_conflict_do_nothing()
        .execute(connection))?;
    Ok(())
}

/// Stores the terms of a thing that has changed. Only those that differ are written.
pub fn change(
    conn: &mut Conn,
    account: AccountPk,
    kind: Findable,
    pk: i64,
    (before, after): (&Terms, &Terms),
) -> StoreResult<()> {
    for term in before.stored().iter().filter(|term| !after.stored().contains(term)) {
        forget(conn, account, kind, pk, term)?;
    }
    for term in after.stored().iter().filter(|term| !before.stored().contains(term)) {
        put(conn, account, kind, pk, term)?;
    }
    Ok(())
}

/// Removes the terms of a thing that goes.
pub fn remove(
    conn: &mut Conn,
    account: AccountPk,
    kind: Findable,
    pk: i64,
    terms: &Terms,
) -> StoreResult<()> {
    change(conn, account, kind, pk, (terms, &Terms::default()))
}

fn forget(
    conn: &mut Conn,
    account: AccountPk,
    kind: Findable,
    pk: i64,
    term: &str,
) -> StoreResult<()> {
    on!(conn, connection => diesel::delete(search_terms::table)
        .filter(search_terms::enterprise_pk.eq(account))
        .filter(search_terms::kind.eq(kind))
        .filter(search_terms::term.eq(term))
        .filter(search_terms::pk.eq(pk))
        .execute(connection))?;
    Ok(())
}

/// Returns the smallest text that is greater than every text with this prefix.
pub(super) fn successor(prefix: &str) -> Option<String> {
    let mut characters: Vec<char> = prefix.chars().collect();
    while let Some(last) = characters.pop() {
        let next = (last as u32 + 1..=char::MAX as u32).find_map(char::from_u32);
        if let Some(next) = next {
            characters.push(next);
            return Some(characters.into_iter().collect());
        }
    }
    None
}
