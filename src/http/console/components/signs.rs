//! Signs, blocks, lists and charts.

use maud::{Markup, html};

use super::PATH;
use crate::http::console::frame::Frame;
use crate::http::pages::parts::{
    Chart, Column, Filter, Tab, Table, Tone, badge, banner, banner_with, before_after, card,
    confirmation, date, dialog, empty, facts, link, main_link, meter, moment, search, secret,
    steps, tabs,
};

const TONES: [(Tone, &str); 6] = [
    (Tone::Neutral, "Neutral"),
    (Tone::Good, "Good"),
    (Tone::Warn, "Warn"),
    (Tone::Bad, "Bad"),
    (Tone::Info, "Info"),
    (Tone::Accent, "Accent"),
];

/// A name as long as names can be, and longer than most places.
const LONG: &str =
    "Flugbetriebsorganisationsentwicklungsabteilung of the Northern and Southern Hemisphere";

const COLUMNS: &[Column] = &[
    Column::text("Name"),
    Column::text("Role"),
    Column::number("Members"),
    Column::text("Created"),
    Column::text(""),
];

/// Renders all of them.
pub fn all(frame: &Frame) -> Markup {
    let href = frame.link(PATH);
    html! {
        h2 { "Badges" }
        div.row { @for (tone, word) in TONES { (badge(tone, word)) } }
        h2 { "Banners" }
        @for (tone, word) in TONES {
            (banner(tone, &html! { strong { (word) "." } " What happened, why, and what to do." }, Some(("Do it", &href))))
        }
        (banner(Tone::Info, &html! { "Without a link." }, None))
        (banner_with(Tone::Bad, &html! { "With two links, about " (LONG) "." }, &[("Licenses", &href), ("Get more seats", &href)]))
        h2 { "Meters" }
        div.grid {
            @for (used, total) in [(0, 50), (12, 50), (45, 50), (50, 50), (0, 0)] {
                (meter(used, total, &format!("{used} of {total} seats used")))
            }
        }
        (buttons(&href))
        (blocks(frame, &href))
        (lists(frame, &href))
        (charts())
    }
}

fn buttons(href: &str) -> Markup {
    html! {
        h2 { "Buttons and links" }
        div.actions {
            (main_link("Main", href))
            (link("Link", href))
            (dialog("Dialog", &format!("{href}#question")))
            button type="button" { "Button" }
            button.danger type="button" { "Dangerous" }
            button.danger.main type="button" { "Dangerous and main" }
            button.plain type="button" { "Plain" }
            button.plain.danger type="button" { "Plain and dangerous" }
            button.small type="button" { "Small" }
            button type="button" disabled { "Disabled" }
        }
    }
}

fn blocks(frame: &Frame, href: &str) -> Markup {
    let tab = |label, is_current| Tab { label, href, is_current };
    html! {
        h2 { "Tabs" }
        (tabs("Views of a thing", &[tab("Collaborators", true), tab("Teams", false), tab("Storage", false), tab("Profile", false)]))
        h2 { "Cards with facts" }
        div.grid {
            (card("Facts", &facts(&[
                ("Name", html! { "Flight" }),
                ("Long name", html! { (LONG) }),
                ("State", badge(Tone::Good, "Active")),
                ("Moment", moment(frame.now)),
                ("Day", date(frame.now)),
                ("Nothing", html! { span.muted { "None" } }),
            ])))
            (card("A card with a text", &html! {
                p { "Text with " code { "code" } ", a " a href=(href) { "link" } " and " strong { "weight" } "." }
                p.muted { "What matters less is muted." }
                p.wrong { "What is wrong says so." }
            }))
        }
        h2 { "Steps" }
        section.card.flush {
            (steps(&[
                ("Activate", html! { "A step that is done." }, None),
                ("Create teams", html! { "The next step." }, Some(main_link("Create Team", href))),
                ("Add a domain", html! { "A later step, about " (LONG) "." }, Some(link("New Domain", href))),
            ]))
        }
        h2 { "Empty state" }
        (empty("No teams yet", "KongAir, for example, has a team Flight: whoever joins it reaches Cargo and Passengers.", Some(&main_link("Create Team", href))))
        (empty("No requests", "Without a button, where there is nothing to do.", None))
        h2 { "Confirmation" }
        div id="question" {
            (confirmation("Take the member out of the team?", &html! {
                p { "Cora loses Cargo and Passengers. Her seat stays taken." }
            }, &html! { div.actions { button.main.danger type="button" { "Take out" } (link("Cancel", href)) } }))
        }
        h2 { "Secret" }
        (secret("shown-secret", "SCIM token", "insomnia_scim_shown-this-once"))
        h2 { "Before and after" }
        (before_after(
            &html! { pre { code { "{\n  \"name\": \"Flight\"\n}" } } },
            &html! { pre { code { "{\n  \"name\": \"Flight crew\"\n}" } } },
        ))
    }
}

fn row(frame: &Frame, name: &str, href: &str) -> Vec<Markup> {
    vec![
        html! { a.thing href=(href) { (name) } span.sub { "Flies cargo and passengers" } },
        badge(Tone::Info, "Member"),
        html! { "12" },
        date(frame.now),
        html! { (link("Edit", href)) },
    ]
}

fn lists(frame: &Frame, href: &str) -> Markup {
    let table = |caption, rows, nothing, next| {
        Table { caption, columns: COLUMNS, rows, nothing, next }.render()
    };
    let rows = vec![row(frame, "Flight", href), row(frame, LONG, href)];
    html! {
        h2 { "Search" }
        (search("Search teams", "", &[Filter {
            name: "source",
            label: "Source",
            values: &[("", "All"), ("manual", "Manual"), ("scim", "SCIM")],
            chosen: "manual",
        }]))
        h2 { "Table" }
        (table("Teams, and there are more", rows, "", Some(format!("{href}?cursor=next"))))
        h2 { "Table that finds nothing" }
        (table("No teams", Vec::new(), "No team is found.", None))
    }
}

fn charts() -> Markup {
    let hours = |series: &[fn(i64) -> i64]| {
        (0..24)
            .map(|hour| (format!("{hour:02}:00"), series.iter().map(|of| of(hour)).collect()))
            .collect()
    };
    let requests: fn(i64) -> i64 = |hour| (hour * 37) % 90;
    let failures: fn(i64) -> i64 = |hour| (hour * 5) % 7;
    html! {
        h2 { "Charts" }
        div.grid {
            (card("Bars", &Chart {
                caption: "Requests and failures an hour",
                unit: "Hour",
                series: &["Requests", "Failures"],
                points: hours(&[requests, failures]),
            }.bars()))
            (card("Lines", &Chart {
                caption: "Seats in use",
                unit: "Hour",
                series: &["Seats"],
                points: hours(&[requests]),
            }.lines()))
            (card("Without numbers", &Chart {
                caption: "Requests",
                unit: "Hour",
                series: &["Requests"],
                points: Vec::new(),
            }.bars()))
        }
    }
}
