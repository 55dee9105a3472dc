//! Lets a request in as the administrator whose token it carries, for one operation.

use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::http::header::AUTHORIZATION;
use actix_web::{FromRequest, HttpRequest, web};
use subtle::ConstantTimeEq;

use super::problem::Problem;
use crate::enterprise::permissions::{Operation, may};
use crate::enterprise::{Role, token};
use crate::http::Service;
use crate::store::{Cost, Scope, StoreError, admin_tokens};

/// An operation, as a type: a handler names in its signature what its caller must be allowed to do.
pub trait Permits {
    /// The operation.
    const OPERATION: Operation;
}

/// Declares the types that name operations.
macro_rules! operations {
    ($($name:ident),+) => {
        $(
            /// See the operation of this name.
            pub struct $name;

            impl Permits for $name {
                const OPERATION: Operation = Operation::$name;
            }
        )+
    };
}
operations!(ReadAccount, CreateOrganizations, ManageTeams, ManageMembers, ManageConnector);

/// An administrator who may do `P`.
pub struct Administrator<P> {
    /// The account.
    pub enterprise: i64,
    operation: PhantomData<P>,
}

impl<P> Administrator<P> {
    /// Where the account's transactions are written.
    pub const fn scope(&self) -> Scope {
        Scope(self.enterprise)
    }
}

impl<P: Permits> FromRequest for Administrator<P> {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let enterprise = admit(&request, P::OPERATION).await?;
            Ok(Self { enterprise, operation: PhantomData })
        })
    }
}

async fn admit(request: &HttpRequest, operation: Operation) -> Result<i64, Problem> {
    let service = request.app_data::<web::Data<Service>>().ok_or_else(unauthorized)?;
    let hash = token::hash(credentials(request).ok_or_else(unauthorized)?);
    let admin = service
        .store
        .read(Cost::Point, move |conn| admin_tokens::admit(conn, &hash))
        .await?
        .ok_or_else(unauthorized)?;
    let now = service.store.clock().now();
    let valid = admin.hash.ct_eq(&hash).into()
        && admin.active
        && admin.expires_at.is_none_or(|end| now.0 < end);
    if !valid {
        return Err(unauthorized());
    }
    let role: Role = admin.role.parse().map_err(|error| {
        Problem::from(StoreError::Damaged(format!("members.role: {error}")))
    })?;
    if !may(role, operation) {
        return Err(Problem::new(
            StatusCode::FORBIDDEN,
            "forbidden",
            format!("Your role {role} may not {operation}. Ask an owner or co-owner."),
        ));
    }
    if !admin.plan_active {
        return Err(Problem::new(
            StatusCode::FORBIDDEN,
            "plan-ended",
            "The account's Enterprise plan has ended. Reactivate it to administer the account.",
        ));
    }
    Ok(admin.enterprise_pk)
}

fn credentials(request: &HttpRequest) -> Option<&str> {
    let header = request.headers().get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = header.trim().split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

fn unauthorized() -> Problem {
    Problem::new(
        StatusCode::UNAUTHORIZED,
        "unauthorized",
        "An administrator's token is needed: Authorization: Bearer insomnia_admin_….",
    )
}
