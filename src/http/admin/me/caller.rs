//! The caller of what is everybody's own: a person with a session, in any account or none, or a
//! member with a token.

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest};

use crate::administration::AdministrationError;
use crate::administration::persons::reach;
use crate::administration::sessions::Current;
use crate::enterprise::Timestamp;
use crate::enterprise::permissions::{Credential, Operation, Power};
use crate::http::admin::administrator::{Identified, check_scopes, identify};
use crate::http::admin::api::{Access, Argument, Signature};
use crate::http::admin::credentials::unauthorized;
use crate::http::base::problem::Problem;
use crate::http::base::state::Service;
use crate::store::admin_tokens::AdminRow;
use crate::store::sessions::Membership;
use crate::store::{Conn, Cost};

enum Who {
    Person(Box<Current>),
    Member(Box<AdminRow>),
}

/// A caller who reads what is their own.
pub struct Me {
    /// The server's state.
    pub service: Data<Service>,
    who: Who,
}

impl Argument for Me {
    fn describe(signature: &mut Signature<'_>) {
        signature.needs(Access::Member(Operation::ReadOwn));
    }
}

impl FromRequest for Me {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let service = request.app_data::<Data<Service>>().ok_or_else(unauthorized)?.clone();
            let (credential, who) = match identify(&service, &request).await? {
                Identified::Token(member) => {
                    check_scopes(&member, Operation::ReadOwn)?;
                    let credential = Credential::token(member.scopes.as_deref());
                    (credential, Who::Member(Box::new(member)))
                }
                Identified::Session(current) => {
                    (current.session.credential(), Who::Person(current))
                }
            };
            if !credential.may(Power::Administer) {
                return Err(unauthorized());
            }
            Ok(Self { service, who })
        })
    }
}

impl Me {
    /// Returns the current time of the store's clock.
    pub fn now(&self) -> Timestamp {
        self.service.store.clock().now()
    }

    /// Returns the memberships in which the caller reads; with an account's id only that in it.
    ///
    /// # Errors
    /// Fails if the caller has none in that account.
    async fn memberships(&self, account: Option<String>) -> Result<Vec<Membership>, Problem> {
        let now = self.now();
        let read = |work: Box<dyn Fn(&mut Conn) -> Read + Send>| {
            self.service.store.read(Cost::Point, work)
        };
        let all = match &self.who {
            Who::Person(current) => {
                let session = current.session.clone();
                read(Box::new(move |conn| reach::of_session(conn, &session, now))).await?
            }
            Who::Member(member) => {
                let member = member.clone();
                read(Box::new(move |conn| reach::of_token(conn, &member))).await?
            }
        };
        Ok(reach::only(all, account.as_deref())?)
    }

    /// Reads over the memberships of the caller; with an account's id only over that in it.
    ///
    /// # Errors
    /// Fails if the caller has none in that account, or as `work` does.
    pub async fn read<R: Send + 'static>(
        &self,
        account: Option<String>,
        work: impl Fn(&mut Conn, &[Membership]) -> Result<R, AdministrationError> + Send + 'static,
    ) -> Result<R, Problem> {
        let memberships = self.memberships(account).await?;
        let first = memberships.first();
        let cost = first.map_or(Cost::Point, |membership| Cost::Page(membership.enterprise_pk));
        Ok(self.service.store.read(cost, move |conn| work(conn, &memberships)).await?)
    }
}

type Read = Result<Vec<Membership>, AdministrationError>;
