//! Personal tokens: what the person's programs come with, as their member in the account.

use actix_web::web::ServiceConfig;
use maud::{Markup, html};

use super::{TITLE, TOKENS, head};
use crate::administration::tokens::{self, Asker, DEFAULT_DAYS, Wish};
use crate::enterprise::permissions::Operation;
use crate::http::admin::list::Paged;
use crate::http::admin::permits::{MakeTokens, ManageOwnTokens, Reading, Smaller};
use crate::http::base::problem::Problem;
use crate::http::console::notice::Notice;
use crate::http::console::routing::{form, sent, shown};
use crate::http::console::sent::{Sent, invalid};
use crate::http::console::visit::{Answer, Visit};
use crate::http::console::wanted::{Wanted, Whole};
use crate::http::pages::parts::{
    Choice, Column, Field, Filled, Form, Input, Secret, Table, Tone, badge, date, empty, main_link,
    moment, secret_box,
};
use crate::http::pages::{hidden, post_form};
use crate::views::list::List;
use crate::views::tokens::PersonalToken;

const NEW: &str = "/app/account/tokens/new";
const REVOKE: &str = "/app/account/tokens/revoke";

/// Registers the pages.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(shown("/account/tokens", list))
        .service(form("/account/tokens/new", ask, create))
        .service(sent("/account/tokens/revoke", revoke));
}

/// `GET /app/account/tokens`.
async fn list(
    visit: Visit<Reading<ManageOwnTokens>>,
    wanted: Wanted<Whole>,
    paging: Paged,
) -> Answer {
    let ((after, limit), member) = (paging.range()?, visit.admin.member);
    let page = visit.admin.read(move |conn, _| tokens::list(conn, member, after, limit)).await?;
    let found = paging.list(page, PersonalToken::from);
    let new = main_link("New token", &visit.at(NEW));
    let content = html! {
        (head(&visit.frame, TOKENS))
        @if found.items.is_empty() && after == 0 {
            (empty(
                "No personal tokens",
                "A token lets the command line or a program of yours do what you may do in this account, \
                 or less.",
                Some(&new),
            ))
        } @else {
            div.actions { (new) }
            (table(&visit, &wanted, found))
        }
    };
    Ok(visit.show("Personal tokens", &[(TITLE, super::PATH)], &content))
}

fn table(
    visit: &Visit<Reading<ManageOwnTokens>>,
    wanted: &Wanted<Whole>,
    found: List<PersonalToken>,
) -> Markup {
    Table {
        caption: "Your personal tokens",
        columns: &[
            Column::text("Name"),
            Column::text("May"),
            Column::text("Created"),
            Column::text("Last used"),
            Column::text("Expires"),
            Column::text(""),
        ],
        nothing: "No token is found.",
        next: wanted.next(&visit.at(TOKENS), found.next_cursor),
        rows: found.items.iter().map(|token| row(visit, token)).collect(),
    }
    .render()
}

fn row(visit: &Visit<Reading<ManageOwnTokens>>, token: &PersonalToken) -> Vec<Markup> {
    let is_over = token.expires_at.is_some_and(|end| end <= visit.frame.now);
    vec![
        html! { strong { (token.name) } },
        match &token.scopes {
            None => html! { "All that you may" },
            Some(scopes) => html! {
                @for word in scopes { (badge(Tone::Neutral, word)) " " }
            },
        },
        date(token.created_at),
        token.last_used_at.map_or_else(|| html! { "Never" }, moment),
        html! {
            @if let Some(end) = token.expires_at { (date(end)) } @else { "Never" }
            @if is_over { " " (badge(Tone::Bad, "Ended")) }
        },
        post_form(
            &visit.at(REVOKE),
            &html! {
                (hidden("id", &token.id))
                button.small aria-label=(format!("Revoke {}", token.name)) { "Revoke" }
            },
        ),
    ]
}

