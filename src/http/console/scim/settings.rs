//! The connector's settings.

use actix_web::web::ServiceConfig;
use maud::{Markup, html};

use super::{PATH, SCIM};
use crate::administration::connector::{self, Settings};
use crate::http::admin::permits::{ManageConnector, Reading};
use crate::http::console::notice::Notice;
use crate::http::console::routing::form;
use crate::http::console::sent::{Sent, invalid};
use crate::http::console::visit::{Answer, Visit};
use crate::http::pages::parts::{Field, Filled, Form, Input, confirmation};
use crate::views::connector::Connector;

/// Registers the page.
pub fn routes(config: &mut ServiceConfig) {
    config.service(form("/enterprise/scim/settings", edit, change));
}

const FIELDS: &[Field<'_>] = &[
    Field::text("invite_control_binds_scim", "Invite control also binds SCIM")
        .takes(Input::Tick)
        .hint("Users of domains that may not be invited are refused, too."),
    Field::text("log_personal_values", "Show personal values from now on").takes(Input::Tick).hint(
        "The request log then keeps names and addresses as they were sent. Everybody who may see \
               the log sees them.",
    ),
    Field::text("log_days", "Keep requests for").takes(Input::Number).hint("Days, 1 to 365."),
];

fn editing<P>(visit: &Visit<P>, filled: &Filled) -> Markup {
    let (action, back) = (visit.at(&format!("{PATH}/settings")), visit.at(PATH));
    let form = Form::new(&action, FIELDS, "Save").or_back(&back).render(filled);
    confirmation("Settings of SCIM", &html! {}, &form)
}

/// `GET /app/enterprise/scim/settings`.
async fn edit(visit: Visit<Reading<ManageConnector>>) -> Answer {
    let now = visit.admin.now();
    let page = visit.admin.read(move |conn, account| connector::page(conn, account, now)).await?;
    let connector = Connector::of(&visit.admin.service.public_url, page);
    let filled = Filled::new()
        .with("invite_control_binds_scim", connector.invite_control_binds_scim.to_string())
        .with("log_personal_values", connector.log_personal_values.to_string())
        .with("log_days", connector.log_days.to_string());
    Ok(visit.show("Settings", &[SCIM], &editing(&visit, &filled)))
}

/// `POST /app/enterprise/scim/settings`.
async fn change(visit: Visit<ManageConnector>, sent: Sent) -> Answer {
    let done = async {
        let days = sent.text("log_days").parse();
        let settings = Settings {
            invite_control_binds_scim: Some(sent.ticked("invite_control_binds_scim")),
            log_personal_values: Some(sent.ticked("log_personal_values")),
            log_days: Some(days.map_err(|_| invalid("log_days", "a number from 1 to 365"))?),
        };
        visit
            .admin
            .write(move |transaction, account| connector::change(transaction, account, settings))
            .await
    }
    .await;
    match done {
        Ok(_) => Ok(visit.go(PATH, Notice::ScimSettingsChanged)),
        Err(problem) => {
            let content = editing(&visit, &sent.refused(&problem));
            Ok(visit.show_again(&problem, "Settings", &[SCIM], &content))
        }
    }
}
