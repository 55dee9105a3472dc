//! Pages for people: one look and one policy, with nothing from elsewhere.

use crate::support::{Client, on_both_databases};

/// Each of them, without anything that it needs: then it says so, in the same look.
pub const PAGES: [&str; 12] = [
    "/sign-in",
    "/sign-out",
    "/sign-up",
    "/sign-in/none",
    "/recover/none",
    "/welcome/none",
    "/sign-up?token=none",
    "/invitations/accept?token=none",
    "/sso/start",
    "/oauth/authorize",
    "/operator/sign-in",
    "/api/docs",
];

on_both_databases! {
    async fn every_page_has_the_one_stylesheet_and_the_one_policy(app: App) {
        let browser = Client::new(app.url.clone(), String::new());
        let mut styles = std::collections::BTreeSet::new();
        for path in PAGES {
            let page = browser.get(path).await;
            assert!(page.header("content-type").starts_with("text/html"), "{path}: {}", page.body);
            let policy = page.header("content-security-policy");
            for part in ["default-src 'none'", "style-src 'self'", "frame-ancestors 'none'"] {
                assert!(policy.contains(part), "{path}: {policy}");
            }
            assert!(!policy.contains("unsafe") && !policy.contains("script-src"), "{path}: {policy}");
            let html = page.body.as_str().unwrap();
            assert!(!html.contains("<style") && !html.contains("style="), "{path}");
            let (_, link) = html.split_once("rel=\"stylesheet\" href=\"").unwrap();
            styles.insert(link.split('"').next().unwrap().to_owned());
        }
        assert_eq!(styles.len(), 1, "{styles:?}");
        let style = browser.get(styles.first().unwrap()).await;
        assert_eq!((style.status, style.header("content-type")), (200, "text/css; charset=utf-8"));
        assert_eq!(style.header("cache-control"), "public, max-age=31536000, immutable");
        assert!(style.body.as_str().unwrap().contains("prefers-color-scheme: dark"));
    }

    async fn where_a_sign_in_leads_is_a_page(app: App) {
        let browser = Client::new(app.url.clone(), String::new());
        let home = browser.get("/").await;
        let said = home.body.as_str().unwrap();
        assert_eq!(home.status, 200, "{said}");
        assert!(said.contains("<h1>Sign in</h1>") && said.contains("by mail"), "{said}");
    }
}
