//! Judges users of a list as a request that creates them would.

use std::collections::HashSet;

use serde_json::{Value, json};

use super::PreviewedUser;
use super::listing::Listed;
use crate::enterprise::identity::{self, Decision};
use crate::enterprise::reconciliation::ListedOutcome;
use crate::enterprise::{AccountPk, MemberPk, MemberSource, address, name};
use crate::provisioning::ProvisioningError;
use crate::provisioning::mapping::{MemberWish, check, member_wish};
use crate::provisioning::users::check_domain;
use crate::scim::Resource;
use crate::store::member_lists::{self, MemberKind};
use crate::store::member_lookups::{self, MemberLookup};
use crate::store::members::{self, MemberRow};
use crate::store::{Conn, StoreResult, candidates, enterprises, invitations};

type Result<T> = StoreResult<T>;

/// The number of members that one turn looks at.
const SECTION: i64 = 500;

/// What was found out about a user of the list.
#[derive(Clone, Debug)]
pub struct Judged {
    /// The line of the list.
    pub line: usize,
    /// The key of the user name.
    pub key: String,
    /// The member that the user is, if there is one.
    pub member: Option<MemberPk>,
    /// How many seats more would be used: 1, 0 or -1.
    pub more_seats: i64,
    /// What would happen.
    pub user: PreviewedUser,
}

impl Judged {
    /// Returns that the user stood on the list before.
    pub fn duplicate_of(self, first: usize) -> PreviewedUser {
        PreviewedUser {
            outcome: ListedOutcome::Duplicate,
            text: format!("The same user name stands in line {first}; this one would be refused."),
            ..self.user
        }
    }
}

/// Judges a section of the list.
pub fn judge(conn: &mut Conn, enterprise: AccountPk, listed: &[Listed]) -> Result<Vec<Judged>> {
    listed.iter().map(|user| judge_one(conn, enterprise, user)).collect()
}

/// Returns the request body that the identity provider would send for the user.
fn resource(user: &Listed) -> Resource {
    let mut body = Resource::new();
    body.insert("userName".to_owned(), user.user_name.clone().into());
    let mut put = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            body.insert(name.to_owned(), value);
        }
    };
    put("displayName", user.display_name.clone().map(Value::from));
    put("externalId", user.external_id.clone().map(Value::from));
    put("active", Some(user.active.into()));
    let primary = |email: &String| json!({"value": email, "primary": true});
    let emails: Vec<Value> = user.emails.iter().take(1).map(primary).collect();
    put("emails", (!emails.is_empty()).then_some(Value::Array(emails)));
    body
}

fn judge_one(conn: &mut Conn, enterprise: AccountPk, user: &Listed) -> Result<Judged> {
    let found = |outcome, text: String, member: Option<&MemberRow>, more_seats| Judged {
        line: user.line,
        key: name::user_key(&user.user_name),
        member: member.map(|row| row.pk),
        more_seats,
        user: PreviewedUser {
            line: Some(user.line),
            user_name: user.user_name.clone(),
            outcome,
            text,
            member_id: member.map(|row| row.id.clone()),
        },
    };
    let refused = |text: String| Ok(found(ListedOutcome::Refused, text, None, 0));
    let wish = match member_wish(resource(user)) {
        Ok(wish) => wish,
        Err(error) => return refused(error.detail),
    };
    if let Some(row) = provisioned(conn, enterprise, &wish)? {
        let (outcome, text, more_seats) = compare(&row, &wish, user.active);
        return Ok(found(outcome, text, Some(&row), more_seats));
    }
    if let Err(error) = check(&wish, None) {
        return refused(error.detail);
    }
    let claim = wish.claim();
    let candidates = candidates::of_keys(conn, enterprise, &claim.keys(), None)?;
    let decision = match identity::recognise(&claim, &candidates) {
        Ok(decision) => decision,
        Err(taken) => return Ok(found(ListedOutcome::Conflict, taken.to_string(), None, 0)),
    };
    let account = enterprises::get(conn, enterprise)?;
    match check_domain(conn, &account, &wish) {
        Ok(()) => {}
        Err(ProvisioningError::Store(error)) => return Err(error),
        Err(error) => return refused(error.to_string()),
    }
    if let Decision::Adopt(pk) = decision
        && let Some(row) = members::by_pk(conn, enterprise, pk)?
    {
        let more_seats = i64::from(user.active) - i64::from(row.active);
        let text =
            "The manual member of this name or address would be taken over, with teams and seat.";
        return Ok(found(ListedOutcome::Adopted, text.to_owned(), Some(&row), more_seats));
    }
    if !user.active {
        let text = "Inactive on the list: no seat would be taken.";
        return Ok(found(ListedOutcome::Inactive, text.to_owned(), None, 0));
    }
    if !invitations::pending_for(conn, enterprise, &claim.keys())?.is_empty() {
        let text = "A pending invitation would be accepted; it holds the seat already.";
        return Ok(found(ListedOutcome::Invited, text.to_owned(), None, 0));
    }
    Ok(found(ListedOutcome::New, "A member would be made, and take a seat.".to_owned(), None, 1))
}

