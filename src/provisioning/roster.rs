//! Writes the members of a group as JSON directly from their rows, so that a large group is never
//! in memory as a whole.

use std::ops::ControlFlow;

use super::memberships::MEMBERS;
use super::{Directory, ProvisioningError};
use crate::enterprise::{MemberPk, TeamPk};
use crate::scim::projection::Projection;
use crate::store::rosters::{self, RosterEntry};
use crate::store::teams::TeamRow;
use crate::store::{Conn, StoreError};

type Result<T> = std::result::Result<T, ProvisioningError>;

/// Rows per query.
const PAGE: i64 = 1000;

/// The members of a group in one version, still to be read.
#[derive(Clone, Debug, PartialEq)]
pub struct Roster {
    team: TeamPk,
    version: i64,
    /// The URL of a user without the id.
    users: String,
    value: bool,
    reference: bool,
    display: bool,
    kind: bool,
}

impl Roster {
    /// Creates the roster of a team with the sub-attributes that the projection includes; `None` if
    /// it includes none.
    pub fn new(directory: &Directory, row: &TeamRow, projection: &Projection) -> Option<Self> {
        let includes = |part: &str| projection.includes_part(None, MEMBERS, part);
        let roster = Self {
            team: row.pk,
            version: row.version,
            users: format!("{}/Users/", directory.base_url),
            value: includes("value"),
            reference: includes("$ref"),
            display: includes("display"),
            kind: includes("type"),
        };
        (roster.value || roster.reference || roster.display || roster.kind).then_some(roster)
    }

    /// Writes the attribute `members` with a leading comma; it is an empty list if there are no
    /// members. Starts after the member `last`, if given, and passes each chunk of text to `send`.
    /// Returns the last member written if `send` breaks off, `None` at the end.
    ///
    /// # Errors
    /// Returns [`StoreError::Conflict`] if the group is no longer in that version.
    pub fn write(
        &self,
        conn: &mut Conn,
        mut last: Option<MemberPk>,
        text: &mut Text,
        mut send: impl FnMut(Vec<u8>) -> ControlFlow<()>,
    ) -> Result<Option<MemberPk>> {
        if rosters::version(conn, self.team)? != Some(self.version) {
            return Err(StoreError::Conflict.into());
        }
        loop {
            let (mut seen, mut stopped) = (0, false);
            rosters::visit(conn, self.team, last.map_or(0, |member| member.0), PAGE, |member| {
                text.push(if last.is_none() { ",\"members\":[" } else { "," });
                self.member(&member, text)?;
                (seen, last) = (seen + 1, Some(member.member_pk));
                let flow = text.take_long().map_or(ControlFlow::Continue(()), &mut send);
                stopped = flow.is_break();
                Ok::<_, ProvisioningError>(flow)
            })?;
            if stopped {
                return Ok(last);
            }
            if seen < PAGE {
                text.push(if last.is_some() { "]" } else { ",\"members\":[]" });
                return Ok(None);
            }
        }
    }

    fn member(&self, member: &RosterEntry, text: &mut Text) -> Result<()> {
        let mut before = "{";
        if self.value {
            text.push(before);
            text.push("\"value\":");
            text.string(&[&member.id])?;
            before = ",";
        }
        if self.reference {
            text.push(before);
            text.push("\"$ref\":");
            text.string(&[&self.users, &member.id])?;
            before = ",";
        }
        if self.display {
            text.push(before);
            text.push("\"display\":");
            text.string(&[&member.display])?;
            before = ",";
        }
        if self.kind {
            text.push(before);
            text.push("\"type\":\"User\"");
        }
        text.push("}");
        Ok(())
    }
}

/// A text buffer that is emptied piece by piece.
#[derive(Debug, Default)]
pub struct Text(Vec<u8>);

impl Text {
    /// The approximate size of a piece, large enough to make the overhead of sending it negligible.
    pub const PIECE: usize = 64 * 1024;

    pub fn push(&mut self, text: &str) {
        if self.0.capacity() == 0 {
            self.0.reserve(Self::PIECE + Self::PIECE / 16);
        }
        self.0.extend_from_slice(text.as_bytes());
    }

    /// Appends a JSON string that is the concatenation of the parts.
    fn string(&mut self, parts: &[&str]) -> Result<()> {
        let start = self.0.len();
        for part in parts {
            // Each part is written as a string of its own; then the two quotes at the joint are
            // removed.
            let joint = self.0.len();
            serde_json::to_writer(&mut self.0, part)
                .map_err(|error| StoreError::Damaged(error.to_string()))?;
            if joint > start {
                self.0.drain(joint - 1..=joint);
            }
        }
        Ok(())
    }

    /// Takes the text if it is long enough for a piece.
    pub fn take_long(&mut self) -> Option<Vec<u8>> {
        (self.0.len() >= Self::PIECE).then(|| std::mem::take(&mut self.0))
    }

    /// Returns the remaining text.
    pub fn into_bytes(self) -> Vec<u8> {
        self.0
    }
}
