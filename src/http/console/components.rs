//! `/console/components`: every component in every state, to look at. Only the demo serves it.

mod forms;
mod signs;

use actix_web::web::ServiceConfig;
use maud::html;

use super::routing::form;
use super::visit::{Answer, OwnVisit};

const TITLE: &str = "Components";
const PATH: &str = "/console/components";

/// Registers the page.
pub fn routes(config: &mut ServiceConfig) {
    config.service(form("/components", show, show));
}

/// `GET /console/components`. Its forms are sent here, too, and change nothing.
async fn show(visit: OwnVisit) -> Answer {
    let content = html! {
        header {
            div {
                h1 { (TITLE) }
                p.lead { "Every component of the console in every state." }
            }
        }
        (signs::all(&visit.frame))
        (forms::all(&visit.frame))
    };
    Ok(visit.show(TITLE, &[], &content))
}
