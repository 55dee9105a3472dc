//! Lists of more members than are looked at for one page.

use serde_json::json;

use super::listed;
use crate::support::{Account, App, on_both_databases, text};

/// How many members there are besides the owner.
const MANY: usize = 6_000;

/// Writes members `bulk0001@` and so on, by SCIM, all in the group *Everybody*; gives the team's id.
pub async fn populate(app: &App, account: &Account) -> String {
    let group = crate::support::group("Everybody", &[]);
    let team = text(&account.scim.post("/Groups", group).await.expect(201), "id");
    let id = &account.made.account_id;
    app.database.execute(&format!(
        "INSERT INTO members (id, enterprise_pk, email, role, source, active, seat_since, user_name, \
             user_name_key, display_name, display_name_key, document, version, created_at, modified_at) \
         WITH RECURSIVE numbers (n) AS (SELECT 10001 UNION ALL SELECT n + 1 FROM numbers WHERE n < {last}) \
         SELECT 'bulk-' || n, pk, 'bulk' || n || '@kongair.example', 'member', 'scim', TRUE, 1, \
             'bulk' || n || '@kongair.example', 'bulk' || n || '@kongair.example', 'Bulk ' || n, \
             'bulk ' || n, '{{}}', 1, 1, 1 \
         FROM numbers, enterprises WHERE enterprises.id = '{id}'; \
         INSERT INTO team_members (team_pk, member_pk, by_hand, by_scim) \
         SELECT teams.pk, members.pk, FALSE, TRUE FROM teams, members \
         WHERE teams.id = '{team}' AND members.id LIKE 'bulk-%'; \
         UPDATE teams SET member_count = {MANY} WHERE id = '{team}'",
        last = 10_000 + MANY,
    ));
    team
}

on_both_databases! {
    async fn one_of_many_is_found_on_the_first_page_by_name_and_by_filter(app: App) {
        let account = app.account(9_000).await;
        let admin = &account.admin;
        let team = populate(&app, &account).await;
        let cargo = account.add_organization("Cargo").await;
        admin.put(&format!("/teams/{team}/organizations/{cargo}"), json!({})).await.expect(204);
        account.add_member("zoe@kongair.example", "billing-only").await;
        account.join(&team, "zoe@kongair.example").await;
        let members = format!("/teams/{team}/members");
        let people = format!("/organizations/{cargo}/collaborators");
        for (path, found) in [
            ("/members?search=bulk15999", "bulk15999"),
            ("/members?search=zoe", "zoe"),
            ("/members?role=billing-only", "zoe"),
            ("/members?source=manual&role=billing-only&state=active", "zoe"),
            ("/licences?role=billing-only", "zoe"),
            ("/licences?search=bulk15999", "bulk15999"),
            (&format!("{members}?source=manual"), "zoe"),
            (&format!("{members}?search=bulk15999"), "bulk15999"),
            (&format!("{members}?search=zoe"), "zoe"),
            (&format!("{people}?search=bulk15999"), "bulk15999"),
            (&format!("{people}?role=owner"), "owner"),
        ] {
            let page = admin.get(path).await.expect(200);
            assert_eq!(page["items"][0]["email"], format!("{found}@kongair.example"), "{path}");
            assert_eq!(page["items"].as_array().unwrap().len(), 1, "{path}");
            assert_eq!(page["next_cursor"], json!(null), "{path}");
        }
        let shown = admin.get("/organizations?search=cargo").await.expect(200)["items"][0].clone();
        assert_eq!((&shown["people_count"], &shown["has_more_people"]), (&json!(500), &json!(true)));
    }

    async fn a_list_that_is_read_to_its_end_has_everybody_once(app: App) {
        let account = app.account(9_000).await;
        let team = populate(&app, &account).await;
        let cargo = account.add_organization("Cargo").await;
        let link = format!("/teams/{team}/organizations/{cargo}");
        account.admin.put(&link, json!({})).await.expect(204);
        for (path, count) in [
            ("/members?search=bulk&".to_owned(), MANY),
            ("/members?source=scim&".to_owned(), MANY),
            (format!("/teams/{team}/members?search=bulk&"), MANY),
            (format!("/organizations/{cargo}/collaborators?"), MANY + 1),
            (format!("/organizations/{cargo}/collaborators?search=bulk&"), MANY),
            ("/licences?source=scim&search=bulk&".to_owned(), MANY),
        ] {
            let items = account.admin.items_of(&format!("{path}limit=900")).await;
            let mut emails: Vec<_> = items.iter().map(|item| text(item, "email")).collect();
            emails.sort_unstable();
            emails.dedup();
            assert_eq!((items.len(), emails.len()), (count, count), "{path}");
        }
    }

    async fn a_page_leads_on_although_it_found_nothing_in_its_part(app: App) {
        let account = app.account(9_000).await;
        let admin = &account.admin;
        populate(&app, &account).await;
        account.add_member("bulky@kongair.example", "member").await;
        let page = admin.get("/members?search=bulk&source=manual").await.expect(200);
        assert_eq!(page["items"], json!([]));
        assert!(page["next_cursor"].is_string(), "{page}");
        let found = listed(admin, "/members?search=bulk&source=manual", "email").await;
        assert_eq!(found, ["bulky@kongair.example"]);
    }
}
