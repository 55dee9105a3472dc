//! How a sign-in by a link becomes a session, for the API and for the pages alike: the link is used up,
//! the accounts that know the proved address are joined, one is chosen. Each account is written in a
//! transaction of its own, as everything else about it is.

use std::sync::Arc;

use actix_web::HttpRequest;

use crate::administration::persons::{PersonError, addresses, claims};
use crate::administration::sessions::{self, Opened, SignIn};
use crate::administration::{AdministrationError, sign_in};
use crate::enterprise::audit::{Actor, ActorKind, Origin};
use crate::http::base::guesses::is_wrong;
use crate::http::base::state::Service;
use crate::http::base::{caller, request_id};
use crate::store::claims::Waiting;
use crate::store::sessions::{Membership, SessionRow};
use crate::store::users::PersonRow;
use crate::store::{Cost, Scope, WriteContext};

type Result<T> = std::result::Result<T, AdministrationError>;

/// A person with this address acts.
pub fn person(email: &str) -> Actor {
    Actor { kind: ActorKind::Person, id: String::new(), name: email.to_owned() }
}

/// This actor writes, in this account.
pub fn context(request: &HttpRequest, account: Scope, actor: Actor) -> WriteContext {
    WriteContext::new(account.0, Arc::new(Origin { actor, request_id: request_id::id_of(request) }))
}

/// A person with this address writes, in this account.
pub fn by_person(request: &HttpRequest, account: Scope, email: &str) -> WriteContext {
    by(request, account, person(email))
}

/// Signs in who has the link, in the account asked for.
///
/// # Errors
/// A link that is not good; an account that is not theirs, of which the link stays good; an account
/// that asks for single sign-on.
pub async fn by_link(
    service: &Service,
    request: &HttpRequest,
    link: String,
    account: Option<String>,
) -> Result<Opened> {
    let (now, own, asked) = (service.store.clock().now(), link.clone(), account.clone());
    let read = move |conn: &mut _| sign_in::look(conn, &own, asked.as_deref(), now);
    let look = service.store.read(Cost::Point, read);
    let email = service.links.look(caller::place(request), None, look, is_wrong).await??;
    let writer = by_person(request, Scope::NEW, &email);
    let sign_in = service
        .write_for_stranger(writer, move |transaction| sign_in::redeem(transaction, &link))
        .await?;
    open(service, request, sign_in, account).await
}

/// Opens a session for who has proved an address.
///
/// # Errors
/// As for [`by_link`].
pub async fn open(
    service: &Service,
    request: &HttpRequest,
    sign_in: SignIn,
    account: Option<String>,
) -> Result<Opened> {
    settle(service, request, &sign_in).await?;
    let (who, asked, now) = (sign_in.person.clone(), account, service.store.clock().now());
    let chosen = service
        .store
        .read(Cost::Point, move |conn| sign_in::first_account(conn, &who, asked.as_deref(), now))
        .await?;
    let account = chosen.as_ref().map_or(Scope::NEW, |membership| Scope(membership.enterprise_pk));
    service
        .store
        .write(by_person(request, account, &sign_in.email), move |transaction| {
            sessions::open(transaction, &sign_in, chosen.as_ref())
        })
        .await
}

/// Joins the accounts that have verified the domain of the address; the others ask.
async fn settle(service: &Service, request: &HttpRequest, sign_in: &SignIn) -> Result<()> {
    let person_pk = sign_in.person.pk;
    let waiting =
        service.store.read(Cost::Point, move |conn| claims::to_settle(conn, person_pk)).await?;
    for one in waiting {
        let who = sign_in.person.clone();
        service
            .store
            .write(
                by_person(request, Scope(one.enterprise_pk), &sign_in.email),
                move |transaction| claims::settle(transaction, &who, &one),
            )
            .await?;
    }
    Ok(())
}

/// Lets a session act in another account.
///
/// # Errors
/// An account that is not the person's, or asks for single sign-on.
pub async fn choose(
    service: &Service,
    request: &HttpRequest,
    email: &str,
    session: &SessionRow,
    account: String,
) -> Result<Membership> {
    let (own, asked, now) = (session.clone(), account.clone(), service.store.clock().now());
    let chosen = service
        .store
        .read(Cost::Point, move |conn| sessions::choice(conn, &own, &asked, now))
        .await?;
    let own = session.clone();
    service
        .store
        .write(by_person(request, Scope(chosen.enterprise_pk), email), move |transaction| {
            sessions::choose(transaction, &own, &account)
        })
        .await
}

/// The membership with this member's id that waits for the person of a session.
async fn waiting(service: &Service, session: &SessionRow, member: String) -> Result<Waiting> {
    addresses::refuse_confined(session)?;
    let user = session.user_pk;
    let all = service.store.read(Cost::Point, move |conn| claims::waiting(conn, user)).await?;
    let found = all.into_iter().find(|one| one.member_id == member);
    Ok(found.ok_or(PersonError::NothingWaits(member))?)
}

/// Joins an account that has added the person.
///
/// # Errors
/// Where no such membership waits; a session that acts in one account only.
pub async fn join(
    service: &Service,
    request: &HttpRequest,
    session: &SessionRow,
    who: &PersonRow,
    member: String,
) -> Result<Waiting> {
    let waiting = waiting(service, session, member).await?;
    let (who, joined) = (who.clone(), waiting.clone());
    service
        .store
        .write(by_person(request, Scope(waiting.enterprise_pk), &who.email), move |transaction| {
            claims::join(transaction, &who, &waiting)
        })
        .await?;
    Ok(joined)
}

/// Declines to be the member that an account has added.
///
/// # Errors
/// As for [`join`].
pub async fn decline(
    service: &Service,
    request: &HttpRequest,
    session: &SessionRow,
    who: &PersonRow,
    member: String,
) -> Result<()> {
    let waiting = waiting(service, session, member).await?;
    let who = who.clone();
    service
        .store
        .write(by_person(request, Scope(waiting.enterprise_pk), &who.email), move |transaction| {
            claims::decline(transaction, &who, &waiting)
        })
        .await
}
