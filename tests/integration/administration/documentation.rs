//! What the API says of itself.

use crate::support::{Client, on_both_databases};

on_both_databases! {
    async fn the_document_and_the_page_need_no_token_and_nothing_from_outside(app: App) {
        let nobody = Client::new(app.url.clone(), String::new());
        let document = nobody.get("/api/v1/openapi.json").await.expect(200);
        assert_eq!(document["openapi"], "3.1.0");
        assert_eq!(document["servers"][0]["url"], app.url.as_str());
        let page = nobody.get("/api/docs").await;
        assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
        assert!(page.header("content-security-policy").contains("default-src 'none'"));
        let page = page.expect(200);
        let page = page.as_str().unwrap();
        assert!(page.contains("<code>/api/v1/teams/{id}/members</code>"));
        for outside in ["src=", "http://", "https://", "@import", "url("] {
            assert!(!page.contains(outside), "{outside}");
        }
    }
}
