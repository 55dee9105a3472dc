//! Verifying a connection: a link to the identity provider, opened beside this page.

use std::sync::Arc;

use actix_web::web::{self, Path, ServiceConfig};
use maud::{Markup, html};

use super::{SSO, path, read};
use crate::administration::AdministrationError;
use crate::administration::sso::{SsoError, connections};
use crate::enterprise::permissions::Operation;
use crate::http::admin::permits::{ManageSso, Reading};
use crate::http::base::problem::Problem;
use crate::http::console::routing::form;
use crate::http::console::sent::Sent;
use crate::http::console::visit::{Answer, Visit};
use crate::http::pages::parts::{Filled, Form, confirmation, link};
use crate::store::StoreError;
use crate::views::sso_connections::{SsoConnection, SsoVerification};

/// Registers the page.
pub fn routes(config: &mut ServiceConfig) {
    config.service(form("/enterprise/sso/{id}/verify", ask, verify));
}

fn asking<P>(visit: &Visit<P>, connection: &SsoConnection, filled: &Filled) -> Markup {
    let (action, back) =
        (visit.at(&path(&connection.id, "/verify")), visit.at(&path(&connection.id, "")));
    let form = Form::new(&action, &[], "Verify").or_back(&back).render(filled);
    let what = html! {
        p {
            "You sign in at the identity provider as somebody of " (connection.domain) ". Your session \
             here goes on."
        }
    };
    confirmation("Verify the connection", &what, &form)
}

/// `GET /app/enterprise/sso/{id}/verify`.
async fn ask(visit: Visit<Reading<ManageSso>>, id: Path<String>) -> Answer {
    let connection = read(&visit, &id).await?;
    let own = path(&connection.id, "");
    let above = [SSO, (connection.domain.as_str(), own.as_str())];
    Ok(visit.show("Verify", &above, &asking(&visit, &connection, &Filled::new())))
}

/// Makes the link. A mistyped issuer is reported at once, and not only when the browser is sent there.
async fn made(
    visit: &Visit<ManageSso>,
    connection: &SsoConnection,
) -> Result<SsoVerification, Problem> {
    let oidc = connection.draft.as_ref().and_then(|draft| draft.oidc.as_ref());
    if let Some(oidc) = oidc {
        let (issuer, now) = (oidc.issuer.clone(), visit.admin.now());
        let providers = Arc::clone(&visit.admin.service.providers);
        web::block(move || providers.check(&issuer, now))
            .await
            .map_err(|_| StoreError::Panicked)?
            .map_err(|error| AdministrationError::from(SsoError::Provider(error.to_string())))?;
    }
    let (id, for_use) = (connection.id.clone(), visit.admin.may(Operation::SwitchSso));
    let made = visit
        .admin
        .write(move |transaction, account| connections::try_out(transaction, account, &id, for_use))
        .await?;
    Ok(SsoVerification::of(&visit.admin.service.public_url, made))
}

/// `POST /app/enterprise/sso/{id}/verify`.
async fn verify(visit: Visit<ManageSso>, id: Path<String>, sent: Sent) -> Answer {
    let connection = read(&visit, &id).await?;
    let own = path(&connection.id, "");
    let above = [SSO, (connection.domain.as_str(), own.as_str())];
    match made(&visit, &connection).await {
        Ok(verification) => {
            let content = html! {
                header {
                    div {
                        h1 { "Sign in at the identity provider" }
                        p.lead { "The link works for an hour. Come back here when you have signed in." }
                    }
                }
                div.actions {
                    a.button.main href=(verification.url) target="_blank" rel="noopener" {
                        "Open the identity provider"
                    }
                    (link("Look again", &visit.at(&own)))
                }
            };
            Ok(visit.show("Verify", &above, &content))
        }
        Err(problem) => {
            let content = asking(&visit, &connection, &sent.refused(&problem));
            Ok(visit.show_again(&problem, "Verify", &above, &content))
        }
    }
}
