//! Who looks at the page that asks for consent, and how they sign in to answer it.

use actix_web::http::header::LOCATION;
use actix_web::{FromRequest, HttpRequest, HttpResponse, web};

use super::consent::parameters;
use crate::administration::oauth::Asked;
use crate::administration::second_proof;
use crate::administration::sessions::{self, Current};
use crate::enterprise::sso::SignedInBy;
use crate::enterprise::{AccountPk, token};
use crate::http::admin::administrator::Administrator;
use crate::http::admin::permits::MakeConnectorSecrets;
use crate::http::base::cookies::Cookie;
use crate::http::base::prefix::at;
use crate::http::base::problem::Problem;
use crate::http::base::query::with_query;
use crate::http::base::state::Service;
use crate::http::pages::Page;
use crate::http::signing_in;
use crate::store::{Conn, Cost, Scope, StoreError, enterprises};

/// Who looks at the page.
pub enum Visitor {
    /// Somebody who may allow it.
    Admin {
        /// The administrator.
        admin: Box<Administrator<MakeConnectorSecrets>>,
        /// The name of the account.
        account: String,
        /// Who is signed in.
        email: String,
    },
    /// Nobody who is signed in.
    Stranger,
    /// Somebody who may allow it, and has to prove again who they are.
    Stale {
        /// What the page says.
        text: String,
    },
    /// Somebody who may not allow it.
    Refused {
        /// What the page says.
        text: String,
    },
}

impl Visitor {
    /// Returns the visitor of a request, for a client of this account.
    ///
    /// # Errors
    /// Fails if the database does not answer.
    pub async fn of(
        service: &Service,
        request: &HttpRequest,
        enterprise: AccountPk,
    ) -> Result<Self, Problem> {
        let admin = match Administrator::<MakeConnectorSecrets>::extract(request).await {
            Ok(admin) => admin,
            Err(problem) => return Self::refused(problem),
        };
        if admin.enterprise != enterprise {
            let text = "You act in another account than that of this OAuth client. Choose that \
                        account on the page /accounts of this server, then begin again at the \
                        identity provider.";
            return Ok(Self::Refused { text: text.to_owned() });
        }
        let read = move |conn: &mut Conn| enterprises::get(conn, enterprise);
        let account = service.store.read::<_, StoreError>(Cost::Point, read).await?.name;
        let email = admin.name().to_owned();
        Ok(Self::Admin { admin: Box::new(admin), account, email })
    }

    fn refused(problem: Problem) -> Result<Self, Problem> {
        let text = problem.detail().to_owned();
        match problem.kind() {
            "unauthorized" => Ok(Self::Stranger),
            "sign-in-again" => Ok(Self::Stale {
                text: "Allowing this hands out access to the account, and you proved who you are more \
                       than 15 minutes ago."
                    .to_owned(),
            }),
            "forbidden" | "no-account" | "plan-ended" | "plan-lacks" | "other-origin" => {
                Ok(Self::Refused { text })
            }
            _ => Err(problem),
        }
    }
}

/// Returns the path of the page that asks this.
fn path(asked: &Asked, state: &str) -> String {
    with_query("/oauth/authorize", &parameters(asked, state))
}

/// Leads who is not signed in to the page to sign in, and back to the question afterwards.
pub fn sign_in((asked, state): (&Asked, &str)) -> HttpResponse {
    see_other(&with_query("/sign-in", &[("return_to", &path(asked, state))]))
}

/// Lets the person of the browser's session prove again who they are, and come back to the page.
pub async fn sign_in_again(
    service: &web::Data<Service>,
    request: &HttpRequest,
    (asked, state): (&Asked, &str),
) -> HttpResponse {
    let return_to = path(asked, state);
    let current = match current(service, request).await {
        Ok(Some(current)) => current,
        Ok(None) => {
            return sign_in((asked, state));
        }
        Err(problem) => return Page::refusing("This did not work", &problem).respond(),
    };
    if current.session.signed_in_by == SignedInBy::Sso {
        return see_other(&with_query("/sso/again", &[("return_to", &return_to)]));
    }
    let by = signing_in::by_person(request, Scope::NONE, &current.person.email);
    let public_url = service.public_url.clone();
    let sent = service
        .store
        .write(by, move |transaction| {
            second_proof::ask(transaction, &current, Some(&return_to), &public_url)
        })
        .await;
    match sent {
        Ok(()) => mail_sent(),
        Err(error) => Page::refusing("This did not work", &error.into()).respond(),
    }
}

/// Returns the session of this browser, if there is one.
async fn current(service: &Service, request: &HttpRequest) -> Result<Option<Current>, Problem> {
    let Some(secret) = Cookie::Session.read(request, &service.public_url) else { return Ok(None) };
    let (now, hash) = (service.store.clock().now(), token::hash(secret));
    let read = move |conn: &mut Conn| sessions::current(conn, &hash, now);
    Ok(service.store.read(Cost::Point, read).await?)
}

fn mail_sent() -> HttpResponse {
    let text = "Look in your mailbox, and open the link in this browser: it leads back to the question. \
                The link works once, for 15 minutes.";
    Page::saying("A link is on its way", text).respond()
}

fn see_other(path: &str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((LOCATION, at(path))).finish()
}
