//! `/oauth/authorize`: asks an administrator whether a client may provision, and takes the answer.

use actix_web::http::StatusCode;
use actix_web::http::header::{LOCATION, ORIGIN, REFERRER_POLICY};
use actix_web::web::{self, Bytes};
use actix_web::{FromRequest, HttpMessage, HttpRequest, HttpResponse};

use super::consent;
use super::form::Form;
use crate::administration::oauth::{self, Asked, RedirectError};
use crate::enterprise::AccountPk;
use crate::http::admin::administrator::{Administrator, GivenToken};
use crate::http::admin::permits::ManageConnector;
use crate::http::base::state::Service;
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
    let mut location = uri.to_owned();
    for (name, value) in parts.iter().filter(|(_, value)| !value.is_empty()) {
        location.push(if location.contains('?') { '&' } else { '?' });
        location.push_str(name);
        location.push('=');
        location.extend(value.bytes().map(encoded));
    }
    HttpResponse::Found()
        .insert_header((LOCATION, location))
        .insert_header((REFERRER_POLICY, "no-referrer"))
        .finish()
}

fn encoded(byte: u8) -> String {
    match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
            char::from(byte).to_string()
        }
        byte => format!("%{byte:02X}"),
    }
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
    match checked(&service, &form).await {
        Ok((client, _, asked)) => consent::page(&client.name, &asked, &form.text("state"), None),
        Err(answer) => answer,
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
    if form.get("decision") != Some("allow") {
        let text = "The administrator did not allow it.";
        let parts = [("error", "access_denied"), ("error_description", text), ("state", &state)];
        return redirect(&asked.redirect_uri, &parts);
    }
    let admin = match admit_administrator(&request, &form).await {
        Ok(admin) if admin.enterprise == enterprise => admin,
        Ok(_) => {
            let text = "You are signed in to another account than that of this OAuth client.";
            return consent::page(&client.name, &asked, &state, Some(text));
        }
        Err(text) => return consent::page(&client.name, &asked, &state, Some(&text)),
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

/// Authenticates the administrator: by the token entered in the form if there is one, else by the
/// request's own credentials, such as a session cookie.
async fn admit_administrator(
    request: &HttpRequest,
    form: &Form,
) -> Result<Administrator<ManageConnector>, String> {
    if let Some(token) = form.get("token") {
        request.extensions_mut().insert(GivenToken(token.to_owned()));
    }
    Administrator::<ManageConnector>::extract(request)
        .await
        .map_err(|problem| problem.detail().to_owned())
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

    #[test]
    fn what_is_sent_back_cannot_leave_its_parameter() {
        let answer = redirect("https://x/cb?a=1", &[("state", "b&c=\r\nä"), ("code", "")]);
        let location = answer.headers().get(LOCATION).unwrap().to_str().unwrap();
        assert_eq!(location, "https://x/cb?a=1&state=b%26c%3D%0D%0A%C3%A4");
    }
}
