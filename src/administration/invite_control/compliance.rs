//! Members and invitations that do not comply with invite control, now or after a change.
//!
//! The rules of the organizations that a member can access apply, or the account's rule if the
//! member can access no organization. Owners are exempt, because the account is theirs. Provisioned
//! members are checked only if invite control binds provisioning.

use std::collections::HashMap;

use super::{Result, load};
use crate::administration::{AdministrationError, Page, organizations};
use crate::enterprise::invite_control::{Controls, InviteControl, Override, Subject, Violation};
use crate::enterprise::{AccountPk, InvitationPk, MemberPk, MemberSource, Role, Timestamp};
use crate::store::invite_control::{self, ControlledMember};
use crate::store::{Conn, StoreResult, access, enterprises, invitation_targets};

/// The number of rows read by one query.
const CHUNK: i64 = 500;
/// The maximum number of chunks read for one page. A page may therefore be short or empty and still
/// have a next page.
const CHUNKS: usize = 20;
/// The maximum number of members and invitations that a preview names.
const NAMED: usize = 100;

/// The kind of a non-compliant entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A member.
    Member,
    /// A pending invitation.
    Invitation,
}

/// A member or a pending invitation that does not comply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NonCompliant {
    /// Whether it is a member or an invitation.
    pub kind: Kind,
    /// The public id of the member or the invitation.
    pub id: String,
    /// The email address that was checked.
    pub email: String,
    /// All rules that it violates.
    pub violations: Vec<Violation>,
}

/// The members and invitations that comply now and would not after a change.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Preview {
    /// The number of members.
    pub members: i64,
    /// The number of pending invitations.
    pub invitations: i64,
    /// The first of them, at most 100.
    pub first: Vec<NonCompliant>,
}

/// Lists non-compliant members, then non-compliant pending invitations. `after` is a position from
/// an earlier page.
pub fn non_compliant(
    conn: &mut Conn,
    enterprise: AccountPk,
    now: Timestamp,
    after: i64,
    limit: i64,
) -> Result<Page<NonCompliant>> {
    let look = Scan::new(conn, enterprise, now)?;
    if look.controls.allow_all() {
        return Ok(Page { items: Vec::new(), next: None });
    }
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let (mut items, mut position) = (Vec::new(), Position::decode(after));
    for _ in 0..CHUNKS {
        let (found, next) = look.chunk(conn, position, &[&look.controls])?;
        for (at, mut verdicts) in found {
            if let Some(item) = verdicts.pop().flatten() {
                items.push(item);
            }
            if items.len() == limit {
                return Ok(Page { items, next: Some(at.encode()) });
            }
        }
        match next {
            Some(next) => position = next,
            None => return Ok(Page { items, next: None }),
        }
    }
    Ok(Page { items, next: Some(position.encode()) })
}

/// Returns what a new rule would make non-compliant. Without `organization` it is the account's
/// rule; without `control` the organization gets the account's rule.
///
/// # Errors
/// Fails if the organization does not exist, or both arguments are `None`.
pub fn preview(
    conn: &mut Conn,
    enterprise: AccountPk,
    now: Timestamp,
    organization: Option<&str>,
    control: Option<InviteControl>,
) -> Result<Preview> {
    let look = Scan::new(conn, enterprise, now)?;
    let mut after = look.controls.clone();
    match (organization, control) {
        (Some(id), control) => {
            let organization = organizations::require(conn, enterprise, id)?;
            after.organizations.remove(id);
            if let Some(control) = control {
                let own = Override { name: organization.name, control };
                after.organizations.insert(organization.id, own);
            }
        }
        (None, Some(control)) => after.account = control,
        (None, None) => {
            return Err(AdministrationError::InvalidValue {
                field: "rule",
                reason: "needed for the account; only an organization can do without one"
                    .to_owned(),
            });
        }
    }
    let (mut preview, mut position) = (Preview::default(), Position::START);
    loop {
        let (found, next) = look.chunk(conn, position, &[&look.controls, &after])?;
        for (_, verdicts) in found {
            if let [None, Some(item)] = &verdicts[..] {
                match item.kind {
                    Kind::Member => preview.members += 1,
                    Kind::Invitation => preview.invitations += 1,
                }
                if preview.first.len() < NAMED {
                    preview.first.push(item.clone());
                }
            }
        }
        match next {
            Some(next) => position = next,
            None => return Ok(preview),
        }
    }
}

/// A position in the list: after this row of this kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Position {
    kind: Kind,
    row: i64,
}

impl Position {
    const START: Self = Self { kind: Kind::Member, row: 0 };

    /// Encodes the position as the number that a cursor carries; the lowest bit is the kind.
    const fn encode(self) -> i64 {
        self.row.saturating_mul(2).saturating_add(match self.kind {
            Kind::Member => 0,
            Kind::Invitation => 1,
        })
    }

