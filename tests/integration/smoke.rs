//! The server starts, and what it says of itself is true.

use crate::support::on_both_databases;

on_both_databases! {
    async fn a_server_on_a_new_database_is_alive_and_ready(app: App) {
        let client = crate::support::Client::new(app.url.clone(), String::new());
        client.get("/healthz").await.expect(200);
        client.get("/readyz").await.expect(200);
        let metrics = client.get("/metrics").await;
        assert_eq!(metrics.status, 200);
        assert!(metrics.body.as_str().unwrap().contains("insomnia_scim_http_requests_total"));
    }
}
