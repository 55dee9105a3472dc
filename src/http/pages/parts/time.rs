//! Times: sent in UTC, shown in the reader's zone where scripts run.

use maud::{Markup, html};

use crate::enterprise::Timestamp;

/// Renders a point in time to the minute.
pub fn moment(time: Timestamp) -> Markup {
    let text = time.to_rfc3339();
    let shown = text.get(..16).unwrap_or(&text).replace('T', " ");
    html! { time datetime=(text) { (shown) " UTC" } }
}

/// Renders a day.
pub fn date(time: Timestamp) -> Markup {
    let text = time.to_rfc3339();
    html! { time datetime=(text) data-only="date" { (text.get(..10).unwrap_or(&text)) } }
}
