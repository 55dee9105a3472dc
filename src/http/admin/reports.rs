//! `/api/v1/reports`: tables for spreadsheets, sent page by page.

use actix_web::{HttpResponse, web};

use super::administrator::{Administrator, ReadAccount, ReadBilling};
use super::api::Api;
use super::licences::Wanted;
use super::query::Query;
use crate::administration::activity::{self, Line};
use crate::administration::licences::{self, Licence};
use crate::enterprise::Timestamp;
use crate::enterprise::activity::{KEPT_DAYS, NOT_AVAILABLE};
use crate::enterprise::permissions::Operation;
use crate::http::base::csv;
use crate::http::base::in_order::InOrder;
use crate::http::base::problem::Problem;
use crate::http::base::state::Service;
use crate::http::base::streaming::{self, Section};
use crate::store::{Conn, Cost};

const MEDIA_TYPE: &str = "text/csv; charset=utf-8";
/// Rows that are read at once.
const SECTION: i64 = 500;

/// Declares the endpoints.
pub fn endpoints(api: &mut Api) {
    api.get("/reports/licences.csv", "reports.licences", licences_csv)
        .summary("Who holds a seat, since when, and from which source, as comma-separated values")
        .needs(Operation::ReadBilling)
        .query::<Wanted>()
        .answers_text(200, MEDIA_TYPE);
    api.get("/reports/user-activity.csv", "reports.user-activity", activity_csv)
        .summary("When members were last active, as comma-separated values")
        .description(
            "The day in UTC, N/A past 100 days; and on how many of the last 90 days, for which days \
             of use are kept.",
        )
        .needs(Operation::ReadAccount)
        .answers_text(200, MEDIA_TYPE);
}

/// `GET /api/v1/reports/licences.csv`.
async fn licences_csv(
    service: web::Data<Service>,
    InOrder(admin, Query(wanted)): InOrder<Administrator<ReadBilling>, Query<Wanted>>,
) -> Result<HttpResponse, Problem> {
    let (enterprise, filter) = (admin.enterprise, wanted.read()?);
    let now = service.store.clock().now();
    let head = csv::line(["id", "email", "user_name", "display_name", "role", "source", "since"]);
    let read = move |conn: &mut Conn, after: &i64| {
        let (held, next) = licences::list(conn, enterprise, now, &filter, *after, SECTION)?;
        let text = held.iter().map(licence_line).collect();
        Ok::<_, crate::administration::AdministrationError>(Section { text, next })
    };
    Ok(streaming::answer(
        &service.store,
        Cost::Page(admin.enterprise),
        MEDIA_TYPE,
        "licences.csv",
        head,
        0,
        read,
    ))
}

fn licence_line(licence: &Licence) -> String {
    csv::line([
        licence.id.as_str(),
        licence.email.as_deref().unwrap_or_default(),
        licence.user_name.as_deref().unwrap_or_default(),
        licence.display_name.as_deref().unwrap_or_default(),
        licence.role.as_deref().unwrap_or_default(),
        licence.source.as_str(),
        &Timestamp(licence.since).to_rfc3339(),
    ])
}

/// `GET /api/v1/reports/user-activity.csv`.
async fn activity_csv(
    service: web::Data<Service>,
    admin: Administrator<ReadAccount>,
) -> Result<HttpResponse, Problem> {
    let (enterprise, now) = (admin.enterprise, service.store.clock().now());
    let days = format!("active_days_of_{KEPT_DAYS}");
    let head = csv::line([
        "id",
        "email",
        "user_name",
        "display_name",
        "role",
        "source",
        "state",
        "last_active",
        &days,
    ]);
    let read = move |conn: &mut Conn, after: &i64| {
        let page = activity::list(conn, enterprise, now, *after, SECTION)?;
        let text = page.items.iter().map(activity_line).collect();
        Ok::<_, crate::administration::AdministrationError>(Section { text, next: page.next })
    };
    Ok(streaming::answer(
        &service.store,
        Cost::Page(admin.enterprise),
        MEDIA_TYPE,
        "user-activity.csv",
        head,
        0,
        read,
    ))
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
        &member.role,
        &member.source,
        if member.active { "active" } else { "inactive" },
        &last,
        &activity.days.to_string(),
    ])
}
