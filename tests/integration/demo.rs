//! The demo: what it prints works as it is printed, and single sign-on, domains and mail can be tried
//! with nothing else.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::Path;
use std::process::Output;

use serde_json::Value;

use crate::support::{Browser, Client, Database, Process, Visit, command, on_both_databases};

/// A running demo, and what it has printed.
struct Demo {
    process: Process,
    said: String,
}

impl Demo {
    /// Starts it in a folder, with further arguments.
    fn start(database: &Database, folder: &Path, arguments: &[&str]) -> Self {
        let printed = folder.join("printed");
        let mut demo = command(&["demo", "--listen", "127.0.0.1:0", "--database-url"]);
        demo.arg(database.address())
            .args(arguments)
            .current_dir(folder)
            .stdout(File::create(&printed).unwrap());
        let process = Process::run(&mut demo);
        Self { process, said: std::fs::read_to_string(printed).unwrap() }
    }

    /// What stands behind a name, up to the remark in parentheses.
    fn value(&self, name: &str) -> String {
        let line = self.said.lines().find_map(|line| line.strip_prefix(name));
        let line = line.unwrap_or_else(|| panic!("no {name} in {}", self.said));
        line.split(" (").next().unwrap().trim().to_owned()
    }

    /// The lines to paste.
    fn to_paste(&self) -> Vec<&str> {
        let (_, lines) = self.said.split_once("Try it in another terminal:").unwrap();
        lines.lines().filter(|line| !line.is_empty()).collect()
    }

    /// Runs `insomnia-scim admin …` as its owner.
    fn admin(&self, arguments: &[&str]) -> Output {
        command(&[&["admin"], arguments].concat())
            .env("INSOMNIA_SCIM_ADMIN_URL", &self.process.url)
            .env("INSOMNIA_SCIM_ADMIN_TOKEN", self.value("Admin token"))
            .output()
            .unwrap()
    }

    /// The same for a command that works; gives what it prints.
    #[track_caller]
    fn done(&self, arguments: &[&str]) -> String {
        let output = self.admin(arguments);
        assert!(output.status.success(), "{arguments:?}: {}", complaint(&output));
        String::from_utf8(output.stdout).unwrap().trim_end().to_owned()
    }

    /// The same for a command that is refused; gives the complaint.
    #[track_caller]
    fn refused(&self, arguments: &[&str]) -> String {
        let output = self.admin(arguments);
        assert!(!output.status.success(), "{arguments:?} was not refused");
        complaint(&output)
    }
}

