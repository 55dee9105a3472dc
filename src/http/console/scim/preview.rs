//! Before the first sync, and at any time: what the identity provider's list would do.

use actix_web::HttpResponse;
use actix_web::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use actix_web::web::ServiceConfig;
use maud::{Markup, html};

use super::{PATH, SCIM, views};
use crate::enterprise::reconciliation::{ListedOutcome, ListedTeamOutcome};
use crate::http::admin::connector_preview::previewed;
use crate::http::admin::permits::{ManageConnector, Reading};
use crate::http::base::csv;
use crate::http::console::routing::form;
use crate::http::console::sent::Sent;
use crate::http::console::visit::{Answer, Visit};
use crate::http::console::words::Label;
use crate::http::pages::parts::{
    Column, Field, Filled, Input, OpenForm, Table, Tone, badge, card, facts, link,
};
use crate::provisioning::preview::{Columns, Preview, PreviewedUser};

const TITLE: &str = "Preview a list";

/// Registers the page.
pub fn routes(config: &mut ServiceConfig) {
    config.service(form("/enterprise/scim/preview", ask, answer));
}

type Page = Visit<Reading<ManageConnector>>;

/// The number of users that are shown of each kind; the file has all.
const SHOWN: usize = 50;

const FIELDS: &[Field<'_>] = &[
    Field::text("list", "List of users").takes(Input::Lines).hint(
        "Paste the CSV export. Okta: Directory › People › More actions › Export to CSV. Microsoft \
               Entra ID: Users › Download users. At most 20,000 users; nothing is written.",
    ),
    Field::text("user_name", "Column of user names")
        .optional()
        .hint("Only if the list is of another provider, and its columns have other names."),
    Field::text("email", "Column of addresses").optional(),
    Field::text("groups", "Column of groups")
        .optional()
        .hint("Groups separated by semicolons: says which teams would be made or synchronised."),
];

fn heading() -> Markup {
    html! {
        header {
            div {
                h1 { (TITLE) }
                p.lead {
                    "What the identity provider's list would do, before the first sync; and at any time, \
                     who is missing and who differs. Nothing is written."
                }
            }
        }
    }
}

fn asking(visit: &Page, filled: &Filled) -> Markup {
    let action = visit.at(&format!("{PATH}/preview"));
    let buttons = html! {
        button.main { "Preview" }
        button name="as" value="csv" { "Download CSV" }
    };
    let form = OpenForm {
        action: &action,
        fields: FIELDS,
        hidden: &[],
        creates: false,
        buttons: &buttons,
    };
    html! {
        (heading())
        (views(visit, "/preview"))
        section.card { (form.render(filled)) }
    }
}

/// `GET /app/enterprise/scim/preview`.
async fn ask(visit: Page) -> Answer {
    Ok(visit.show(TITLE, &[SCIM], &asking(&visit, &Filled::new())))
}

/// `POST /app/enterprise/scim/preview`: the result, as a page or as a file.
async fn answer(visit: Page, sent: Sent) -> Answer {
    let columns = Columns {
        user_name: sent.given("user_name"),
        email: sent.given("email"),
        groups: sent.given("groups"),
        ..Columns::default()
    };
    match previewed(&visit.admin, sent.text("list"), &columns).await {
        Ok(preview) if sent.text("as") == "csv" => Ok(file(&preview)),
        Ok(preview) => {
            let content = html! {
                (heading())
                (views(&visit, "/preview"))
                (result(&visit, &preview))
                (again(&visit, &sent))
            };
            Ok(visit.show(TITLE, &[SCIM], &content))
        }
        Err(problem) => {
            let content = asking(&visit, &sent.refused(&problem));
            Ok(visit.show_again(&problem, TITLE, &[SCIM], &content))
        }
    }
}

/// The length in bytes up to which the result carries the list, for the file.
const CARRIED: usize = 50_000;

/// Renders the same list once more, for the file. A long one would make the page as long as itself.
fn again(visit: &Page, sent: &Sent) -> Markup {
    let another = link("Another list", &visit.at(&format!("{PATH}/preview")));
    if sent.text("list").len() > CARRIED {
        return html! {
            p.muted {
                "For a file with everybody, go back, and press Download CSV in place of Preview."
            }
            div.actions { (another) }
        };
    }
    html! {
        form method="post" action=(visit.at(&format!("{PATH}/preview"))) {
            @for name in ["list", "user_name", "email", "groups"] {
                input type="hidden" name=(name) value=(sent.text(name));
            }
            div.actions {
                button name="as" value="csv" { "Download CSV" }
                (another)
            }
        }
    }
}

