//! What a credential may do, as one table: credential by power. What a member's role may do within
//! [`Power::Administer`] is the other table, [`super::reach`].

use crate::sso::SignedInBy;
use crate::words::words;

words! {
    /// What somebody can show.
    Credential {
        /// A personal token without scopes: all that its member may do.
        PersonalToken = "personal-token",
        /// A personal token that is for its scopes only.
        ScopedToken = "scoped-token",
        /// A session that began with a link sent by mail.
        MailSession = "mail-session",
        /// A session that one account's single sign-on opened.
        SsoSession = "sso-session",
        /// A session that one account's recovery link opened.
        RecoverySession = "recovery-session",
        /// A connector's token.
        ScimToken = "scim-token",
        /// A token that an OAuth client of a connector was given.
        OauthAccess = "oauth-access",
        /// An OAuth client's secret.
        OauthClient = "oauth-client",
        /// What an identity provider says at a single sign-on connection.
        SsoConnection = "sso-connection",
        /// The token of whoever runs the server.
        OperatorToken = "operator-token",
        /// The signature of the billing system.
        BillingSignature = "billing-signature",
        /// None.
        Nothing = "nothing",
    }
}

words! {
    /// What a credential is let in to.
    Power {
        /// What is open to everybody.
        Public = "public",
        /// Administering an account, as far as the member's role reaches.
        Administer = "administer",
        /// The same where the person answers for it, and not only a member of theirs.
        AdministerInPerson = "administer-in-person",
        /// The same where what comes of it gives all that the member may do.
        AdministerInFull = "administer-in-full",
        /// One's session: who one is, where one is signed in, the choice of an account, offers to an
        /// address that one has shown.
        Session = "session",
        /// What is true of a person in every account: their addresses, and the accounts they join.
        Person = "person",
        /// SCIM.
        Provision = "provision",
        /// Fetching tokens for SCIM.
        FetchScimTokens = "fetch-scim-tokens",
        /// Signing people in.
        SignPeopleIn = "sign-people-in",
        /// What whoever runs the server does.
        Operate = "operate",
        /// Saying what was paid.
        Bill = "bill",
    }
}

/// How far a credential reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// The account that it belongs to: of its member, its connector, its connection, its link.
    OwnAccount,
    /// The same, and in it only what its scopes name.
    Scopes,
    /// Every account of the person.
    Person,
    /// The server.
    Server,
}

/// How far a credential reaches with a power; `None` where it is not let in.
pub const fn reaches(credential: Credential, power: Power) -> Option<Bound> {
    use Credential as C;
    match power {
        Power::Public => Some(Bound::Server),
        Power::Administer => match credential {
            C::PersonalToken | C::SsoSession | C::RecoverySession => Some(Bound::OwnAccount),
            C::ScopedToken => Some(Bound::Scopes),
            C::MailSession => Some(Bound::Person),
            _ => None,
        },
        // A token is a member's. What one account's single sign-on or link says of a person holds in
        // that account only.
        Power::AdministerInPerson | Power::Session => match credential {
            C::SsoSession | C::RecoverySession => Some(Bound::OwnAccount),
            C::MailSession => Some(Bound::Person),
            _ => None,
        },
        // Otherwise a scope would be a way to what it leaves out.
        Power::AdministerInFull => match credential {
            C::ScopedToken => None,
            _ => reaches(credential, Power::Administer),
        },
        Power::Person => match credential {
            C::MailSession => Some(Bound::Person),
            _ => None,
        },
        Power::Provision => match credential {
            C::ScimToken | C::OauthAccess => Some(Bound::OwnAccount),
            _ => None,
        },
        Power::FetchScimTokens => match credential {
            C::OauthClient => Some(Bound::OwnAccount),
            _ => None,
        },
        Power::SignPeopleIn => match credential {
            C::SsoConnection => Some(Bound::OwnAccount),
            _ => None,
        },
        Power::Operate => match credential {
            C::OperatorToken => Some(Bound::Server),
            _ => None,
        },
        Power::Bill => match credential {
            C::BillingSignature => Some(Bound::Server),
            _ => None,
        },
    }
}

impl Credential {
    /// The personal token with these scopes.
    pub const fn token(scopes: Option<&str>) -> Self {
        match scopes {
            None => Self::PersonalToken,
            Some(_) => Self::ScopedToken,
        }
    }

    /// The session of somebody who signed in so.
    pub const fn session(by: SignedInBy) -> Self {
        match by {
            SignedInBy::Sso => Self::SsoSession,
            SignedInBy::Mail => Self::MailSession,
            SignedInBy::Recovery => Self::RecoverySession,
        }
    }

    /// Whether it is let in.
    pub const fn may(self, power: Power) -> bool {
        reaches(self, power).is_some()
    }
}

impl Power {
    /// The credentials that are let in.
    pub fn admits(self) -> impl Iterator<Item = Credential> {
        Credential::ALL.iter().copied().filter(move |credential| credential.may(self))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_reaches_what_is_public_and_no_more() {
        for power in Power::ALL {
            let expected = (*power == Power::Public).then_some(Bound::Server);
            assert_eq!(reaches(Credential::Nothing, *power), expected, "{power}");
        }
    }

    #[test]
    fn whoever_provisions_does_not_administer() {
        for credential in Credential::ALL {
            let provisions =
                credential.may(Power::Provision) || credential.may(Power::FetchScimTokens);
            assert!(!(provisions && credential.may(Power::Administer)), "{credential}");
        }
    }

    #[test]
    fn a_scope_takes_away_and_gives_nothing() {
        for power in Power::ALL {
            let more =
                Credential::ScopedToken.may(*power) && !Credential::PersonalToken.may(*power);
            assert!(!more, "{power}");
        }
    }
}
