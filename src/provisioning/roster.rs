//! The members of a group as JSON, written straight from their rows: of a large group nothing else
//! ever exists.

use std::ops::ControlFlow;

use super::memberships::MEMBERS;
use super::{Directory, ProvisioningError};
use crate::enterprise::{MemberPk, TeamPk};
use crate::scim::projection::Projection;
use crate::store::rosters::{self, RosterEntry};
use crate::store::teams::TeamRow;
use crate::store::{Conn, StoreError};

type Result<T> = std::result::Result<T, ProvisioningError>;

/// Rows of one query.
const PAGE: i64 = 1000;

/// The members that a group has in one version, not read yet.
#[derive(Clone, Debug, PartialEq)]
pub struct Roster {
    team: TeamPk,
    version: i64,
    /// The addresses of users up to their ids.
    users: String,
    value: bool,
    reference: bool,
    display: bool,
    kind: bool,
}

impl Roster {
    /// The members of this team, with what the projection includes of each; none if that is
    /// nothing.
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

    /// Writes the attribute with the comma before it, an empty list if there are no members. Begins
    /// after the row of the member that was written last, if one was, and gives every text that is
    /// long enough to `send`. Returns that row if `send` breaks off, nothing at the end.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] if the group is not in that version any more; the database's.
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

/// A text that grows, and is given away in pieces.
#[derive(Debug, Default)]
pub struct Text(Vec<u8>);

impl Text {
    /// How long a piece is, more or less: long enough for the way to the client to cost little.
    pub const PIECE: usize = 64 * 1024;

    /// Appends.
    pub fn push(&mut self, text: &str) {
        if self.0.capacity() == 0 {
            self.0.reserve(Self::PIECE + Self::PIECE / 16);
        }
        self.0.extend_from_slice(text.as_bytes());
    }

    /// Appends a JSON string of these parts.
    fn string(&mut self, parts: &[&str]) -> Result<()> {
        let start = self.0.len();
        for part in parts {
            // Each part as a string of its own; then the quotes between two go.
            let joint = self.0.len();
            serde_json::to_writer(&mut self.0, part)
                .map_err(|error| StoreError::Damaged(error.to_string()))?;
            if joint > start {
                self.0.drain(joint - 1..=joint);
            }
        }
        Ok(())
    }

    /// What there is, if it is long enough for a piece.
    pub fn take_long(&mut self) -> Option<Vec<u8>> {
        (self.0.len() >= Self::PIECE).then(|| std::mem::take(&mut self.0))
    }

    /// What there is.
    pub fn into_bytes(self) -> Vec<u8> {
        self.0
    }
}
