//! An assertion signs in once, on whichever node.

use super::browser::Browser;
use super::stage::Stage;
use crate::support::{at_once, on_both_databases};

on_both_databases! {
    async fn an_assertion_that_was_used_is_refused_on_every_node(app: App) {
        let Some(stage) = Stage::on(&app).await else { return };
        let second = app.second_node_of_this_name();
        stage.sign_in(&stage.owner).await;
        let form = stage.unsolicited().await;
        Browser::new().answer(&form).await.expect(303);
        for again in [form.clone(), form.at(&app.url, &second.url)] {
            let mut thief = Browser::new();
            thief.answer(&again).await.refused(403, "was used already");
            assert!(!thief.is_signed_in());
        }
        // Another one is another one.
        Browser::new().answer(&stage.unsolicited().await.at(&app.url, &second.url)).await.expect(303);

        // What was forgotten has ended by its own time.
        app.clock.advance(24 * 60 * 60 * 1000);
        app.background().await;
        Browser::new().answer(&form).await.refused(409, "was valid until");
    }

    async fn of_many_at_the_same_instant_on_two_nodes_one_is_let_in(app: App) {
        let Some(stage) = Stage::on(&app).await else { return };
        let second = app.peer_of_this_name();
        stage.sign_in(&stage.owner).await;
        let form = stage.unsolicited().await;
        let statuses = at_once((0..10).map(|index| {
            let form = if index % 2 == 0 { form.clone() } else { form.at(&app.url, &second.url) };
            async move { Browser::new().post_from_elsewhere(&form).await.status }
        }))
        .await;
        assert_eq!(statuses.iter().filter(|status| **status == 303).count(), 1, "{statuses:?}");
        assert_eq!(statuses.iter().filter(|status| **status == 403).count(), 9, "{statuses:?}");
        assert_eq!(app.database.count("sessions"), 1);
    }

    async fn an_answer_to_a_request_is_taken_once_on_whichever_node(app: App) {
        let Some(stage) = Stage::on(&app).await else { return };
        let second = app.peer_of_this_name();
        stage.sign_in(&stage.owner).await;
        let (browser, form) = stage.asked(&app).await;
        let statuses = at_once((0..10).map(|index| {
            let form = if index % 2 == 0 { form.clone() } else { form.at(&app.url, &second.url) };
            let mut browser = browser.clone();
            async move { browser.post_from_here(&form).await.status }
        }))
        .await;
        assert_eq!(statuses.iter().filter(|status| **status == 303).count(), 1, "{statuses:?}");
        assert_eq!(app.database.count("sessions"), 1);
    }
}
