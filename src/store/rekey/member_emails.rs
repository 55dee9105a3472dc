//! Members' addresses. Only their keys have rows; the addresses are in the members' documents.

use std::collections::{BTreeMap, BTreeSet};

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Text};
use serde_json::Value;

use super::rewrite::{BATCH, at_once, lock};
use crate::enterprise::{AccountPk, MemberPk, address};
use crate::store::connection::{Conn, on};
use crate::store::error::StoreResult;
use crate::store::members as stored;
use crate::store::tables::{member_emails, members};

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = BigInt)]
    enterprise_pk: AccountPk,
    #[diesel(sql_type = Text)]
    email_key: String,
    #[diesel(sql_type = BigInt)]
    member_pk: MemberPk,
}

/// Rewrites the keys of members that have a key made by other rules.
pub(super) fn run(conn: &mut Conn) -> StoreResult<()> {
    let query = format!(
        "SELECT enterprise_pk, email_key, member_pk FROM member_emails \
         WHERE (email_key, enterprise_pk, member_pk) > ($1, $2, $3) \
         ORDER BY email_key, enterprise_pk, member_pk LIMIT {BATCH}"
    );
    let (mut enterprise, mut key, mut member) =
        (AccountPk(i64::MIN), String::new(), MemberPk(i64::MIN));
    loop {
        let rows: Vec<Row> = on!(conn, connection => sql_query(query.as_str())
            .bind::<Text, _>(&key)
            .bind::<BigInt, _>(enterprise)
            .bind::<BigInt, _>(member)
            .load(connection))?;
        let Some(last) = rows.last() else { return Ok(()) };
        (enterprise, key, member) = (last.enterprise_pk, last.email_key.clone(), last.member_pk);
        // A letter that lost its case may have lost more, so rewrite every key that is not ASCII.
        let is_other =
            |row: &&Row| !row.email_key.is_ascii() || address::key(&row.email_key) != row.email_key;
        let others: BTreeSet<MemberPk> =
            rows.iter().filter(is_other).map(|row| row.member_pk).collect();
        if !others.is_empty() {
            at_once(conn, |conn| others.iter().try_for_each(|member| put(conn, *member)))?;
        }
    }
}

fn put(conn: &mut Conn, member: MemberPk) -> StoreResult<()> {
    lock(conn, "members", member.0)?;
    let found: Option<(AccountPk, String, String)> = on!(conn, connection => members::table
        .filter(members::pk.eq(member))
        .select((members::enterprise_pk, members::user_name, members::document))
        .first(connection)
        .optional())?;
    // The member may have been deleted in the meantime.
    let Some((enterprise, user_name, document)) = found else { return Ok(()) };
    let former: Vec<(String, bool)> = on!(conn, connection => member_emails::table
        .filter(member_emails::member_pk.eq(member))
        .select((member_emails::email_key, member_emails::is_email))
        .load(connection))?;
    let addresses = addresses(&document);
    let mut keys: BTreeMap<String, bool> =
        stored::addresses(&user_name, &addresses).into_iter().collect();
    // Keep keys that the document does not explain.
    let known: BTreeSet<String> = addresses.iter().map(|email| former_key(email)).collect();
    for (key, is_email) in &former {
        if *is_email && !known.contains(key) {
            keys.insert(address::key(key), true);
        }
    }
    if former.into_iter().collect::<BTreeMap<_, _>>() == keys {
        return Ok(());
    }
    on!(conn, connection => diesel::delete(member_emails::table)
        .filter(member_emails::member_pk.eq(member))
        .execute(connection))?;
    for (key, is_email) in keys {
        on!(conn, connection => diesel::insert_into(member_emails::table)
            .values((
                member_emails::enterprise_pk.eq(enterprise),
                member_emails::email_key.eq(key),
                member_emails::member_pk.eq(member),
                member_emails::is_email.eq(is_email),
            ))
            .execute(connection))?;
    }
    Ok(())
}

fn addresses(document: &str) -> Vec<String> {
    let document: Value = serde_json::from_str(document).unwrap_or_default();
    let emails = document.get("emails").and_then(Value::as_array).into_iter().flatten();
    let values = emails.filter_map(|email| email.get("value")?.as_str());
    values.map(str::to_owned).collect()
}

/// The rule from before rules had versions: each letter in lower case, and one form of sigma.
fn former_key(email: &str) -> String {
    let lower = email.chars().flat_map(char::to_lowercase);
    lower.map(|letter| if letter == 'ς' { 'σ' } else { letter }).collect()
}
