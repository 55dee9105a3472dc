//! What is stored is not what was written: that is said, and never taken for something else.

use insomnia_scim::store::scim_requests::{self, RequestFilter};
use insomnia_scim::store::{Conn, Cost, StoreError};

use crate::support::on_both_databases;

on_both_databases! {
    async fn a_word_that_no_release_has_written_is_damaged_data(app: App) {
        let account = app.account(3).await;
        account.scim.get("/Users?count=1").await.expect(200);
        app.background().await;
        account.admin.get("/connector/requests").await.expect(200);
        app.database.execute("UPDATE scim_requests SET idp = 'crystal-ball'");
        let enterprise = account.made.enterprise;
        let read = move |conn: &mut Conn| {
            scim_requests::find(conn, enterprise, &RequestFilter::default(), None, 10)
        };
        let error = app.store.read(Cost::Page(enterprise), read).await.unwrap_err();
        assert!(matches!(error, StoreError::Damaged(_)), "{error:?}");
        let text = error.to_string();
        for part in ["stored data is damaged", "'idp'", "\"crystal-ball\"", "onelogin"] {
            assert!(text.contains(part), "{text} does not say {part}");
        }
        let problem = account.admin.get("/connector/requests").await.expect(500);
        assert!(!problem.to_string().contains("crystal-ball"), "{problem}");
    }
}
