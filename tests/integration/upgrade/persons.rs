//! A database of the release in which an account's word made people.

use insomnia_scim::enterprise::token;
use insomnia_scim::store::DatabaseUrl;
use serde_json::{Value, json};

use crate::support::{App, Client, Database, on_both_empty_databases};

/// The migrations of that release: version, for SQLite, for PostgreSQL.
macro_rules! migrations {
    ($($version:literal $name:literal),+ $(,)?) => {
        [$((
            $version,
            include_str!(concat!("../../../migrations/sqlite/", $name, "/up.sql")),
            include_str!(concat!("../../../migrations/postgres/", $name, "/up.sql")),
        )),+]
    };
}

const MIGRATIONS: [(&str, &str, &str); 12] = migrations!(
    "20261124000000" "2026-11-24-000000_core",
    "20261124000001" "2026-11-24-000001_foundation_of_administration",
    "20261124000010" "2026-11-24-000010_mail",
    "20261124000020" "2026-11-24-000020_domains",
    "20261124000030" "2026-11-24-000030_sso",
    "20261124000040" "2026-11-24-000040_plans",
    "20261124000050" "2026-11-24-000050_invitations",
    "20261124000060" "2026-11-24-000060_organizations",
    "20261124000070" "2026-11-24-000070_connector",
    "20261124000080" "2026-11-24-000080_token_ends",
    "20261124000090" "2026-11-24-000090_request_log_order",
    "20261124000091" "2026-11-24-000091_member_milestones",
);

/// A time at which sessions of the test's server are good.
const NOW: i64 = 1_767_225_600_000;

/// Olive has signed in by mail, Greta has accepted an invitation by its link, Vera has signed up by
/// herself; Amelia and Bessie are only what accounts say.
fn contents(bytes: impl Fn(&[u8]) -> String) -> String {
    let session = bytes(&token::hash("insomnia_session_olive"));
    let people = [
        (1, "olive@kongair.example", "owner"),
        (2, "amelia@kongair.example", "member"),
        (3, "greta@guest.example", "member"),
        (4, "vera@else.example", "member"),
        (5, "bessie@else.example", "member"),
    ];
    let mut sql = String::from(
        "INSERT INTO enterprises (pk, id, name, name_key, plan, plan_active, seats_total, created_at) \
         VALUES (1, 'ent_1', 'KongAir', 'kongair', 'enterprise', TRUE, 9, 1);
         INSERT INTO domains (pk, id, enterprise_pk, name, challenge, created_at, verified_at, method) \
         VALUES (1, 'dom_1', 1, 'kongair.example', 'x', 1, 1, 'operator');",
    );
    for (pk, email, role) in people {
        let domain = email.rsplit_once('@').unwrap().1;
        let signed_up = if pk == 4 { "1" } else { "NULL" };
        sql.push_str(&format!(
            "INSERT INTO users (pk, id, email, email_key, email_domain, created_at, signed_up_at) \
             VALUES ({pk}, 'acct_{pk}', '{email}', '{email}', '{domain}', 1, {signed_up});
             INSERT INTO members (pk, id, enterprise_pk, user_pk, role, source, active, seat_since, \
             user_name, user_name_key, document, version, created_at, modified_at) VALUES ({pk}, \
             'member-{pk}', 1, {pk}, '{role}', 'manual', TRUE, 1, '{email}', '{email}', '{{}}', 1, 1, 1);
             INSERT INTO member_emails (enterprise_pk, email_key, member_pk) VALUES (1, '{email}', {pk});"
        ));
    }
    sql.push_str(&format!(
        "UPDATE enterprises SET founded = TRUE;
         INSERT INTO sessions (id, hash, user_pk, member_pk, signed_in_by, created_at, last_seen_at, \
         expires_at) VALUES ('ses_1', {session}, 1, 1, 'mail', {NOW}, {NOW}, {});
         INSERT INTO audit_log (enterprise_pk, at, actor_kind, actor_id, actor_name, action, \
         target_kind, target_id, target_name, before, after) VALUES (1, 1, 'person', '', \
         'greta@guest.example', 'member.joined', 'member', 'member-3', 'greta@guest.example', '{{}}', '{{}}');",
        NOW + 1_000_000,
    ));
    sql
}

fn fill(database: &Database) {
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let is_sqlite = matches!(&database.url, DatabaseUrl::Sqlite(_));
    database.execute(
        "CREATE TABLE __diesel_schema_migrations (version VARCHAR(50) PRIMARY KEY NOT NULL, run_on \
         TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP)",
    );
    for (version, sqlite, postgres) in MIGRATIONS {
        database.execute(if is_sqlite { sqlite } else { postgres });
        database.execute(&format!(
            "INSERT INTO __diesel_schema_migrations (version) VALUES ('{version}')"
        ));
    }
    database.execute(&contents(|bytes| match is_sqlite {
        true => format!("x'{}'", hex(bytes)),
        false => format!("'\\x{}'::bytea", hex(bytes)),
    }));
    if !is_sqlite {
        for table in ["enterprises", "domains", "users", "members"] {
            database.execute(&format!("ALTER TABLE {table} ALTER COLUMN pk RESTART WITH 100"));
        }
    }
}

async fn who(client: &Client) -> Value {
    client.get("/session").await.expect(200)
}

on_both_empty_databases! {
    async fn people_who_have_shown_who_they_are_stay_and_the_others_are_asked(database: Database) {
        fill(&database);
        let app = App::start(database);
        let olive =
            Client::new(format!("{}/api/v1", app.url), "insomnia_session_olive".to_owned());
        let me = who(&olive).await;
        assert_eq!((&me["user_id"], &me["member_id"]), (&json!("acct_1"), &json!("member-1")));
        let members = olive.items("/members").await;
        let claimed: Vec<&str> = members
            .iter()
            .filter(|member| !member["claimed_at"].is_null())
            .map(|member| member["id"].as_str().unwrap())
            .collect();
        assert_eq!(claimed, ["member-1", "member-3"]);
        assert!(members.iter().all(|member| member["email"] == member["user_name"]), "{members:?}");
        assert_eq!(app.database.count("users"), 3, "who has proved nothing is no person");

        // Vera has signed up, and no account has shown that it is hers to say who she is.
        let me = who(&app.signed_in("vera@else.example").await).await;
        assert_eq!((&me["user_id"], &me["accounts"]), (&json!("acct_4"), &json!([])));
        assert_eq!(me["waiting"][0]["member_id"], "member-4");
        // Amelia has the id again that was hers; her account has verified her domain.
        let me = who(&app.signed_in("amelia@kongair.example").await).await;
        assert_eq!((&me["user_id"], &me["member_id"]), (&json!("acct_2"), &json!("member-2")));
        let me = who(&app.signed_in("bessie@else.example").await).await;
        assert_eq!((&me["user_id"], &me["accounts"]), (&json!("acct_5"), &json!([])));
    }
}
