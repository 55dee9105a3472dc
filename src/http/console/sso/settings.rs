//! Entering what the identity provider tells: SAML by hand or by metadata, or OpenID Connect.

use actix_web::web::{Path, ServiceConfig};
use maud::{Markup, html};

use super::{SSO, path, read};
use crate::administration::AdministrationError;
use crate::administration::sso::connections::{self, SecretWish, Wish};
use crate::administration::sso::saml;
use crate::enterprise::sso::{Binding, Settings};
use crate::http::admin::permits::{ManageSso, Reading};
use crate::http::base::problem::Problem;
use crate::http::console::notice::Notice;
use crate::http::console::routing::form;
use crate::http::console::sent::Sent;
use crate::http::console::visit::{Answer, Visit};
use crate::http::pages::parts::{Choice, Field, Filled, Form, Input};
use crate::views::sso_connections::{ShownSettings, SsoConnection};

/// Registers the pages.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(form("/enterprise/sso/{id}/saml", ask_for_saml, enter_saml))
        .service(form("/enterprise/sso/{id}/metadata", ask_for_metadata, enter_metadata))
        .service(form("/enterprise/sso/{id}/oidc", ask_for_oidc, enter_oidc));
}

/// One of the forms.
struct Entry {
    rest: &'static str,
    title: &'static str,
    lead: &'static str,
    fields: &'static [Field<'static>],
}

const SAML: Entry = Entry {
    rest: "/saml",
    title: "Enter SAML settings",
    lead: "Okta shows them under View SAML setup instructions, Microsoft Entra ID under Set up.",
    fields: &[
        Field::text("saml.sign_on_url", "Sign on URL")
            .hint("Okta: Identity Provider Single Sign-On URL. Microsoft Entra ID: Login URL."),
        Field::text("saml", "Entity ID").hint(
            "Okta: Identity Provider Issuer. Microsoft Entra ID: Microsoft Entra Identifier.",
        ),
        Field::text("saml.certificates", "Signing certificate")
            .takes(Input::Lines)
            .hint("Base64 or PEM. While the provider changes it, paste both, one after the other."),
        BINDING,
        IDP_INITIATED,
    ],
};

const METADATA: Entry = Entry {
    rest: "/metadata",
    title: "Enter SAML metadata",
    lead: "The provider's metadata holds sign on URL, entity id and certificates at once.",
    fields: &[
        Field::text("saml.metadata", "Metadata")
            .takes(Input::Lines)
            .hint("The whole XML document."),
        IDP_INITIATED,
    ],
};

const OIDC: Entry = Entry {
    rest: "/oidc",
    title: "Enter OpenID Connect settings",
    lead: "From the application that you have registered at the identity provider.",
    fields: &[
        Field::text("issuer", "Issuer URL")
            .answers(&["identity-provider"])
            .hint("Exactly as the provider's discovery document gives it, without /.well-known/…"),
        Field::text("client_id", "Client ID"),
        Field::text("client_secret", "Client secret")
            .takes(Input::Secret)
            .optional()
            .answers(&["no-secret-key"])
            .hint("Never shown again. Left empty, the former one stays as long as issuer and client id \
                   are the same."),
        Field::text("public", "The client has no secret (PKCE only)").takes(Input::Tick),
    ],
};

const BINDING: Field<'static> =
    Field::text("binding", "The sign on URL takes requests by").takes(Input::One(&[
        Choice { value: "redirect", label: "Redirect", hint: "What nearly every provider takes." },
        Choice { value: "post", label: "POST", hint: "" },
    ]));

const IDP_INITIATED: Field<'static> =
    Field::text("idp_initiated", "Allow sign-in from the provider's own start page")
        .takes(Input::Tick)
        .hint("Such a sign-in is bound to no browser: only if people need it.");

impl Entry {
    fn content<P>(&self, visit: &Visit<P>, connection: &SsoConnection, filled: &Filled) -> Markup {
        let back = visit.at(&path(&connection.id, ""));
        let action = visit.at(&path(&connection.id, self.rest));
        html! {
            header { div { h1 { (self.title) } p.lead { (self.lead) } } }
            (Form::new(&action, self.fields, "Save as draft").or_back(&back).render(filled))
        }
    }

    async fn ask(
        &self,
        visit: &Visit<Reading<ManageSso>>,
        id: &Path<String>,
        fill: fn(&ShownSettings, Filled) -> Filled,
    ) -> Answer {
        let connection = read(visit, id).await?;
        let known = connection.draft.as_ref().or(connection.settings.as_ref());
        let filled = known.map_or_else(Filled::new, |settings| fill(settings, Filled::new()));
        let filled = if filled.value("binding").is_empty() {
            filled.with("binding", "redirect")
        } else {
            filled
        };
        let own = path(&connection.id, "");
        let above = [SSO, (connection.domain.as_str(), own.as_str())];
        Ok(visit.show(self.title, &above, &self.content(visit, &connection, &filled)))
    }

