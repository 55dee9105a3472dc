//! The profile: name, addresses, accounts, invitations.

use actix_web::web::ServiceConfig;
use maud::{Markup, html};

use super::{PATH, TITLE, addresses, head, memberships};
use crate::administration::persons::names;
use crate::enterprise::permissions::Power;
use crate::http::base::problem::Problem;
use crate::http::console::notice::Notice;
use crate::http::console::routing::form;
use crate::http::console::sent::Sent;
use crate::http::console::visit::{Answer, OwnVisit};
use crate::http::pages::parts::{Field, Filled, Form, Input, card, facts};

/// Registers the pages.
pub fn routes(config: &mut ServiceConfig) {
    config.service(form("/account", show, rename));
}

const FIELDS: &[Field<'_>] = &[Field::text("name", "Name").takes(Input::Own("name")).hint(
    "Yours in every account. What an account or its identity provider calls you there stays.",
)];

/// Returns whether the session is the person's, and not confined to one account.
pub fn is_free(visit: &OwnVisit) -> bool {
    visit.me.current.session.credential().may(Power::Person)
}

/// `GET /app/account`.
async fn show(visit: OwnVisit) -> Answer {
    let name = visit.me.read(|conn, current| Ok(names::shown_to(conn, current)?)).await?;
    let filled = Filled::new().with("name", name.unwrap_or_default());
    let content = page(&visit, &filled).await?;
    Ok(visit.show(TITLE, &[], &content))
}

async fn page(visit: &OwnVisit, filled: &Filled) -> Result<Markup, Problem> {
    Ok(html! {
        (head(&visit.frame, PATH))
        div.stack.loose {
            (card("Name", &own_name(visit, filled)))
            (card("E-mail addresses", &addresses::content(visit).await?))
            (card("Accounts", &memberships::accounts(visit).await?))
            (card("Invitations", &memberships::invitations(visit).await?))
            (card("Elsewhere", &elsewhere()))
        }
    })
}

fn own_name(visit: &OwnVisit, filled: &Filled) -> Markup {
    if is_free(visit) {
        return Form::new(&visit.at(PATH), FIELDS, "Save").render(filled);
    }
    html! {
        (facts(&[("Name", html! { (filled.value("name")) })]))
        p.muted {
            "You signed in by the single sign-on of this account, which says your name here. Sign in by \
             mail to change your own name."
        }
    }
}

fn elsewhere() -> Markup {
    html! {
        p.muted {
            "Your passphrase for end-to-end encryption, AI settings, vault integrations, plugins and \
             updates are set in the Insomnia app. Language and appearance follow your browser."
        }
    }
}

/// `POST /app/account`.
async fn rename(visit: OwnVisit, sent: Sent) -> Answer {
    let name = sent.text("name").to_owned();
    let done = visit.me.write_as_person(move |transaction, current| {
        crate::administration::persons::addresses::refuse_confined(&current.session)?;
        names::rename(transaction, &current.person, &name)
    });
    match done.await {
        Ok(_) => Ok(visit.go(PATH, Notice::NameChanged)),
        Err(problem) => {
            let content = page(&visit, &sent.refused(&problem)).await?;
            Ok(visit.show_again(&problem, TITLE, &[], &content))
        }
    }
}
