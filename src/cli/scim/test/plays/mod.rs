//! The request sequences of identity providers.

mod connection;
mod discovery;
mod entra_group;
mod entra_user;
mod okta_group;
mod okta_user;
mod schemas;

use super::names::Names;
use super::stage::Stage;

/// Runs all sequences, in the order in which an administrator would set up provisioning.
pub fn all(stage: &mut Stage, names: &Names) {
    connection::play(stage, names);
    discovery::play(stage);
    let of_okta = okta_user::play(stage, names);
    let of_entra = entra_user::play(stage, names, of_okta.as_deref());
    match (of_okta, of_entra) {
        (Some(one), Some(other)) => {
            okta_group::play(stage, names, &one, &other);
            entra_group::play(stage, names, &one, &other);
        }
        _ => stage.leave_out("Groups need both users and are skipped."),
    }
}
