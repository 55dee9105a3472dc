//! `/api/v1/reports`: tables for spreadsheets, streamed page by page.

use super::administrator::Administrator;
use super::answers::{Csv, Download};
use super::api::Api;
use super::licences::Wanted;
use super::permits::{ReadAccount, ReadBilling};
use super::query::Query;
use crate::administration::activity::{self, Line};
use crate::administration::licences::{self, Licence};
use crate::administration::listing::Position;
use crate::enterprise::activity::{KEPT_DAYS, NOT_AVAILABLE};
use crate::enterprise::{Role, Timestamp};
use crate::http::base::csv;
use crate::http::base::problem::Problem;
use crate::http::base::streaming::Section;

/// The number of rows that one query reads.
const SECTION: i64 = 500;

/// Declares the endpoints.
pub fn endpoints(api: &mut Api) {
    api.get("/reports/licences.csv", "reports.export-licences", licences_csv)
        .formerly("licences")
        .summary("Who holds a seat, since when, and from which source, as comma-separated values");
    api.get("/reports/user-activity.csv", "reports.export-user-activity", activity_csv).formerly("user-activity")
        .summary("When members were last active, as comma-separated values")
        .description(
            "The day in UTC, N/A past 100 days; and on how many of the last 90 days, for which days \
             of use are kept.",
        );
}

async fn licences_csv(
    admin: Administrator<ReadBilling>,
    Query(wanted): Query<Wanted>,
) -> Result<Download<Csv>, Problem> {
    let (filter, now) = (wanted.read()?, admin.now());
    let head = csv::line("id,email,user_name,display_name,role,source,since".split(','));
    let first = Position::default();
    Ok(admin.download("licences.csv", head, first, move |conn, account, from| {
        let held = licences::list(conn, account, now, &filter, (from, SECTION))?;
        Ok(Section { text: held.items.iter().map(licence_line).collect(), next: held.next })
    }))
}

fn licence_line(licence: &Licence) -> String {
    csv::line([
        licence.id.as_str(),
        licence.email.as_deref().unwrap_or_default(),
        licence.user_name.as_deref().unwrap_or_default(),
        licence.display_name.as_deref().unwrap_or_default(),
        licence.role.map_or("", Role::as_str),
        licence.source.as_str(),
        &licence.since.to_rfc3339(),
    ])
}

async fn activity_csv(admin: Administrator<ReadAccount>) -> Download<Csv> {
    let now = admin.now();
    let head = "id,email,user_name,display_name,role,source,state,last_active,active_days_of_";
    let head = csv::line(format!("{head}{KEPT_DAYS}").split(','));
    admin.download("user-activity.csv", head, 0, move |conn, account, after| {
        let page = activity::list(conn, account, now, *after, SECTION)?;
        Ok(Section { text: page.items.iter().map(activity_line).collect(), next: page.next })
    })
}

fn activity_line((member, activity): &Line) -> String {
    let last = activity
        .last
        .map_or_else(|| NOT_AVAILABLE.to_owned(), |day| Timestamp(0).plus_days(day).to_date());
    csv::line([
        member.id.as_str(),
        member.email.as_deref().unwrap_or_default(),
        &member.user_name,
        member.display_name.as_deref().unwrap_or_default(),
        member.role.as_str(),
        member.source.as_str(),
        if member.active { "active" } else { "inactive" },
        &last,
        &activity.days.to_string(),
    ])
}
