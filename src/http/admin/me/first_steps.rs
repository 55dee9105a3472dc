//! `/api/v1/me/first-steps`: whether the person has hidden the first steps of their account.

use actix_web::HttpRequest;
use actix_web::web::Json;

use crate::administration::persons::first_steps;
use crate::http::admin::acting::Shown;
use crate::http::admin::api::Api;
use crate::http::admin::body::Body;
use crate::http::admin::session::SignedIn;
use crate::http::signing_in;
use crate::store::Scope;
use crate::views::me::first_steps::FirstSteps;

/// Declares the endpoints.
pub fn endpoints(api: &mut Api) {
    api.get("/me/first-steps", "me.get-first-steps", get)
        .summary("Whether you have hidden the first steps of the account that you act in");
    api.put("/me/first-steps", "me.change-first-steps", change)
        .summary("Hides the first steps of the account that you act in, or shows them again");
}

async fn get(me: SignedIn) -> Shown<FirstSteps> {
    let hidden = me.read(first_steps::are_hidden).await?;
    Ok(Json(FirstSteps { hidden }))
}

async fn change(
    me: SignedIn,
    Body(FirstSteps { hidden }): Body<FirstSteps>,
    request: HttpRequest,
) -> Shown<FirstSteps> {
    let account = Scope::from(me.current.account());
    let by = signing_in::by_person(&request, account, &me.current.person.email);
    me.write(by, move |transaction, current| first_steps::hide(transaction, current, hidden))
        .await?;
    Ok(Json(FirstSteps { hidden }))
}
