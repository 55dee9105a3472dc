//! Finds the members that share a user name or an address with given keys.

use diesel::prelude::*;
use diesel::sql_types::{Nullable, Text};

use super::connection::{Conn, on};
use super::error::StoreResult;
use super::tables::{member_emails, members};
use crate::enterprise::identity::Candidate;
use crate::enterprise::{AccountPk, MemberPk, MemberSource};

/// Returns every member that shares a user name or an address with one of the keys, with the shared
/// addresses, except for the member `except`.
pub fn of_keys(
    conn: &mut Conn,
    enterprise: AccountPk,
    keys: &[String],
    except: Option<MemberPk>,
) -> StoreResult<Vec<Candidate>> {
    let mut candidates: Vec<Candidate> = Vec::new();
    for key in keys {
        for (pk, source, user_name_key, email_key) in sharing(conn, enterprise, key)? {
            if Some(pk) == except {
                continue;
            }
            match candidates.iter_mut().find(|candidate| candidate.member == pk) {
                Some(known) => known.email_keys.extend(email_key),
                None => candidates.push(Candidate {
                    member: pk,
                    source,
                    user_name_key,
                    email_keys: email_key.into_iter().collect(),
                }),
            }
        }
    }
    Ok(candidates)
}

/// Row, source, folded user name, and the key if it is one of the member's addresses.
type Sharing = (MemberPk, MemberSource, String, Option<String>);

/// Returns the members that have this key as user name or address. A union in a single query, each
/// part of which uses its own index.
fn sharing(conn: &mut Conn, enterprise: AccountPk, key: &str) -> StoreResult<Vec<Sharing>> {
    Ok(on!(conn, connection => members::table
        .filter(members::enterprise_pk.eq(enterprise))
        .filter(members::user_name_key.eq(key))
        .select((
            members::pk,
            members::source,
            members::user_name_key,
            None::<String>.into_sql::<Nullable<Text>>(),
        ))
        .union_all(
            member_emails::table
                .inner_join(members::table)
                .filter(member_emails::enterprise_pk.eq(enterprise))
                .filter(member_emails::email_key.eq(key))
                .filter(member_emails::is_email.eq(true))
                .select((
                    members::pk,
                    members::source,
                    members::user_name_key,
                    member_emails::email_key.nullable(),
                )),
        )
        .limit(MOST_CANDIDATES)
        .load(connection))?)
}

/// Limits the work for a mailbox that very many members share.
const MOST_CANDIDATES: i64 = 1000;
