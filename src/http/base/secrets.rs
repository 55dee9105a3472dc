//! The secrets that authenticate the operator and the billing system.

use subtle::ConstantTimeEq;

use crate::enterprise::{Timestamp, operator_pass, token};

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

    /// Returns whether there is an operator's token, without which nobody is the operator.
    pub const fn has_operator(&self) -> bool {
        self.operator.is_some()
    }

    /// Returns what a browser keeps in place of the operator's token.
    pub fn operator_pass(&self, now: Timestamp) -> Option<String> {
        self.operator.map(|hash| operator_pass::issue(&hash, now))
    }

    /// Returns whether a browser was given this in place of the operator's token.
    pub fn is_operator_pass(&self, pass: &str, now: Timestamp) -> bool {
        self.operator.is_some_and(|hash| operator_pass::is_valid(&hash, pass, now))
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
        let (now, none) = (Timestamp(0), Secrets::default());
        let pass = secrets.operator_pass(now).unwrap();
        assert!(secrets.is_operator_pass(&pass, now) && !secrets.is_operator(&pass));
        assert!(none.operator_pass(now).is_none() && !none.is_operator_pass(&pass, now));
        assert!(secrets.has_operator() && !none.has_operator());
        assert!(!format!("{secrets:?}").contains("secret"));
    }
}
