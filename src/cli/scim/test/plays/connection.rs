//! The requests that follow when an administrator presses *Test Connection*.

use super::super::client::Dialect::{Entra, Okta};
use super::super::names::{Names, entra_filter};
use super::super::stage::Stage;

pub fn play(stage: &mut Stage, names: &Names) {
    stage.begin("Connection");
    stage.play(
        Okta.get("Okta tests the connection: the first two users", "/Users?startIndex=1&count=2")
            .finds_a_list(),
    );
    let nobody = uuid::Uuid::new_v4().to_string();
    stage.play(
        Entra
            .get(
                "Entra tests the connection: no user of a random name",
                &format!("/Users?{}", entra_filter("userName", &nobody)),
            )
            .finds(0),
    );
    stage.play(
        Okta.get("a wrong token is refused", "/Users?startIndex=1&count=2")
            .with_token(format!("insomnia-scim-test-wrong-{}", names.run))
            .refused(&[401]),
    );
}
