//! Enabling and disabling SCIM.

use actix_web::HttpResponse;
use actix_web::web::ServiceConfig;
use maud::{Markup, html};
use serde::Deserialize;

use super::{PATH, SCIM};
use crate::administration::connector::{self, MadeToken, TokenWish};
use crate::enterprise::connector::TokenExpiry;
use crate::http::admin::permits::{EnableConnector, ManageConnector, Permits, Reading, Smaller};
use crate::http::console::notice::Notice;
use crate::http::console::routing::form;
use crate::http::console::sent::Sent;
use crate::http::console::visit::{Answer, Visit};
use crate::http::console::wanted::Wanted;
use crate::http::pages::parts::{
    Choice, Field, Filled, Form, Input, Secret, confirmation, secret_box,
};
use crate::views::connector::CreatedConnectorToken;

/// Registers the pages.
pub fn routes(config: &mut ServiceConfig) {
    config.service(form("/enterprise/scim/enable", ask, enable)).service(form(
        "/enterprise/scim/disable",
        ask_to_disable,
        disable,
    ));
}

/// How long a token can be valid.
pub(super) const EXPIRIES: &[Choice<'_>] = &[
    Choice { value: "30_days", label: "30 days", hint: "" },
    Choice { value: "90_days", label: "90 days", hint: "" },
    Choice { value: "180_days", label: "180 days", hint: "" },
    Choice { value: "1_year", label: "1 year", hint: "" },
    Choice { value: "2_years", label: "2 years", hint: "" },
    Choice { value: "never", label: "Never", hint: "" },
];

/// What a new token is asked for.
pub(super) const TOKEN: [Field<'_>; 2] = [
    Field::text("expiry", "Expires in")
        .takes(Input::Select(EXPIRIES))
        .hint("You are reminded 20, 10, 5 days and 1 day before."),
    Field::text("label", "Label").hint("By which you know the token, such as the provider's name."),
];

/// How the identity provider is to sign in.
#[derive(Clone, Debug, Deserialize)]
pub struct Way {
    by: Option<String>,
}

/// `GET /app/enterprise/scim/enable`.
async fn ask(visit: Visit<Reading<ManageConnector>>, way: Wanted<Way>) -> Answer {
    let is_oauth = way.query.by.as_deref() == Some("oauth");
    let label = if is_oauth { "Until OAuth is set up" } else { "SCIM token" };
    let filled = Filled::new().with("expiry", "1_year").with("label", label);
    Ok(visit.show("Enable SCIM", &[SCIM], &enabling(&visit, &filled)))
}

fn enabling<P>(visit: &Visit<P>, filled: &Filled) -> Markup {
    let (action, back) = (visit.at(&format!("{PATH}/enable")), visit.at(PATH));
    let form = Form::new(&action, &TOKEN, "Generate").creating().or_back(&back).render(filled);
    let what = html! {
        p { "Makes the connector's URL and a token, which is shown once." }
    };
    confirmation("Enable SCIM", &what, &form)
}

/// `POST /app/enterprise/scim/enable`.
async fn enable(visit: Visit<EnableConnector>, sent: Sent) -> Answer {
    let made = async {
        let wish = TokenWish { expiry: sent.word::<TokenExpiry>("expiry")?, label: label(&sent) };
        made(&visit, &sent, move |transaction, account| {
            connector::enable(transaction, account, &wish)
        })
        .await
    }
    .await;
    match made {
        Ok(token) => Ok(shown(&visit.renewed().await?, "SCIM is enabled", &token)),
        Err(problem) => {
            let content = enabling(&visit, &sent.refused(&problem));
            Ok(visit.show_again(&problem, "Enable SCIM", &[SCIM], &content))
        }
    }
}

/// Returns the label that was typed, or the usual one.
pub(super) fn label(sent: &Sent) -> String {
    sent.given("label").unwrap_or_else(|| "SCIM token".to_owned())
}

/// Makes a token, once for each form.
pub(super) async fn made<P: Permits>(
    visit: &Visit<P>,
    sent: &Sent,
    mut work: impl FnMut(
        &mut crate::store::Transaction<'_>,
        crate::enterprise::AccountPk,
    ) -> Result<MadeToken, crate::administration::AdministrationError>
    + Send
    + 'static,
) -> Result<(String, String), crate::http::base::problem::Problem> {
    let url = visit.admin.service.public_url.clone();
    visit
        .create_secret(sent, move |transaction, account| {
            let made = CreatedConnectorToken::of(&url, work(transaction, account)?);
            Ok((made.scim_base_url, made.secret))
        })
        .await
}

/// Answers with URL and token, side by side.
pub(super) fn shown<P>(visit: &Visit<P>, title: &str, token: &(String, String)) -> HttpResponse {
    let (url, secret) = token;
    let both = [
        Secret { id: "url", label: "Connector URL", value: url },
        Secret { id: "token", label: "Token", value: secret },
    ];
    let content = html! {
        header {
            div {
                h1 { (title) }
                p.lead { "Enter both in your identity provider; the guides name its fields." }
            }
        }
        (secret_box(&both, "insomnia-scim.txt", &visit.at(&format!("{PATH}/guides"))))
    };
    visit.show(title, &[SCIM], &content)
}

const CONFIRM: &[Field<'_>] = &[Field::text("confirm", "Type SCIM to confirm")];

fn disabling<P>(visit: &Visit<P>, filled: &Filled) -> Markup {
    let (action, back) = (visit.at(&format!("{PATH}/disable")), visit.at(PATH));
    let form =
        Form::new(&action, CONFIRM, "Disable SCIM").dangerous().or_back(&back).render(filled);
    let what = html! {
        p {
            "Every token is refused at once: newcomers do not arrive, leavers are not removed. What was \
             provisioned stays, and so does the URL."
        }
    };
    confirmation("Disable SCIM?", &what, &form)
}

/// `GET /app/enterprise/scim/disable`.
async fn ask_to_disable(visit: Visit<Reading<ManageConnector>>) -> Answer {
    Ok(visit.show("Disable SCIM", &[SCIM], &disabling(&visit, &Filled::new())))
}

/// `POST /app/enterprise/scim/disable`.
async fn disable(visit: Visit<Smaller<ManageConnector>>, sent: Sent) -> Answer {
    let done = async {
        sent.confirms("SCIM")?;
        visit.admin.write(connector::disable).await
    }
    .await;
    match done {
        Ok(()) => Ok(visit.go(PATH, Notice::ScimDisabled)),
        Err(problem) => {
            let content = disabling(&visit, &sent.refused(&problem));
            Ok(visit.show_again(&problem, "Disable SCIM", &[SCIM], &content))
        }
    }
}
