//! `demo`: serves the KongAir demo account.

use std::io::Write;

use super::error::CommandError;
use super::runtime::block_on;
use super::serve;
use crate::administration::accounts::demo::{self, Demo};
use crate::store::{Opening, Scope};

pub fn run(arguments: &serve::Arguments) -> Result<(), CommandError> {
    serve::serve(arguments, Opening::Create, |store, public_url| {
        let demo = block_on(store.write(Scope::NONE, demo::ensure))??;
        let mut out = std::io::stdout().lock();
        out.write_all(introduction(&demo, public_url).as_bytes())?;
        Ok(out.flush()?)
    })
}

/// Returns the URLs, tokens and example requests for a first look at the product.
fn introduction(demo: &Demo, public_url: &str) -> String {
    let base = format!("{public_url}/scim/v2/{}", demo.connector_id);
    let admin = format!("curl -s -H 'Authorization: Bearer {}'", demo.admin_token);
    let api = format!("{public_url}/api/v1");
    let (token, first) = match &demo.scim_token {
        Some(token) => {
            let scim = format!("curl -s -H 'Authorization: Bearer {token}'");
            let create = format!(
                "{scim} -H 'Content-Type: application/scim+json' -d '{{\"schemas\":[\"urn:ietf:params:\
                 scim:schemas:core:2.0:User\"],\"userName\":\"amelia@kongair.example\",\"name\":\
                 {{\"givenName\":\"Amelia\",\"familyName\":\"Pilot\"}},\"emails\":[{{\"value\":\
                 \"amelia@kongair.example\",\"primary\":true}}],\"active\":true}}' '{base}/Users'"
            );
            (token.clone(), [create, format!("{scim} '{base}/Users?count=10'")])
        }
        None => (
            "shown at the first start only; its hash is all that is stored".to_owned(),
            [format!("{admin} '{api}/organizations'"), format!("{admin} '{api}/teams'")],
        ),
    };
    let [one, two] = first;
    format!(
        "\nKongAir is ready.\n\n\
         SCIM base URL  {base}\n\
         SCIM token     {token}\n\
         Admin API      {api}\n\
         Admin token    {}\n\n\
         Try it:\n\n{one}\n\n{two}\n\n{admin} '{api}/seats'\n\n",
        demo.admin_token
    )
}
