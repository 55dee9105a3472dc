//! The secrets that authenticate the operator and the billing system.

use subtle::ConstantTimeEq;

use crate::enterprise::token;

/// Secrets from the configuration.
#[derive(Clone, Default)]
pub struct Secrets {
    /// The hash of the operator's token; without one the operator's API refuses everything.
    operator: Option<[u8; 32]>,
    /// The secrets that the billing system signs with: two during a rotation.
    pub billing: Vec<String>,
}

// Implemented by hand to leave out the secrets.
impl std::fmt::Debug for Secrets {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Secrets")
            .field("operator", &self.operator.is_some())
            .field("billing", &self.billing.len())
            .finish()
    }
}

impl Secrets {
    /// Creates the secrets from the configuration.
    pub fn new(operator: Option<&str>, billing: Vec<String>) -> Self {
        Self { operator: operator.map(token::hash), billing }
    }

    /// Returns `true` if this is the operator's token.
    pub fn is_operator(&self, token: &str) -> bool {
        self.operator.is_some_and(|hash| token::hash(token).ct_eq(&hash).into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_operators_token_is() {
        let secrets = Secrets::new(Some("secret"), Vec::new());
        assert!(secrets.is_operator("secret"));
        assert!(!secrets.is_operator("Secret") && !secrets.is_operator(""));
        assert!(!Secrets::default().is_operator(""));
        assert!(!format!("{secrets:?}").contains("secret"));
    }
}
