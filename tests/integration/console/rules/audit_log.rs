//! The audit log and the reports.

use super::{OWNER, Visitor, says};
use crate::support::on_both_databases;

const LOG: &str = "/app/enterprise/audit-log";

/// The addresses of all files that a page offers.
fn files(page: &str) -> Vec<String> {
    let links = page.split("href=\"").skip(1).filter_map(|rest| rest.split_once('"'));
    let files =
        links.filter(|(link, rest)| link.starts_with("/api/v1/") && rest.starts_with(" download"));
    files.map(|(link, _)| link.replace("&amp;", "&")).collect()
}

on_both_databases! {
    async fn entries_are_in_words_with_the_values_before_and_after(app: App) {
        let account = app.account(5).await;
        let cargo = account.add_organization("Cargo").await;
        let team = account.add_team("Flight", &[&cargo]).await;
        let renamed = serde_json::json!({"name": "Night flight"});
        account.admin.patch(&format!("/teams/{team}"), renamed).await.expect(200);
        let mut owner = Visitor::sign_in(&app, OWNER).await;
        let page = owner.page(LOG).await;
        says(&page, &["A team was linked to an organization<details", "owner@kongair.example", "Before", "After", "Request <code>"]);
        says(&page, &["A member signed in<details", "<dd>Night flight</dd>", "<dd>Flight</dd>", &format!("/app/enterprise/team/{team}")]);

        let only = owner.page(&format!("{LOG}?action=team.&target={team}")).await;
        assert!(only.contains("A team was created<details"), "{only}");
        assert!(!only.contains("An organization was created<details"), "{only}");
        says(&only, &["value=\"team.\" selected"]);
        let lines = owner.get(&files(&only)[1]).await.page(200);
        assert_eq!(lines.lines().count(), 3, "{lines}");

        let none = owner.page(&format!("{LOG}?actor=nobody")).await;
        says(&none, &["No entry is found.", "Clear filters"]);
        says(&owner.page(&format!("{LOG}?from=2026-01-02")).await, &["No entry is found."]);
        says(&owner.page(&format!("{LOG}?to=2026-01-01&actor={OWNER}")).await, &["An organization was created<details"]);
        owner.get(&format!("{LOG}?from=yesterday")).await.page(400);
        let first = owner.page(&format!("{LOG}?limit=1")).await;
        let (_, rest) = first.split_once("class=\"button small\" href=\"").unwrap();
        let next = rest.split('"').next().unwrap().replace("&amp;", "&");
        assert_ne!(owner.page(&next).await, first);
    }

    async fn every_report_can_be_downloaded(app: App) {
        app.account(5).await;
        let mut owner = Visitor::sign_in(&app, OWNER).await;
        let page = owner.page("/app/enterprise/reports").await;
        says(&page, &["N/A after 100 days", "kongair.example"]);
        let files = files(&page);
        assert_eq!(files.len(), 7, "{files:?}");
        for file in files {
            owner.get(&file).await.page(200);
        }
    }
}