fn complaint(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn in_shell(line: &str, folder: &Path) -> Output {
    std::process::Command::new("sh").args(["-c", line]).current_dir(folder).output().unwrap()
}

/// The hidden fields of a page's first form.
fn hidden(page: &str) -> Vec<(String, String)> {
    let form = page.split("</form>").next().unwrap();
    let after = |text: &str, name: &str| {
        let (_, rest) = text.split_once(&format!("{name}=\"")).unwrap();
        rest.split('"').next().unwrap().replace("&amp;", "&")
    };
    form.split("<input ")
        .skip(1)
        .filter(|input| input.contains("type=\"hidden\""))
        .map(|input| (after(input, "name"), after(input, "value")))
        .collect()
}

/// Goes on from a page of the demo's provider as this user; gives the page at the end.
async fn choose(demo: &Demo, browser: &mut Browser, page: Visit, email: &str) -> Visit {
    let server = &demo.process.url;
    let at = format!("{server}/demo/idp/authorize");
    assert!(page.url.as_str().starts_with(&at), "{}: {}", page.url, page.body);
    let page = page.page(200);
    let fields = hidden(&page);
    let mut fields: Vec<(&str, &str)> =
        fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    fields.push(("email", email));
    let sent = browser.submit(&at, server, &fields).await;
    browser.stay_at(server, sent).await
}

on_both_databases! {
    async fn what_it_prints_can_be_pasted(database: Database) {
        let folder = tempfile::tempdir().unwrap();
        let demo = Demo::start(database, folder.path(), &[]);
        let [user, list, test, admin, documents] = demo.to_paste()[..] else {
            panic!("{}", demo.said)
        };
        let pasted = |line: &str| {
            let output = in_shell(line, folder.path());
            assert!(output.status.success(), "{line}: {}", complaint(&output));
            String::from_utf8(output.stdout).unwrap()
        };
        let made: Value = serde_json::from_str(&pasted(user)).unwrap();
        assert_eq!(made["userName"], "amelia@kongair.example", "{made}");
        let listed: Value = serde_json::from_str(&pasted(list)).unwrap();
        let resources = listed["Resources"].as_array().unwrap();
        assert!(resources.iter().any(|one| one["id"] == made["id"]), "{listed}");
        assert!(pasted(test).contains('✓'));
        let teams = pasted(admin);
        assert!(teams.contains("Flight") && teams.contains("Sales"), "{teams}");
        let page = Client::new(documents.to_owned(), String::new()).get("").await;
        assert_eq!(page.status, 200, "{documents}");
    }

    async fn every_start_prints_tokens_that_work(database: Database) {
        let folder = tempfile::tempdir().unwrap();
        let tokens = |demo: &Demo| {
            let scim = Client::new(demo.value("SCIM base URL"), demo.value("SCIM token"));
            let admin = Client::new(demo.value("Admin API"), demo.value("Admin token"));
            (scim, admin)
        };
        let first = Demo::start(database, folder.path(), &[]);
        let (of_first, _) = tokens(&first);
        first.process.terminate();
        first.process.finish();
        let second = Demo::start(database, folder.path(), &[]);
        let (of_second, _) = tokens(&second);
        second.process.terminate();
        second.process.finish();
        let third = Demo::start(database, folder.path(), &[]);
        let (scim, admin) = tokens(&third);
        scim.get("/Users").await.expect(200);
        admin.get("/seats").await.expect(200);
        let base = third.value("SCIM base URL");
        let through = |old: &Client| Client::new(base.clone(), old.token.clone());
        through(&of_first).get("/Users").await.expect(200);
        through(&of_second).get("/Users").await.expect(401);
    }

    async fn a_user_signs_in_by_its_own_provider(database: Database) {
        let folder = tempfile::tempdir().unwrap();
        let demo = Demo::start(database, folder.path(), &[]);
        let server = demo.process.url.clone();
        let issuer = demo.value("Identity provider");
        assert_eq!(issuer, format!("{server}/demo/idp"));
        demo.done(&["sso-connections", "create", "--domain", "kongair.example"]);
        let settings = format!(
            r#"{{"issuer":"{issuer}","client_id":"insomnia-demo","client_secret":"insomnia-demo-secret"}}"#
        );
        demo.done(&["sso-connections", "change", "kongair.example", "--oidc", &settings]);
        let trial = demo.done(&["sso-connections", "verify", "kongair.example", "--print", "url"]);

        let mut browser = Browser::new();
        let visit = browser.get(&trial).await;
        let page = browser.stay_at(&server, visit).await;
        assert!(page.body.contains("value=\"owner@kongair.example\""), "{}", page.body);
        let end = choose(&demo, &mut browser, page, "owner@kongair.example").await.page(200);
        assert!(end.contains("kongair.example works and is verified"), "{end}");
        let switch_on = ["sso-connections", "switch-on", "kongair.example"];
        assert!(demo.refused(&switch_on).contains("--confirm 'kongair.example'"));
        demo.done(&[&switch_on[..], &["--confirm", "kongair.example"]].concat());

        let mut browser = Browser::new();
        let visit = browser.get(&format!("{server}/sso/start?domain=kongair.example")).await;
        let page = browser.stay_at(&server, visit).await;
        let end = choose(&demo, &mut browser, page, "owner@kongair.example").await;
        assert_eq!(end.status, 200, "{}: {}", end.url, end.body);
        let session = browser.get(&format!("{server}/api/v1/session")).await.page(200);
        assert!(session.contains("owner@kongair.example"), "{session}");

        // Somebody of another domain is not believed, though the provider lets everybody in.
        let mut browser = Browser::new();
        let visit = browser.get(&format!("{server}/sso/start?domain=kongair.example")).await;
        let page = browser.stay_at(&server, visit).await;
        let end = choose(&demo, &mut browser, page, "eve@evil.example").await;
        assert!(end.status >= 400, "{}", end.body);

        // The demo's own address is the only one of this machine that it connects to.
        let elsewhere = r#"{"issuer":"http://127.0.0.1:1/demo/idp","client_id":"a","client_secret":"b"}"#;
        let change = ["sso-connections", "change", "kongair.example", "--oidc", elsewhere];
        demo.done(&change);
        let refused = demo.refused(&["sso-connections", "verify", "kongair.example"]);
        assert!(refused.contains("cannot be reached"), "{refused}");
    }

    async fn codes_go_only_to_the_server_itself(database: Database) {
        let folder = tempfile::tempdir().unwrap();
        let demo = Demo::start(database, folder.path(), &[]);
        let server = &demo.process.url;
        let challenge = "x".repeat(43);
        let ask = |client: &str, back: &str, method: &str| {
            format!(
                "{server}/demo/idp/authorize?response_type=code&client_id={client}&redirect_uri={back}\
                 &scope=openid&state=s&code_challenge={challenge}&code_challenge_method={method}"
            )
        };
        let good = format!("{server}/sso/oidc/sso_1/callback");
        let mut browser = Browser::new();
        browser.get(&ask("insomnia-demo", &good, "S256")).await.page(200);
        for wrong in [
            ask("other", &good, "S256"),
            ask("insomnia-demo", "https://evil.example/sso/oidc/", "S256"),
            ask("insomnia-demo", &format!("{server}.evil.example/sso/oidc/"), "S256"),
            ask("insomnia-demo", &good, "plain"),
        ] {
            browser.get(&wrong).await.page(400);
        }
        let token = format!("{server}/demo/idp/token");
        let fields = [("grant_type", "authorization_code"), ("client_id", "insomnia-demo"), ("code", "x")];
        let refused = browser.submit(&token, server, &fields).await.page(400);
        assert!(refused.contains("invalid_grant"), "{refused}");
    }

    async fn the_owners_link_signs_in_once(database: Database) {
        let folder = tempfile::tempdir().unwrap();
        let demo = Demo::start(database, folder.path(), &[]);
        let (server, link) = (demo.process.url.clone(), demo.value("Console"));
        let mut browser = Browser::new();
        browser.get(&link).await.page(200);
        let sent = browser.submit(&link, &server, &[]).await;
        assert_eq!(sent.leads_to(), format!("{server}/app"));
        let home = browser.get(&format!("{server}/app")).await.page(200);
        assert!(home.contains("KongAir") && home.contains("First steps"), "{home}");
        let session = browser.get(&format!("{server}/api/v1/session")).await.page(200);
        assert!(session.contains("owner@kongair.example"), "{session}");
        browser.submit(&link, &server, &[]).await.page(401);
    }

    async fn a_domain_is_verified_by_a_line_in_a_file_and_mail_is_a_file(database: Database) {
        let folder = tempfile::tempdir().unwrap();
        let mut demo = Demo::start(database, folder.path(), &[]);
        demo.done(&["domains", "create", "--name", "wings.example"]);
        let verify = ["domains", "verify", "wings.example"];
        let refused = demo.refused(&verify);
        assert!(refused.contains("DNS"), "{refused}");
        let part = |field: &str| demo.done(&["domains", "get", "wings.example", "--print", field]);
        let record = format!("{} {}\n", part("txt_record.name"), part("txt_record.value"));
        let mut file = OpenOptions::new().append(true).open(demo.value("DNS")).unwrap();
        file.write_all(record.as_bytes()).unwrap();
        demo.done(&verify);

        let flight = ["invitations", "create", "--team-id", "Flight", "--email"];
        demo.done(&[&flight[..], &["cora@kongair.example"]].concat());
        demo.process.wait_for("is sent");
        let mails = std::fs::read_dir(demo.value("Mail")).unwrap();
        let texts: Vec<String> =
            mails.map(|mail| std::fs::read_to_string(mail.unwrap().path()).unwrap()).collect();
        let mail = texts.iter().find(|text| text.starts_with("To: cora@kongair.example\n")).unwrap();
        let link = format!("{}/invitations/accept?token=", demo.process.url);
        assert!(mail.contains(&link), "{mail}");
    }
}

#[test]
fn a_database_of_the_environment_is_not_filled_unless_it_is_named() {
    let database = Database::sqlite();
    let refused = command(&["demo", "--listen", "127.0.0.1:0"])
        .env("DATABASE_URL", database.address())
        .output()
        .unwrap();
    assert_eq!(refused.status.code(), Some(2), "{}", complaint(&refused));
    for part in ["DATABASE_URL", "--database-url"] {
        assert!(complaint(&refused).contains(part), "{}", complaint(&refused));
    }
    assert!(!Path::new(database.path()).exists());
}

#[tokio::test]
async fn the_provider_is_served_to_this_machine_alone() {
    let (database, folder) = (Database::sqlite(), tempfile::tempdir().unwrap());
    let arguments = ["--public-url", "https://demo.kong.example"];
    let demo = Demo::start(&database, folder.path(), &arguments);
    assert!(demo.value("Identity provider").starts_with("none"), "{}", demo.said);
    let serve = Process::serve(&Database::sqlite(), "info");
    for server in [&demo.process.url, &serve.url] {
        let path = "/demo/idp/.well-known/openid-configuration";
        Client::new(server.clone(), String::new()).get(path).await.expect(404);
    }
}
