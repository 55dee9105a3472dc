//! `/oauth/authorize`: asks an administrator whether a client may provision, and takes the answer.

use actix_web::http::StatusCode;
use actix_web::http::header::{LOCATION, ORIGIN, REFERRER_POLICY};
use actix_web::web::{self, Bytes};
use actix_web::{HttpRequest, HttpResponse};

use super::consent::{self, Question};
use super::form::Form;
use super::visitor::{self, Visitor};
use crate::administration::oauth::{self, Asked, RedirectError};
use crate::enterprise::AccountPk;
use crate::http::base::query::with_query;
use crate::http::base::state::Service;
use crate::http::pages::Page;
use crate::store::oauth::ClientRow;
use crate::store::{Cost, StoreError};

/// The maximum length of `state`.
const LONGEST_STATE: usize = 2000;

fn asked(form: &Form) -> Asked {
    Asked {
        response_type: form.text("response_type"),
        client_id: form.text("client_id"),
        redirect_uri: form.text("redirect_uri"),
        scope: form.text("scope"),
        challenge: form.text("code_challenge"),
        challenge_method: form.text("code_challenge_method"),
    }
}

/// Returns the client that asks, or the refusal.
async fn checked(
    service: &Service,
    form: &Form,
) -> Result<(ClientRow, AccountPk, Asked), HttpResponse> {
    let asked = asked(form);
    let state = form.text("state");
    if state.len() > LONGEST_STATE {
        return Err(consent::error(StatusCode::BAD_REQUEST, "The parameter state is too long."));
    }
    let for_check = asked.clone();
    let checked = service.store.read(Cost::Point, move |conn| oauth::check(conn, &for_check)).await;
    match checked {
        Ok(Ok((client, enterprise))) => Ok((client, enterprise, asked)),
        Ok(Err(RedirectError::Page(text))) => Err(consent::error(StatusCode::BAD_REQUEST, text)),
        Ok(Err(RedirectError::Client(word, text))) => {
            let parts = [("error", word), ("error_description", text), ("state", &state)];
            Err(redirect(&asked.redirect_uri, &parts))
        }
        Err(error) => Err(unavailable(&error)),
    }
}

/// Redirects the browser to the client, with these parameters in the query.
fn redirect(uri: &str, parts: &[(&str, &str)]) -> HttpResponse {
    HttpResponse::Found()
        .insert_header((LOCATION, with_query(uri, parts)))
        .insert_header((REFERRER_POLICY, "no-referrer"))
        .finish()
}

fn unavailable(error: &StoreError) -> HttpResponse {
    log::error!("an authorization failed: {error}");
    consent::error(StatusCode::SERVICE_UNAVAILABLE, "The server cannot do this now. Try again.")
}

/// `GET /oauth/authorize`: shows the question.
pub async fn ask(service: web::Data<Service>, request: HttpRequest) -> HttpResponse {
    let form = match Form::parse(request.query_string()) {
        Ok(form) => form,
        Err(text) => return consent::error(StatusCode::BAD_REQUEST, &text),
    };
    let (client, enterprise, asked) = match checked(&service, &form).await {
        Ok(checked) => checked,
        Err(answer) => return answer,
    };
    let state = form.text("state");
    let question = Question { client: &client.name, asked: &asked, state: &state };
    match Visitor::of(&service, &request, enterprise).await {
        Ok(Visitor::Stranger) => visitor::sign_in((&asked, &state)),
        Ok(visitor) => consent::page(&question, &visitor),
        Err(problem) => Page::refusing("This did not work", &problem).respond(),
    }
}

/// `POST /oauth/authorize`: takes the answer.
pub async fn answer(
    service: web::Data<Service>,
    request: HttpRequest,
    body: Result<Bytes, actix_web::Error>,
) -> HttpResponse {
    let text = body.ok().and_then(|body| String::from_utf8(body.to_vec()).ok());
    let form = match Form::parse(&text.unwrap_or_default()) {
        Ok(form) => form,
        Err(text) => return consent::error(StatusCode::BAD_REQUEST, &text),
    };
    // Another site's page must not answer in the administrator's name.
    let origin = request.headers().get(ORIGIN).and_then(|value| value.to_str().ok());
    if origin.is_some_and(|origin| origin != origin_of(&service.public_url)) {
        return consent::error(StatusCode::FORBIDDEN, "The answer came from another site's page.");
    }
    let (client, enterprise, asked) = match checked(&service, &form).await {
        Ok(checked) => checked,
        Err(answer) => return answer,
    };
    let state = form.text("state");
    match form.get("decision") {
        Some("allow") => {}
        Some("sign-in-again") => {
            return visitor::sign_in_again(&service, &request, (&asked, &state)).await;
        }
        _ => {
            let text = "The administrator did not allow it.";
            let parts =
                [("error", "access_denied"), ("error_description", text), ("state", &state)];
            return redirect(&asked.redirect_uri, &parts);
        }
    }
    let question = Question { client: &client.name, asked: &asked, state: &state };
    let admin = match Visitor::of(&service, &request, enterprise).await {
        Ok(Visitor::Admin { admin, .. }) => admin,
        Ok(Visitor::Stranger) => return visitor::sign_in((&asked, &state)),
        Ok(visitor) => return consent::page(&question, &visitor),
        Err(problem) => return Page::refusing("This did not work", &problem).respond(),
    };
    let (for_code, uri) = (asked.clone(), asked.redirect_uri);
    let code = service
        .store
        .write(admin.context(), move |transaction| {
            oauth::authorize(transaction, enterprise, &client, &for_code)
        })
        .await;
    match code {
        Ok(code) => redirect(&uri, &[("code", &code), ("state", &state)]),
        Err(error) => {
            log::error!("an authorization failed: {error}");
            let text = "The server cannot do this now. Try again.";
            consent::error(StatusCode::SERVICE_UNAVAILABLE, text)
        }
    }
}

fn origin_of(url: &str) -> &str {
    let start = url.find("://").map_or(0, |position| position + 3);
    let end = url[start..].find('/').map_or(url.len(), |position| start + position);
    &url[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_a_url_without_its_path() {
        assert_eq!(origin_of("https://scim.kong.example/base"), "https://scim.kong.example");
        assert_eq!(origin_of("http://127.0.0.1:8080"), "http://127.0.0.1:8080");
    }
}