/// Returns the provisioned member that the identity provider already knows the user as: by its own id
/// or the user name.
fn provisioned(
    conn: &mut Conn,
    enterprise: AccountPk,
    wish: &MemberWish,
) -> Result<Option<MemberRow>> {
    let key = name::user_key(&wish.user_name);
    let mut lookups = vec![MemberLookup::UserName(key)];
    lookups.extend(wish.external_id.clone().map(MemberLookup::ExternalId));
    for lookup in lookups {
        let rows = member_lookups::find(conn, enterprise, &lookup, 0, 1)?;
        if let Some(row) = rows.into_iter().find(|row| row.source == MemberSource::Scim) {
            return Ok(Some(row));
        }
    }
    Ok(None)
}

/// Compares a provisioned member with the list.
fn compare(row: &MemberRow, wish: &MemberWish, active: bool) -> (ListedOutcome, String, i64) {
    match (row.active, active) {
        (false, true) => {
            let text = "The member would be active again, and take a seat.";
            return (ListedOutcome::Reactivated, text.to_owned(), 1);
        }
        (true, false) => {
            let text = "The member would be deactivated, and its seat be free.";
            return (ListedOutcome::Deactivated, text.to_owned(), -1);
        }
        _ => {}
    }
    let mut differs = Vec::new();
    let key = |email: &Option<String>| email.as_deref().map(address::key);
    if wish.user_name != row.user_name {
        differs.push(format!("user name {}, here {}", wish.user_name, row.user_name));
    }
    if wish.primary.is_some() && key(&wish.primary) != key(&row.email) {
        let here = row.email.as_deref().unwrap_or("none");
        let there = wish.primary.as_deref().unwrap_or("none");
        differs.push(format!("address {there}, here {here}"));
    }
    if wish.display_name.is_some() && wish.display_name != row.display_name {
        let here = row.display_name.as_deref().unwrap_or("none");
        let there = wish.display_name.as_deref().unwrap_or("none");
        differs.push(format!("name {there}, here {here}"));
    }
    if differs.is_empty() {
        return (ListedOutcome::Unchanged, "Nothing would change.".to_owned(), 0);
    }
    (ListedOutcome::Changed, format!("Differs: {}.", differs.join("; ")), 0)
}

/// Returns the provisioned members of a section who are not on the list, and the member to go on after.
pub fn missing(
    conn: &mut Conn,
    enterprise: AccountPk,
    after: i64,
    met: &HashSet<MemberPk>,
) -> Result<(Vec<PreviewedUser>, Option<i64>)> {
    let kind = MemberKind { source: Some(MemberSource::Scim), ..MemberKind::default() };
    let pks = member_lists::of_kind(conn, enterprise, &kind, after, SECTION)?;
    let next = pks
        .last()
        .map(|pk| pk.0)
        .filter(|_| i64::try_from(pks.len()).is_ok_and(|count| count >= SECTION));
    let strays: Vec<MemberPk> = pks.into_iter().filter(|pk| !met.contains(pk)).collect();
    let rows = members::by_pks(conn, enterprise, &strays)?;
    let told = rows.into_iter().map(|row| PreviewedUser {
        line: None,
        text: if row.active {
            "Provisioned, and not on the list: the member stays, with its seat, until the identity \
             provider deactivates it or somebody removes it."
                .to_owned()
        } else {
            "Provisioned, deactivated, and not on the list.".to_owned()
        },
        user_name: row.user_name,
        outcome: ListedOutcome::Missing,
        member_id: Some(row.id),
    });
    Ok((told.collect(), next))
}
