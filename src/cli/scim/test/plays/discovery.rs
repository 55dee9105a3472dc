//! The discovery endpoints (RFC 7644, section 4).

use super::super::client::Dialect::Entra;
use super::super::stage::Stage;
use super::schemas::{GROUP, USER};

pub fn play(stage: &mut Stage) {
    stage.begin("Discovery");
    stage.play(
        Entra
            .get("the server describes itself", "/ServiceProviderConfig")
            .is("/patch/supported", true)
            .is("/filter/supported", true),
    );
    stage.play(Entra.get("schemas of users and groups", "/Schemas").lists("id", &[USER, GROUP]));
    stage.play(
        Entra
            .get("resource types of users and groups", "/ResourceTypes")
            .lists("endpoint", &["/Users", "/Groups"]),
    );
}
