//! Names that two things have since an upgrade: shown above the list of these things, until one of
//! them is renamed or removed.

use maud::{Markup, html};

use super::visit::Visit;
use crate::administration::name_conflicts;
use crate::enterprise::name::Named;
use crate::http::base::problem::Problem;
use crate::http::pages::parts::{Tone, banner};
use crate::views::name_conflicts::NameConflict;

/// The number of conflicts that are looked at.
const MOST: i64 = 100;

/// Renders a banner for each conflict of things of this kind.
pub async fn notes<P>(visit: &Visit<P>, kind: Named) -> Result<Markup, Problem> {
    let page = visit
        .admin
        .read(move |conn, account| Ok(name_conflicts::list(conn, account, 0, MOST)?))
        .await?;
    let conflicts = page.items.into_iter().map(NameConflict::from).filter(|one| one.kind == kind);
    Ok(html! {
        @for conflict in conflicts {
            (banner(Tone::Warn, &html! {
                strong { "“" (conflict.name) "” and “" (conflict.other_name) "” are one name." }
                " " (conflict.what_to_do)
            }, None))
        }
    })
}
