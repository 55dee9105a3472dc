//! `/operator/…`: what who runs the server does for all accounts: activation codes, and the way out
//! where nobody of an account can sign in. The pages are entered with the operator's token, once for as
//! long as the browser is open, and never with a session: an account's owner is not the operator.

mod account;
mod accounts;
mod codes;
mod entry;
mod layout;
mod rescue;

use actix_web::dev::Payload;
use actix_web::web::{Data, ServiceConfig};
use actix_web::{FromRequest, HttpRequest};
use std::future::{Ready, ready};

use super::notice::Notice;
use crate::enterprise::permissions::{Credential, Power};
use crate::http::admin::credentials::other_origin;
use crate::http::admin::operator::{Operator, unauthorized};
use crate::http::base::browser::{is_from_here, path_of};
use crate::http::base::cookies::Cookie;
use crate::http::base::problem::Problem;
use crate::http::base::state::Service;

/// The list of accounts, with which the pages begin.
const ACCOUNTS: &str = "/operator/accounts";
/// The list of activation codes.
const CODES: &str = "/operator/activation-codes";

/// Registers the pages.
pub fn routes(config: &mut ServiceConfig) {
    config
        .configure(entry::routes)
        .configure(accounts::routes)
        .configure(account::routes)
        .configure(rescue::routes)
        .configure(codes::routes);
}

/// The operator, on one of their pages.
pub struct OperatorVisit {
    /// Runs use cases.
    pub operator: Operator,
    /// The path of the server's URL, before every path.
    base: String,
    path: String,
    notice: Option<Notice>,
}

impl FromRequest for OperatorVisit {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Self::of(request))
    }
}

impl OperatorVisit {
    fn of(request: &HttpRequest) -> Result<Self, Problem> {
        let service = request.app_data::<Data<Service>>().ok_or_else(unauthorized)?.clone();
        let now = service.store.clock().now();
        let pass = Cookie::Operator.read(request, &service.public_url);
        let is_operator = pass.is_some_and(|pass| service.secrets.is_operator_pass(pass, now));
        if !is_operator || !Credential::OperatorToken.may(Power::Operate) {
            return Err(unauthorized());
        }
        if !is_from_here(request, &service.public_url) {
            return Err(other_origin());
        }
        Ok(Self {
            base: path_of(&service.public_url).trim_end_matches('/').to_owned(),
            path: request.path().to_owned(),
            notice: Notice::of(request.query_string()),
            operator: Operator::of(request, service),
        })
    }
}