const EXPIRY: &[Choice<'_>] = &[
    Choice { value: "7", label: "7 days", hint: "" },
    Choice { value: "30", label: "30 days", hint: "" },
    Choice { value: "90", label: "90 days", hint: "" },
    Choice { value: "180", label: "180 days", hint: "" },
    Choice { value: "365", label: "365 days", hint: "" },
];

fn creating(visit: &Visit<MakeTokens>, filled: &Filled) -> Markup {
    let may: Vec<(&str, String)> = tokens::grantable(visit.admin.role)
        .map(|operation| {
            (operation.as_str(), capital(operation.phrase()).replace("this org", "an org"))
        })
        .collect();
    let scopes: Vec<Choice<'_>> =
        may.iter().map(|(value, label)| Choice { value, label, hint: value }).collect();
    let fields = [
        Field::text("name", "Name").hint("What the token is for.").answers(&["too-many-tokens"]),
        Field::text("scopes", "What it may do")
            .takes(Input::Any(&scopes))
            .hint("Without a tick it may do all that you may.")
            .answers(&["scope-beyond-role"])
            .optional(),
        Field::text("expires_in_days", "Expires after").takes(Input::Select(EXPIRY)),
    ];
    html! {
        header { h1 { "New token" } }
        (Form::new(&visit.at(NEW), &fields, "Create token").creating().or_back(&visit.at(TOKENS)).render(filled))
    }
}

/// Returns the phrase with a capital letter.
fn capital(phrase: &str) -> String {
    let mut letters = phrase.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

const ABOVE: &[(&str, &str)] = &[(TITLE, super::PATH), ("Personal tokens", TOKENS)];

/// `GET /app/account/tokens/new`. Making a token needs a fresh proof of who one is; it is asked for
/// before anything is typed.
async fn ask(visit: Visit<MakeTokens>) -> Answer {
    let filled = Filled::new().with("expires_in_days", DEFAULT_DAYS.to_string());
    Ok(visit.show("New token", ABOVE, &creating(&visit, &filled)))
}

fn wish(sent: &Sent) -> Result<Wish, Problem> {
    let unknown = |_| invalid("scopes", "choose among the operations");
    let scopes =
        sent.all("scopes").iter().map(|word| word.parse::<Operation>()).collect::<Result<_, _>>();
    Ok(Wish {
        name: sent.text("name").to_owned(),
        scopes: scopes.map_err(unknown)?,
        days: sent.word("expires_in_days")?,
    })
}

/// `POST /app/account/tokens/new`.
async fn create(visit: Visit<MakeTokens>, sent: Sent) -> Answer {
    let admin = &visit.admin;
    let asker = Asker {
        enterprise: admin.enterprise,
        member: admin.member,
        role: admin.role,
        scopes: admin.scopes.clone(),
    };
    let made = async {
        let wish = wish(&sent)?;
        visit
            .create_secret(&sent, move |transaction, _| {
                Ok(tokens::create(transaction, &asker, &wish)?.secret)
            })
            .await
    }
    .await;
    match made {
        Ok(secret) => {
            let secret = Secret { id: "token", label: "Token", value: &secret };
            let content = html! {
                header { h1 { "Your new token" } }
                (secret_box(&[secret], "insomnia-token.txt", &visit.at(TOKENS)))
            };
            Ok(visit.show("New token", ABOVE, &content))
        }
        Err(problem) => {
            let content = creating(&visit, &sent.refused(&problem));
            Ok(visit.show_again(&problem, "New token", ABOVE, &content))
        }
    }
}

/// `POST /app/account/tokens/revoke`.
async fn revoke(visit: Visit<Smaller<ManageOwnTokens>>, sent: Sent) -> Answer {
    let (id, member) = (sent.text("id").to_owned(), visit.admin.member);
    visit
        .admin
        .write(move |transaction, account| tokens::revoke(transaction, account, member, &id))
        .await?;
    Ok(visit.go(TOKENS, Notice::TokenRevoked))
}
