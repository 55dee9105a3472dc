//! What a signed-in person does about themselves, for the API and the pages: answers to invitations,
//! and leaving an account. Each is written in a transaction of the account that it is about.

use actix_web::HttpRequest;

use super::admin::session::SignedIn;
use super::signing_in::by_person;
use crate::administration::invitations::acceptance::Joined;
use crate::administration::invitations::own;
use crate::administration::persons::leaving;
use crate::http::base::problem::Problem;
use crate::store::{Scope, WriteContext};

/// Returns the context in which the person answers an invitation: that of its account.
async fn answering(
    me: &SignedIn,
    request: &HttpRequest,
    id: &str,
) -> Result<WriteContext, Problem> {
    let id = id.to_owned();
    let found = me.read(move |conn, current| own::require(conn, &current.session, &id)).await?;
    Ok(by_person(request, Scope(found.enterprise_pk), &me.current.person.email))
}

/// Accepts an invitation to an address of the person.
///
/// # Errors
/// Fails as [`own::accept`] does.
pub async fn accept(me: &SignedIn, request: &HttpRequest, id: String) -> Result<Joined, Problem> {
    let by = answering(me, request, &id).await?;
    me.write(by, move |transaction, current| {
        own::accept(transaction, &current.session, &current.person, &id)
    })
    .await
}

/// Declines an invitation to an address of the person.
///
/// # Errors
/// Fails as [`own::decline`] does.
pub async fn decline(me: &SignedIn, request: &HttpRequest, id: String) -> Result<(), Problem> {
    let by = answering(me, request, &id).await?;
    me.write(by, move |transaction, current| own::decline(transaction, &current.session, &id)).await
}

/// Ends a membership of the person.
///
/// # Errors
/// Fails as [`leaving::leave`] does.
pub async fn leave(me: &SignedIn, request: &HttpRequest, member: String) -> Result<(), Problem> {
    let (now, id) = (me.service.store.clock().now(), member.clone());
    let left = me.read(move |conn, current| leaving::look(conn, current, &id, now)).await?;
    let by = by_person(request, Scope(left.enterprise_pk), &me.current.person.email);
    me.write(by, move |transaction, current| leaving::leave(transaction, current, &member)).await
}