    async fn enter(
        &self,
        visit: &Visit<ManageSso>,
        id: Path<String>,
        sent: Sent,
        wish: Result<Wish, Problem>,
    ) -> Answer {
        let (own, key) = (id.to_string(), visit.admin.service.secret_key.clone());
        let done = async {
            let wish = wish?;
            visit
                .admin
                .write(move |transaction, account| {
                    connections::enter(transaction, account, &own, &wish, key.as_deref())
                })
                .await
        }
        .await;
        match done {
            Ok(_) => Ok(visit.go(&path(&id, ""), Notice::ConnectionEntered)),
            Err(problem) => {
                let connection = read(visit, &id).await?;
                let own = path(&connection.id, "");
                let above = [SSO, (connection.domain.as_str(), own.as_str())];
                let content = self.content(visit, &connection, &sent.refused(&problem));
                Ok(visit.show_again(&problem, self.title, &above, &content))
            }
        }
    }
}

/// `GET /app/enterprise/sso/{id}/saml`.
async fn ask_for_saml(visit: Visit<Reading<ManageSso>>, id: Path<String>) -> Answer {
    SAML.ask(&visit, &id, |settings, filled| match &settings.saml {
        None => filled,
        Some(saml) => {
            let certificates = saml.certificates.iter().map(|one| one.certificate.as_str());
            filled
                .with("saml.sign_on_url", &saml.sign_on_url)
                .with("saml", &saml.entity_id)
                .with("saml.certificates", certificates.collect::<Vec<_>>().join("\n\n"))
                .with("binding", saml.sign_on_binding.as_str())
                .with("idp_initiated", saml.idp_initiated.to_string())
        }
    })
    .await
}

/// `POST /app/enterprise/sso/{id}/saml`.
async fn enter_saml(visit: Visit<ManageSso>, id: Path<String>, sent: Sent) -> Answer {
    let wish = sent.word::<Binding>("binding").and_then(|binding| {
        let certificates = certificates(sent.text("saml.certificates"));
        let entered = saml::by_hand(
            sent.text("saml"),
            sent.text("saml.sign_on_url"),
            binding,
            &certificates,
            sent.ticked("idp_initiated"),
        );
        without_secret(entered)
    });
    SAML.enter(&visit, id, sent, wish).await
}

/// Returns the certificates in a text: PEM blocks, or base64 with an empty line between.
fn certificates(text: &str) -> Vec<String> {
    const END: &str = "-----END CERTIFICATE-----";
    let text = text.replace("\r\n", "\n");
    let parts: Vec<String> = if text.contains(END) {
        text.split_inclusive(END).map(str::to_owned).collect()
    } else {
        text.split("\n\n").map(str::to_owned).collect()
    };
    parts.into_iter().filter(|part| !part.trim().is_empty()).collect()
}

fn without_secret(
    entered: Result<(Settings, Vec<String>), AdministrationError>,
) -> Result<Wish, Problem> {
    let (settings, _) = entered?;
    Ok(Wish { settings, secret: SecretWish::None })
}

/// `GET /app/enterprise/sso/{id}/metadata`.
async fn ask_for_metadata(visit: Visit<Reading<ManageSso>>, id: Path<String>) -> Answer {
    METADATA.ask(&visit, &id, |_, filled| filled).await
}

/// `POST /app/enterprise/sso/{id}/metadata`.
async fn enter_metadata(visit: Visit<ManageSso>, id: Path<String>, sent: Sent) -> Answer {
    let begins = sent.ticked("idp_initiated");
    let wish = without_secret(saml::from_metadata(sent.text("saml.metadata"), begins));
    METADATA.enter(&visit, id, sent, wish).await
}

/// `GET /app/enterprise/sso/{id}/oidc`.
async fn ask_for_oidc(visit: Visit<Reading<ManageSso>>, id: Path<String>) -> Answer {
    OIDC.ask(&visit, &id, |settings, filled| match &settings.oidc {
        None => filled,
        Some(oidc) => filled
            .with("issuer", &oidc.issuer)
            .with("client_id", &oidc.client_id)
            .with("public", (!oidc.has_client_secret).to_string()),
    })
    .await
}

/// `POST /app/enterprise/sso/{id}/oidc`.
async fn enter_oidc(visit: Visit<ManageSso>, id: Path<String>, sent: Sent) -> Answer {
    let secret = match sent.given("client_secret") {
        Some(secret) => SecretWish::New(secret),
        None if sent.ticked("public") => SecretWish::None,
        None => SecretWish::Keep,
    };
    let settings = Settings::Oidc {
        issuer: sent.text("issuer").to_owned(),
        client_id: sent.text("client_id").to_owned(),
    };
    OIDC.enter(&visit, id, sent, Ok(Wish { settings, secret })).await
}

#[cfg(test)]
mod tests {
    use super::certificates;

    #[test]
    fn several_certificates_are_told_apart_in_either_form() {
        let pem = "-----BEGIN CERTIFICATE-----\r\nAA\r\n-----END CERTIFICATE-----\r\n";
        assert_eq!(certificates(&pem.repeat(2)).len(), 2);
        assert_eq!(certificates("AAAA\nBBBB\n\nCCCC\n"), ["AAAA\nBBBB", "CCCC\n"]);
        assert!(certificates(" \n\n ").is_empty());
    }
}
