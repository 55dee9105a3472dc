//! The second proof on a page: who has been signed in for a while proves again who they are, and
//! comes back.

use actix_web::HttpResponse;
use actix_web::web::ServiceConfig;
use maud::html;

use super::routing::sent;
use super::sent::Sent;
use super::visit::{Answer, OwnVisit};
use crate::administration::second_proof;
use crate::enterprise::sso::SignedInBy;
use crate::http::base::query::with_query;

/// Registers the page.
pub fn routes(config: &mut ServiceConfig) {
    config.service(sent("/proof", ask));
}

/// `POST /app/proof`: sends the link.
async fn ask(visit: OwnVisit, sent: Sent) -> Answer {
    let wanted = sent.given("return_to");
    if visit.me.current.session.signed_in_by == SignedInBy::Sso {
        let target =
            with_query("/sso/again", &[("return_to", wanted.as_deref().unwrap_or("/app"))]);
        return Ok(visit.lead(&target));
    }
    let (public_url, wanted) = (visit.me.service.public_url.clone(), wanted);
    visit
        .me
        .write_as_person(move |transaction, current| {
            second_proof::ask(transaction, current, wanted.as_deref(), &public_url)
        })
        .await?;
    Ok(told(&visit))
}

fn told(visit: &OwnVisit) -> HttpResponse {
    let content = html! {
        header { h1 { "Look in your mailbox" } }
        p {
            "A link is on its way to the address that you signed in with. Open it in this browser: \
             it leads back to the page that you were on."
        }
    };
    visit.show("Look in your mailbox", &[], &content)
}
