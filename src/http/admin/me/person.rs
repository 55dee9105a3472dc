//! `/api/v1/me`: the person.

use actix_web::web::Json;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::administration::persons::names;
use crate::http::admin::acting::Shown;
use crate::http::admin::api::Api;
use crate::http::admin::body::Body;
use crate::http::admin::session::Unconfined;
use crate::views::me::person::Person;

/// Declares the endpoints.
pub fn endpoints(api: &mut Api) {
    api.get("/me", "me.get", get).summary("You as a person, apart from any account").description(
        "For a session that began by mail. What an account or its identity provider calls its \
         member is another thing: GET /api/v1/session tells it in a session of that account.",
    );
    api.patch("/me", "me.change", change)
        .summary("Gives yourself another name")
        .description("Members of accounts keep the names that their account gives them.");
}

/// Changes to a person.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PersonChanges {
    /// The new name, at most 255 characters.
    name: String,
}

async fn get(Unconfined(me): Unconfined) -> Shown<Person> {
    Ok(Json(me.current.person.into()))
}

async fn change(Unconfined(me): Unconfined, Body(changes): Body<PersonChanges>) -> Shown<Person> {
    me.write_as_person(move |transaction, current| {
        names::rename(transaction, &current.person, &changes.name)
    })
    .await
    .map(|person| Json(person.into()))
}
