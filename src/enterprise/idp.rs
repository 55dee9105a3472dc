//! Recognises the identity provider that sent a request.

use super::words::words;

words! {
    /// A known identity provider.
    Idp {
        /// Okta Workforce Identity.
        Okta = "okta",
        /// Microsoft Entra ID, formerly Azure AD.
        Entra = "entra",
        /// OneLogin.
        OneLogin = "onelogin",
        /// JumpCloud.
        JumpCloud = "jumpcloud",
        /// Any other identity provider, or an unrecognised one.
        Other = "other",
    }
}

impl Idp {
    /// Recognises the identity provider by its `User-Agent`. Entra sends some requests without one;
    /// they count as [`Idp::Other`].
    pub fn of_user_agent(user_agent: &str) -> Self {
        let agent = user_agent.to_ascii_lowercase();
        let says = |words: &[&str]| words.iter().any(|word| agent.contains(word));
        if says(&["okta"]) {
            Self::Okta
        } else if says(&["microsoft", "azure", "entra", "aadprovisioning", "activedirectory"]) {
            Self::Entra
        } else if says(&["onelogin"]) {
            Self::OneLogin
        } else if says(&["jumpcloud"]) {
            Self::JumpCloud
        } else {
            Self::Other
        }
    }

    /// Returns the product name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Okta => "Okta",
            Self::Entra => "Microsoft Entra ID",
            Self::OneLogin => "OneLogin",
            Self::JumpCloud => "JumpCloud",
            Self::Other => "Identity provider",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identity_providers_are_known_by_what_they_call_themselves() {
        let known = [
            ("Okta SCIM Client 1.0.0", Idp::Okta),
            ("AzureActiveDirectoryProvisioningAgent/1.0", Idp::Entra),
            ("Microsoft-AzureAD-Provisioning", Idp::Entra),
            ("OneLogin SCIM", Idp::OneLogin),
            ("JumpCloud SCIM client", Idp::JumpCloud),
            ("curl/8", Idp::Other),
            ("", Idp::Other),
        ];
        for (agent, idp) in known {
            assert_eq!(Idp::of_user_agent(agent), idp, "{agent}");
        }
    }

    #[test]
    fn identity_providers_are_called_by_the_names_of_their_products() {
        let names: Vec<&str> = Idp::ALL.iter().map(|idp| idp.name()).collect();
        let expected = ["Okta", "Microsoft Entra ID", "OneLogin", "JumpCloud", "Identity provider"];
        assert_eq!(names, expected);
    }
}