    const fn decode(number: i64) -> Self {
        let kind = if number % 2 == 0 { Kind::Member } else { Kind::Invitation };
        Self { kind, row: number / 2 }
    }
}

/// Checked entries: the position of each, and its verdict under each set of rules.
type Seen = Vec<(Position, Vec<Option<NonCompliant>>)>;

/// A scan of an account's members and invitations.
struct Scan {
    enterprise: AccountPk,
    now: Timestamp,
    controls: Controls,
    binds_scim: bool,
}

impl Scan {
    fn new(conn: &mut Conn, enterprise: AccountPk, now: Timestamp) -> StoreResult<Self> {
        let controls = load(conn, enterprise)?;
        let binds_scim = enterprises::get(conn, enterprise)?.invite_control_binds_scim;
        Ok(Self { enterprise, now, controls, binds_scim })
    }

    /// Checks the next chunk under each set of rules and returns it with the position of the
    /// following chunk.
    fn chunk(
        &self,
        conn: &mut Conn,
        position: Position,
        rules: &[&Controls],
    ) -> StoreResult<(Seen, Option<Position>)> {
        match position.kind {
            Kind::Member => {
                let rows = invite_control::members(conn, self.enterprise, position.row, CHUNK)?;
                let next = match rows.last() {
                    Some(last) => Position { kind: Kind::Member, row: last.pk.0 },
                    None => Position { kind: Kind::Invitation, row: 0 },
                };
                Ok((self.members(conn, rows, rules)?, Some(next)))
            }
            Kind::Invitation => {
                let rows = invite_control::pending(conn, self.enterprise, position.row, CHUNK)?;
                let next =
                    rows.last().map(|(pk, ..)| Position { kind: Kind::Invitation, row: pk.0 });
                Ok((self.invitations(conn, rows, rules)?, next))
            }
        }
    }

    fn members(
        &self,
        conn: &mut Conn,
        mut rows: Vec<ControlledMember>,
        rules: &[&Controls],
    ) -> StoreResult<Seen> {
        rows.retain(|row| {
            row.role != Role::Owner
                && (self.binds_scim || row.source != MemberSource::Scim)
                && is_suspect(rules, Subject::Member, &row.email)
        });
        let pks: Vec<MemberPk> = rows.iter().map(|row| row.pk).collect();
        let mut reach: HashMap<MemberPk, Vec<String>> = HashMap::new();
        for (pk, grant) in access::of_members(conn, &pks)? {
            reach.entry(pk).or_default().push(grant.subject.id);
        }
        let judged = rows.into_iter().map(|row| {
            let reached = reach.remove(&row.pk).unwrap_or_default();
            let at = Position { kind: Kind::Member, row: row.pk.0 };
            (at, judge(rules, Kind::Member, &row.id, &row.email, &reached))
        });
        Ok(judged.collect())
    }

    fn invitations(
        &self,
        conn: &mut Conn,
        mut rows: Vec<(InvitationPk, String, String, Timestamp)>,
        rules: &[&Controls],
    ) -> StoreResult<Seen> {
        rows.retain(|(_, _, email, expires_at)| {
            *expires_at > self.now && is_suspect(rules, Subject::Invited, email)
        });
        let pks: Vec<InvitationPk> = rows.iter().map(|(pk, ..)| *pk).collect();
        let mut reach: HashMap<InvitationPk, Vec<String>> = HashMap::new();
        for target in invitation_targets::organizations_of(conn, &pks)? {
            reach.entry(target.invitation_pk).or_default().push(target.id);
        }
        for (pk, organization) in invitation_targets::organizations_through_teams(conn, &pks)? {
            reach.entry(pk).or_default().push(organization);
        }
        let judged = rows.into_iter().map(|(pk, id, email, _)| {
            let reached = reach.remove(&pk).unwrap_or_default();
            let at = Position { kind: Kind::Invitation, row: pk.0 };
            (at, judge(rules, Kind::Invitation, &id, &email, &reached))
        });
        Ok(judged.collect())
    }
}

/// Returns `true` if an address may violate a rule, depending on what it can access. Most addresses
/// comply everywhere, and their access need not be loaded.
fn is_suspect(rules: &[&Controls], subject: Subject, email: &str) -> bool {
    rules.iter().any(|controls| !controls.complies_everywhere(subject, email))
}

fn judge(
    rules: &[&Controls],
    kind: Kind,
    id: &str,
    email: &str,
    reach: &[String],
) -> Vec<Option<NonCompliant>> {
    let subject = match kind {
        Kind::Member => Subject::Member,
        Kind::Invitation => Subject::Invited,
    };
    let verdict = |controls: &&Controls| {
        let violations = controls.violations(subject, email, reach.iter().map(String::as_str));
        (!violations.is_empty()).then(|| NonCompliant {
            kind,
            id: id.to_owned(),
            email: email.to_owned(),
            violations,
        })
    };
    rules.iter().map(verdict).collect()
}