fn file(preview: &Preview) -> HttpResponse {
    let mut text = csv::line(["line", "user_name", "outcome", "text", "member_id"]);
    for user in &preview.users {
        let line = user.line.map(|line| line.to_string()).unwrap_or_default();
        text.push_str(&csv::line([
            line.as_str(),
            &user.user_name,
            user.outcome.as_str(),
            &user.text,
            user.member_id.as_deref().unwrap_or_default(),
        ]));
    }
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/csv; charset=utf-8"))
        .insert_header((CONTENT_DISPOSITION, "attachment; filename=\"preview.csv\""))
        .body(text)
}

fn result(visit: &Page, preview: &Preview) -> Markup {
    let free = preview.seats_total - preview.seats_needed;
    html! {
        div.grid {
            (card("Seats", &facts(&[
                ("Used now", html! { (preview.seats_used) " of " (preview.seats_total) }),
                ("Needed", html! { (preview.seats_needed) }),
                ("Free afterwards", html! {
                    @if free < 0 { (badge(Tone::Bad, &format!("{} too few", -free))) } @else { (free) }
                }),
            ])))
            (card("Users on the list", &html! {
                p { (preview.user_count) " users" }
                dl.facts {
                    @for one in &preview.outcomes {
                        dt { (sign(one.outcome)) }
                        dd { (one.count) }
                    }
                }
            }))
        }
        @for outcome in ListedOutcome::ALL { (users(visit, preview, *outcome)) }
        (teams(preview))
    }
}

fn users(visit: &Page, preview: &Preview, outcome: ListedOutcome) -> Markup {
    let all: Vec<&PreviewedUser> =
        preview.users.iter().filter(|user| user.outcome == outcome).collect();
    if all.is_empty() {
        return html! {};
    }
    let row = |user: &&PreviewedUser| {
        let name = match &user.member_id {
            Some(id) => html! {
                a href=(visit.at(&format!("/app/enterprise/members/{id}"))) { (user.user_name) }
            },
            None => html! { (user.user_name) },
        };
        let line = user.line.map(|line| line.to_string()).unwrap_or_default();
        vec![name, html! { (line) }, html! { (user.text) }]
    };
    html! {
        section.stack.tight {
            h2 { (sign(outcome)) " " (all.len()) }
            (Table {
                caption: outcome.label(),
                columns: &[Column::text("User"), Column::number("Line"), Column::text("What happens")],
                nothing: "",
                rows: all.iter().take(SHOWN).map(row).collect(),
                next: None,
            }.render())
            @if all.len() > SHOWN {
                p.muted { "The first " (SHOWN) " are shown; the file has all." }
            }
        }
    }
}

fn teams(preview: &Preview) -> Markup {
    let row = |team: &crate::provisioning::preview::PreviewedTeam| {
        let tone = match team.outcome {
            ListedTeamOutcome::New => Tone::Info,
            ListedTeamOutcome::BecomesSynchronised => Tone::Warn,
            ListedTeamOutcome::Kept => Tone::Neutral,
            ListedTeamOutcome::Refused => Tone::Bad,
        };
        vec![
            html! { (team.name) },
            badge(tone, team.outcome.label()),
            html! { (team.member_count) },
            html! { (team.text) },
        ]
    };
    html! {
        @if !preview.teams.is_empty() {
            section.stack.tight {
                h2 { "Teams " (preview.teams.len()) }
                (Table {
                    caption: "The groups on the list",
                    columns: &[
                        Column::text("Group"),
                        Column::text("Outcome"),
                        Column::number("Users"),
                        Column::text("What happens"),
                    ],
                    nothing: "",
                    rows: preview.teams.iter().map(row).collect(),
                    next: None,
                }.render())
            }
        }
    }
}

fn sign(outcome: ListedOutcome) -> Markup {
    let tone = match outcome {
        ListedOutcome::New | ListedOutcome::Reactivated => Tone::Info,
        ListedOutcome::Adopted | ListedOutcome::Invited | ListedOutcome::Unchanged => Tone::Good,
        ListedOutcome::Changed | ListedOutcome::Deactivated | ListedOutcome::Missing => Tone::Warn,
        ListedOutcome::Inactive => Tone::Neutral,
        ListedOutcome::Conflict | ListedOutcome::Refused | ListedOutcome::Duplicate => Tone::Bad,
    };
    badge(tone, outcome.label())
}
