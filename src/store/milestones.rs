//! Finds the row at a position in the directory. Members are in the order of their rows, which is
//! the order of creation. A database finds the millionth of them by stepping over all before it.
//! Every 1024th member is a milestone that counts the deletions in its stretch, so that only the
//! milestones are stepped over, and one stretch at most.

use diesel::prelude::*;

use super::connection::{Conn, on};
use super::error::StoreResult;
use super::tables::member_milestones;
use crate::enterprise::AccountPk;

/// The number of members created between two milestones. The migration contains the same number.
const STRETCH: i64 = 1024;

/// Returns the row from which to count a position of the account's members, and how many to count.
pub(super) fn nearest(
    conn: &mut Conn,
    enterprise: AccountPk,
    position: i64,
) -> StoreResult<(i64, i64)> {
    if position < STRETCH {
        return Ok((0, position));
    }
    let milestones: Vec<(i64, i64)> = on!(conn, connection => member_milestones::table
        .filter(member_milestones::enterprise_pk.eq(enterprise))
        .order(member_milestones::first_pk)
        .select((member_milestones::first_pk, member_milestones::gone))
        .load(connection))?;
    Ok(place(&milestones, position))
}

fn place(milestones: &[(i64, i64)], position: i64) -> (i64, i64) {
    let (mut from, mut rest) = (0, position);
    for (number, (first, gone)) in milestones.iter().enumerate() {
        from = *first;
        let here = STRETCH - gone;
        // The last stretch has no end yet.
        if rest < here || number + 1 == milestones.len() {
            break;
        }
        rest -= here;
    }
    (from, rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_milestone_before_a_position_is_found_whatever_has_gone() {
        let milestones = [(7, 0), (2000, 24), (5000, 1024), (9000, 0)];
        assert_eq!(place(&milestones, 1023), (7, 1023));
        assert_eq!(place(&milestones, 1024), (2000, 0));
        assert_eq!(place(&milestones, 1024 + 999), (2000, 999));
        assert_eq!(place(&milestones, 1024 + 1000), (9000, 0), "nobody is left of the third");
        assert_eq!(place(&milestones, 10_000), (9000, 10_000 - 2024), "beyond the end");
        assert_eq!(place(&[], 5), (0, 5));
    }
}
