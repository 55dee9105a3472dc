//! A cache of tokens that were authenticated a moment ago.
//!
//! An identity provider sends thousands of requests with one token. The token's connector, and
//! whether the connector and its plan are active, are looked up once a second and after every
//! commit of this node that may have changed them. Changes made through this node therefore apply
//! at once, and changes made through another node after a second at most. The expiry of a token or
//! plan is not cached: it is compared at each request. Refusals are not cached.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use crate::store::connectors::Admitted;

/// How long a cached entry is valid, whatever other nodes change.
pub const LONGEST: Duration = Duration::from_secs(1);
/// The maximum number of cached tokens.
const MOST: usize = 10_000;

struct CachedAdmission {
    admitted: Arc<Admitted>,
    /// The store's change counter from before the look-up.
    changes: u64,
    since: Instant,
}

/// The cache, keyed by the tokens' hashes.
#[derive(Default)]
pub struct Admissions(RwLock<HashMap<[u8; 32], CachedAdmission>>);

impl Admissions {
    /// Returns what was looked up for a token, if that is still valid.
    pub fn find(&self, hash: &[u8; 32], changes: u64, now: Instant) -> Option<Arc<Admitted>> {
        // A poisoned lock is harmless: no holder can leave the map half changed.
        let all = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let known = all.get(hash)?;
        let holds = known.changes == changes && now.duration_since(known.since) < LONGEST;
        holds.then(|| Arc::clone(&known.admitted))
    }

    /// Caches the result of a look-up. `changes` and `now` must have been read before the look-up,
    /// so that a change during it invalidates the entry.
    pub fn keep(&self, hash: [u8; 32], admitted: Arc<Admitted>, changes: u64, now: Instant) {
        let mut all = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= MOST && !all.contains_key(&hash) {
            all.retain(|_, known| now.duration_since(known.since) < LONGEST);
            if all.len() >= MOST {
                return;
            }
        }
        all.insert(hash, CachedAdmission { admitted, changes, since: now });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::enterprise::plan::Plan;
    use crate::enterprise::{AccountPk, ConnectorTokenPk};
    use crate::store::connectors::UsedToken;

    fn admitted() -> Arc<Admitted> {
        Arc::new(Admitted {
            enterprise_pk: AccountPk(1),
            connector_id: String::new(),
            enabled: true,
            plan: Plan::Enterprise,
            plan_active: true,
            plan_ends_at: None,
            hash: Vec::new(),
            expires_at: None,
            log_personal_values: false,
            token: UsedToken::Connector(ConnectorTokenPk(1)),
            last_used_at: None,
        })
    }

    #[test]
    fn it_holds_until_something_changes_or_a_second_is_over() {
        let (admissions, start) = (Admissions::default(), Instant::now());
        admissions.keep([7; 32], admitted(), 3, start);
        let holds = |hash, changes, after| {
            admissions.find(&hash, changes, start + Duration::from_millis(after)).is_some()
        };
        assert!(holds([7; 32], 3, 999));
        assert!(!holds([7; 32], 4, 0), "this node has changed something");
        assert!(!holds([7; 32], 3, 1000), "another node may have");
        assert!(!holds([8; 32], 3, 0), "another token");
    }

    #[test]
    fn no_more_than_so_many_are_remembered() {
        let (admissions, start) = (Admissions::default(), Instant::now());
        let hash = |number: usize| {
            let mut hash = [0; 32];
            hash[..8].copy_from_slice(&number.to_le_bytes());
            hash
        };
        for number in 0..MOST + 10 {
            admissions.keep(hash(number), admitted(), 0, start);
        }
        assert!(admissions.find(&hash(MOST + 1), 0, start).is_none());
        let later = start + LONGEST;
        admissions.keep(hash(MOST + 1), admitted(), 0, later);
        assert!(admissions.find(&hash(MOST + 1), 0, later).is_some());
    }
}
