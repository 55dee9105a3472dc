//! Brings what nodes of an earlier release have written up to the rules of this one.

use super::work::{JobError, Work};

/// Makes keys and search terms anew that nodes of an earlier release have written, once they are
/// gone.
pub async fn follow(work: &Work) -> Result<(), JobError> {
    Ok(work.store.follow_rules().await?)
}
