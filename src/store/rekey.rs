//! Updates the keys in a database to the rules of this binary. SQL cannot do that: only
//! [`crate::spelling`] knows which spellings of a name are equal.
//!
//! Only rows whose key changes are written. If two rows had different keys and now have the same
//! one, both stay: the later one gets a key of its own, and the conflict is recorded for people to
//! resolve.

mod member_emails;
mod rewrite;
mod terms;
mod user_addresses;

use diesel::prelude::*;

use self::rewrite::{ALWAYS, EVERYWHERE, Keys, NEVER, rewrite, settle};
use super::connection::{Conn, on};
use super::error::StoreResult;
use super::name_conflicts;
use super::tables::key_versions;
use crate::enterprise::name::Named;
use crate::enterprise::{address, name};

/// The version of the rules. It is incremented with each change of [`crate::spelling`] that changes
/// a key, and with each change of the terms by which things are found. Nodes show it in the names of
/// their connections ([`super::source`]).
pub(super) const VERSION: i64 = 2;

/// How far the database follows the rules.
#[derive(PartialEq)]
enum Noted {
    /// It follows those of an earlier release.
    Nothing,
    /// It did, but nodes of an earlier release were at work, which go on by theirs. This is noted as
    /// the negative number of the rules, which earlier releases pass over.
    ForNow,
    /// It follows them, and nobody writes by others.
    ForGood,
}

/// Rewrites every key that was made by other rules, unless that is done, and gives rows that were
/// kept apart the key of their name if no other row has it any more.
///
/// # Errors
/// If a query fails, what was written before stays, and the next run writes the rest.
pub fn run(conn: &mut Conn, is_alone: bool) -> StoreResult<()> {
    follow(conn, is_alone)?;
    for conflict in name_conflicts::all(conn)? {
        if let Some(keys) = UNIQUE.iter().find(|keys| keys.kind == conflict.kind) {
            settle(conn, keys, &conflict.subject_id)?;
        }
    }
    Ok(())
}

/// Rewrites every key that was made by other rules, and stores the terms that are missing, unless
/// that is done. While nodes of an earlier release are at work (`is_alone` is false), it is done once
/// for now, and once more when they are gone. Costs two look-ups if there is nothing to do. Returns
/// whether there was.
///
/// # Errors
/// The same as [`run`].
pub fn follow(conn: &mut Conn, is_alone: bool) -> StoreResult<bool> {
    let noted = noted(conn)?;
    let is_due = match (&noted, is_alone) {
        (Noted::Nothing, _) | (Noted::ForNow, true) => true,
        (Noted::ForNow, false) | (Noted::ForGood, true) => false,
        // A node of an earlier release has come back.
        (Noted::ForGood, false) => {
            note(conn, -VERSION)?;
            forget(conn, VERSION)?;
            false
        }
    };
    if !is_due {
        return Ok(false);
    }
    for keys in UNIQUE.into_iter().chain(OTHERS) {
        rewrite(conn, keys)?;
    }
    member_emails::run(conn)?;
    user_addresses::run(conn)?;
    terms::run(conn)?;
    if is_alone {
        note(conn, VERSION)?;
        forget(conn, -VERSION)?;
    } else {
        note(conn, -VERSION)?;
    }
    Ok(true)
}

fn noted(conn: &mut Conn) -> StoreResult<Noted> {
    let newest: Option<i64> = on!(conn, connection => key_versions::table
        .select(diesel::dsl::max(key_versions::version))
        .first(connection))?;
    if newest >= Some(VERSION) {
        return Ok(Noted::ForGood);
    }
    let for_now: i64 = on!(conn, connection => key_versions::table
        .filter(key_versions::version.eq(-VERSION))
        .count()
        .get_result(connection))?;
    Ok(if for_now == 0 { Noted::Nothing } else { Noted::ForNow })
}

fn note(conn: &mut Conn, version: i64) -> StoreResult<()> {
    on!(conn, connection => diesel::insert_into(key_versions::table)
        .values(key_versions::version.eq(version))
        .on_conflict_do_nothing()
        .execute(connection))?;
    Ok(())
}

fn forget(conn: &mut Conn, version: i64) -> StoreResult<()> {
    on!(conn, connection => diesel::delete(key_versions::table)
        .filter(key_versions::version.eq(version))
        .execute(connection))?;
    Ok(())
}

/// Keys that have to be unique.
const UNIQUE: [&Keys; 7] =
    [&ENTERPRISES, &ORGANIZATIONS, &TEAMS, &MEMBERS, &USERS, &INVITATIONS, &ACTIVATION_CODES];
/// Keys that need not be unique.
const OTHERS: [&Keys; 4] = [&DISPLAY_NAMES, &TRANSFERS, &SIGN_UPS, &SIGN_IN_LINKS];

const ENTERPRISES: Keys = Keys {
    table: "enterprises",
    account: EVERYWHERE,
    id: "id",
    text: "name",
    key: "name_key",
    unique: ALWAYS,
    kind: Named::Account,
    make: name::key,
};

const ORGANIZATIONS: Keys = Keys {
    table: "organizations",
    account: "enterprise_pk",
    id: "id",
    text: "name",
    key: "name_key",
    unique: ALWAYS,
    kind: Named::Organization,
    make: name::key,
};

const TEAMS: Keys = Keys {
    table: "teams",
    account: "enterprise_pk",
    id: "id",
    text: "name",
    key: "name_key",
    unique: ALWAYS,
    kind: Named::Team,
    make: name::key,
};

const MEMBERS: Keys = Keys {
    table: "members",
    account: "enterprise_pk",
    id: "id",
    text: "user_name",
    key: "user_name_key",
    unique: ALWAYS,
    kind: Named::Member,
    make: name::user_key,
};

const DISPLAY_NAMES: Keys = Keys {
    text: "display_name",
    key: "display_name_key",
    unique: NEVER,
    make: name::key,
    ..MEMBERS
};

const USERS: Keys = Keys {
    table: "users",
    account: EVERYWHERE,
    id: "id",
    text: "email",
    key: "email_key",
    unique: ALWAYS,
    kind: Named::Person,
    make: address::key,
};

const INVITATIONS: Keys = Keys {
    table: "invitations",
    account: "enterprise_pk",
    id: "id",
    text: "email",
    key: "email_key",
    unique: "state = 'pending'",
    kind: Named::Invitation,
    make: address::key,
};

const ACTIVATION_CODES: Keys = Keys {
    table: "activation_codes",
    account: EVERYWHERE,
    id: "id",
    text: "customer",
    key: "customer_key",
    unique: "state = 'issued'",
    kind: Named::ActivationCode,
    make: name::key,
};

const TRANSFERS: Keys = addresses("organization_transfers", "email");
const SIGN_UPS: Keys = addresses("sign_ups", "email");
const SIGN_IN_LINKS: Keys = addresses("sign_in_links", "email");

const fn addresses(table: &'static str, text: &'static str) -> Keys {
    Keys { table, text, id: "email_key", unique: NEVER, ..USERS }
}
