//! Mails to a member about their place in the account.

use super::AdministrationError;
use crate::enterprise::Role;
use crate::enterprise::audit::{Actor, ActorKind};
use crate::enterprise::letter::Letter;
use crate::store::members::MemberRow;
use crate::store::{Conn, StoreResult, Transaction, claims, enterprises, outbox, users};

type Result<T> = std::result::Result<T, AdministrationError>;

/// Tells a member that their role in the account has changed.
pub(super) fn role_changed(
    transaction: &mut Transaction<'_>,
    before: &MemberRow,
    after: &MemberRow,
) -> Result<()> {
    let account = enterprises::get(transaction, after.enterprise_pk)?.name;
    let (who, now) = (name_of(&transaction.origin().actor), transaction.now());
    let letter = Letter::new(format!("{account}: you are {} now", spoken(after.role)))
        .paragraph(format!(
            "{who} changed your role in {account} from {} to {} at {}.",
            spoken(before.role),
            spoken(after.role),
            now.to_rfc3339()
        ))
        .paragraph(meaning(after.role));
    let (label, path) = page(after.role);
    let letter = letter.page(label, path);
    tell(transaction, after, &letter)
}

/// Tells a member that they are removed from the account. Called before the removal.
pub(super) fn removed(transaction: &mut Transaction<'_>, member: &MemberRow) -> Result<()> {
    let account = enterprises::get(transaction, member.enterprise_pk)?.name;
    let (who, now) = (name_of(&transaction.origin().actor), transaction.now());
    let letter = Letter::new(format!("{account}: you are not a member any more"))
        .paragraph(format!("{who} removed you from {account} at {}.", now.to_rfc3339()))
        .paragraph(format!(
            "You reach none of its organizations any more. You can still sign in to Insomnia; if \
             this is a mistake, ask an owner of {account} to invite you again."
        ));
    tell(transaction, member, &letter)
}

/// Sends a letter to the person who has claimed the member, or else to the member's own address.
fn tell(transaction: &mut Transaction<'_>, member: &MemberRow, letter: &Letter) -> Result<()> {
    let Some(recipient) = address_of(transaction, member)? else { return Ok(()) };
    let now = transaction.now();
    Ok(outbox::insert(transaction, member.enterprise_pk, &recipient, letter, now)?)
}

fn address_of(conn: &mut Conn, member: &MemberRow) -> StoreResult<Option<String>> {
    Ok(match claims::of_member(conn, member.pk)? {
        Some(claim) => Some(users::by_pk(conn, claim.user_pk)?.email),
        None => member.email.clone(),
    })
}

fn name_of(actor: &Actor) -> String {
    match actor.kind {
        ActorKind::Operator => "The operator of this server".to_owned(),
        ActorKind::System => "The server itself".to_owned(),
        _ => actor.name.clone(),
    }
}

const fn spoken(role: Role) -> &'static str {
    match role {
        Role::Owner => "owner",
        Role::CoOwner => "co-owner",
        Role::Member => "member",
        Role::BillingOnly => "billing-only",
    }
}

/// Returns the page on which a member with this role begins.
const fn page(role: Role) -> (&'static str, &'static str) {
    match role {
        Role::Owner | Role::CoOwner => ("Enterprise Controls", "/app/enterprise"),
        Role::Member => ("Your organizations", "/app/dashboard/organizations"),
        Role::BillingOnly => ("Plan & billing", "/app/billing"),
    }
}

const fn meaning(role: Role) -> &'static str {
    match role {
        Role::Owner => {
            "An owner manages everything in the account, its plan and its owners included."
        }
        Role::CoOwner => {
            "A co-owner manages members, teams, organizations, domains, single sign-on and \
             provisioning."
        }
        Role::Member => "A member reaches the organizations that they are in.",
        Role::BillingOnly => "A billing-only member sees plan and seats, and nothing else.",
    }
}
