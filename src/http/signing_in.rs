//! Turns a sign-in by a link into a session, for the API and the pages: the link is used up,
//! memberships that wait for the proved address are settled, and one account is chosen. Each
//! account is written in a transaction of its own, like all other changes to it.

use std::sync::Arc;

use actix_web::HttpRequest;

use crate::administration::ownership::{self, Claimed};
use crate::administration::persons::{PersonError, addresses, claims};
use crate::administration::sessions::{self, Opened, SignIn};
use crate::administration::{AdministrationError, sign_in};
use crate::enterprise::audit::{Actor, ActorKind, Origin};
use crate::http::base::guesses::{TooMany, is_wrong};
use crate::http::base::state::Service;
use crate::http::base::{caller, request_id};
use crate::store::claims::Waiting;
use crate::store::sessions::{Membership, SessionRow};
use crate::store::users::PersonRow;
use crate::store::{Cost, Scope, WriteContext};

type Result<T> = std::result::Result<T, AdministrationError>;

/// Returns the person with this address as an actor.
pub fn person(email: &str) -> Actor {
    Actor { kind: ActorKind::Person, id: String::new(), name: email.to_owned() }
}

/// Returns the context in which this actor writes in this account.
pub fn context(request: &HttpRequest, account: Scope, actor: Actor) -> WriteContext {
    WriteContext::new(account, Arc::new(Origin { actor, request_id: request_id::id_of(request) }))
}

/// Returns the context in which the person with this address writes in this account.
pub fn by_person(request: &HttpRequest, account: Scope, email: &str) -> WriteContext {
    context(request, account, person(email))
}

/// Sends a link to sign in with, which leads to this page of the server afterwards.
///
/// # Errors
/// Fails if single sign-on is on for the address's domain, or if there were too many requests.
pub async fn ask(
    service: &Service,
    request: &HttpRequest,
    email: String,
    return_to: Option<String>,
) -> Result<()> {
    service.sign_in_asks.spend(&caller::place(request)).map_err(TooMany::Mails)?;
    let public_url = service.public_url.clone();
    let by = by_person(request, Scope::NONE, &email);
    service
        .write_for_stranger(by, move |transaction| {
            sign_in::ask(transaction, &email, return_to.as_deref(), &public_url)
        })
        .await
}

/// Sends a new link in place of one that was used or is too old, to the same address.
///
/// # Errors
/// Fails if the link is not known any more, or as [`ask`] does.
pub async fn ask_anew(service: &Service, request: &HttpRequest, link: String) -> Result<String> {
    let look = service.store.read(Cost::Point, move |conn| sign_in::asked_for(conn, &link));
    let (email, return_to) =
        service.links.look(caller::place(request), None, look, is_wrong).await??;
    ask(service, request, email.clone(), return_to).await?;
    Ok(email)
}

/// Signs in who has just proved an address by a link of another kind: of a sign-up, or of an
/// invitation.
///
/// # Errors
/// Fails if single sign-on is on for the address's domain, or as [`open`] does.
pub async fn after_proof(
    service: &Service,
    request: &HttpRequest,
    email: String,
    account: Option<String>,
) -> Result<Opened> {
    let now = service.store.clock().now();
    let read = move |conn: &mut _| sign_in::after_proof(conn, &email, now);
    let sign_in = service.store.read(Cost::Point, read).await?;
    open(service, request, sign_in, account).await
}

/// Signs in with a link, in the requested account.
///
/// # Errors
/// Fails if the link is not valid, if the account is not the person's (the link then stays valid),
/// or if the account requires single sign-on.
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
    let writer = by_person(request, Scope::NONE, &email);
    let sign_in = service
        .write_for_stranger(writer, move |transaction| sign_in::redeem(transaction, &link))
        .await?;
    open(service, request, sign_in, account).await
}

/// Opens a session for a person who has proved an address.
///
/// # Errors
/// Fails as [`by_link`] does.
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
    let account = chosen.as_ref().map(|membership| membership.enterprise_pk).into();
    service
        .store
        .write(by_person(request, account, &sign_in.email), move |transaction| {
            sessions::open(transaction, &sign_in, chosen.as_ref())
        })
        .await
}

/// Claims a new account with the link of the mail that welcomes its owner.
///
/// # Errors
/// Fails if the link is not valid.
pub async fn claim_account(
    service: &Service,
    request: &HttpRequest,
    link: String,
) -> Result<Claimed> {
    let (now, own) = (service.store.clock().now(), link.clone());
    let look = service.store.read(Cost::Point, move |conn| ownership::look(conn, &own, now));
    let offer = service.links.look(caller::place(request), None, look, is_wrong).await??;
    let by = by_person(request, Scope(offer.enterprise), &offer.email);
    service.write_for_stranger(by, move |transaction| ownership::claim(transaction, &link)).await
}

/// Joins the waiting accounts that have verified the domain of the address; in other accounts the
/// membership keeps waiting for the person's answer.
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

/// Switches a session to another account.
///
/// # Errors
/// Fails if the account is not the person's or requires single sign-on.
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

/// Returns the membership with this member id that waits for the person's answer.
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
/// Fails if no such membership waits, or if the session is confined to one account.
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

/// Declines the membership in an account that has added the person.
///
/// # Errors
/// Fails as [`join`] does.
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
