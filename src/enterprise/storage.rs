//! Storage control: where content may be stored (docs/domain.md §8).

use super::words::words;

words! {
    /// A way to store the content of a project.
    StorageKind {
        /// In Insomnia's cloud, encrypted.
        CloudSync = "cloud_sync",
        /// On the person's own computer.
        LocalVault = "local_vault",
        /// In a Git repository of the company's choice.
        GitSync = "git_sync",
    }
}

/// The allowed kinds of storage: any combination but never none, because content must be stored
/// somewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StorageRule(Vec<StorageKind>);

/// The rule would not allow any kind of storage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("at least one of cloud_sync, local_vault, git_sync has to be allowed")]
pub struct NothingAllowed;

impl Default for StorageRule {
    fn default() -> Self {
        Self(StorageKind::ALL.to_vec())
    }
}

impl StorageRule {
    /// Makes a rule that allows these kinds, without duplicates and in the domain's order.
    ///
    /// # Errors
    /// Fails if no kind is given.
    pub fn allowing(kinds: &[StorageKind]) -> Result<Self, NothingAllowed> {
        let allowed: Vec<StorageKind> =
            StorageKind::ALL.iter().copied().filter(|kind| kinds.contains(kind)).collect();
        if allowed.is_empty() { Err(NothingAllowed) } else { Ok(Self(allowed)) }
    }

    /// Returns the allowed kinds.
    pub fn allowed(&self) -> &[StorageKind] {
        &self.0
    }

    /// Returns `true` if this kind is allowed.
    pub fn allows(&self, kind: StorageKind) -> bool {
        self.0.contains(&kind)
    }

    /// Returns the rule as it is stored: its words separated by blanks.
    pub fn to_words(&self) -> String {
        self.0.iter().map(|kind| kind.as_str()).collect::<Vec<_>>().join(" ")
    }

    /// Parses a stored rule. Returns `None` if it is invalid.
    pub fn from_words(words: &str) -> Option<Self> {
        let kinds: Result<Vec<StorageKind>, _> = words.split(' ').map(str::parse).collect();
        Self::allowing(&kinds.ok()?).ok()
    }

    /// Returns the desktop app's word for the rule. The app knows only three words: content may,
    /// must or must not be stored in the cloud. A Git repository counts as outside the cloud, like
    /// the person's own computer.
    pub fn desktop_word(&self) -> &'static str {
        let outside = self.allows(StorageKind::LocalVault) || self.allows(StorageKind::GitSync);
        match (self.allows(StorageKind::CloudSync), outside) {
            (true, true) => "cloud_plus_local",
            (true, false) => "cloud_only",
            (false, _) => "local_only",
        }
    }
}

/// The rule that applies to one organization.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EffectiveRule {
    /// The rule in effect.
    pub rule: StorageRule,
    /// Whether the organization has its own rule in place of the account's.
    pub is_overridden: bool,
}

/// Returns the organization's own rule if it has one, otherwise the account's.
pub fn effective(account: StorageRule, own: Option<StorageRule>) -> EffectiveRule {
    match own {
        Some(rule) => EffectiveRule { rule, is_overridden: true },
        None => EffectiveRule { rule: account, is_overridden: false },
    }
}

#[cfg(test)]
mod tests {
    use super::StorageKind::{CloudSync, GitSync, LocalVault};
    use super::*;

    #[test]
    fn all_is_allowed_by_default_and_nothing_never() {
        assert_eq!(StorageRule::default().allowed(), [CloudSync, LocalVault, GitSync]);
        assert_eq!(StorageRule::allowing(&[]), Err(NothingAllowed));
    }

    #[test]
    fn every_combination_is_stored_and_read_back() {
        for bits in 1..8_usize {
            let chosen = |(position, kind): (usize, &StorageKind)| {
                (bits >> position & 1 == 1).then_some(*kind)
            };
            let kinds: Vec<_> = StorageKind::ALL.iter().enumerate().filter_map(chosen).collect();
            let rule = StorageRule::allowing(&kinds).unwrap();
            assert_eq!(rule.allowed(), kinds);
            assert_eq!(StorageRule::from_words(&rule.to_words()), Some(rule));
        }
        for words in ["", "cloud", "cloud_sync  git_sync"] {
            assert_eq!(StorageRule::from_words(words), None, "{words}");
        }
    }

    #[test]
    fn order_and_repetition_make_no_difference() {
        let rule = StorageRule::allowing(&[GitSync, CloudSync, GitSync]).unwrap();
        assert_eq!(rule.to_words(), "cloud_sync git_sync");
    }

    #[test]
    fn an_organizations_own_rule_counts_before_the_accounts() {
        let local = StorageRule::allowing(&[LocalVault]).unwrap();
        let own = effective(StorageRule::default(), Some(local.clone()));
        assert_eq!(own, EffectiveRule { rule: local.clone(), is_overridden: true });
        assert_eq!(
            effective(local.clone(), None),
            EffectiveRule { rule: local, is_overridden: false }
        );
    }

    #[test]
    fn the_desktop_app_has_a_word_for_every_rule() {
        let word = |kinds: &[StorageKind]| StorageRule::allowing(kinds).unwrap().desktop_word();
        assert_eq!(word(&[CloudSync, LocalVault, GitSync]), "cloud_plus_local");
        assert_eq!(word(&[CloudSync, GitSync]), "cloud_plus_local");
        assert_eq!(word(&[CloudSync]), "cloud_only");
        assert_eq!(word(&[LocalVault, GitSync]), "local_only");
        assert_eq!(word(&[GitSync]), "local_only");
    }
}
