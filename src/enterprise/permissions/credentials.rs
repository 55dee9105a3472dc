//! The powers of each credential, as one table. What a member's role may do with
//! [`Power::Administer`] is in the other table, [`super::reach`].

use crate::sso::SignedInBy;
use crate::words::words;

words! {
    /// A credential that a request presents.
    Credential {
        /// A personal token without scopes: it may do everything that its member may.
        PersonalToken = "personal-token",
        /// A personal token that is limited to its scopes.
        ScopedToken = "scoped-token",
        /// A session that began with a link sent by mail.
        MailSession = "mail-session",
        /// A session that the single sign-on of one account opened.
        SsoSession = "sso-session",
        /// A session that a recovery link of one account opened.
        RecoverySession = "recovery-session",
        /// A connector's token.
        ScimToken = "scim-token",
        /// An access token that an OAuth client of a connector obtained.
        OauthAccess = "oauth-access",
        /// An OAuth client's secret.
        OauthClient = "oauth-client",
        /// The assertion of an identity provider at a single sign-on connection.
        SsoConnection = "sso-connection",
        /// The token of the server's operator.
        OperatorToken = "operator-token",
        /// The signature of the billing system.
        BillingSignature = "billing-signature",
        /// No credential.
        Nothing = "nothing",
    }
}

words! {
    /// What a credential gives access to.
    Power {
        /// Everything that needs no credential.
        Public = "public",
        /// Administering an account, as far as the member's role allows.
        Administer = "administer",
        /// Administering that needs a signed-in person; a token of the member is not enough.
        AdministerInPerson = "administer-in-person",
        /// Administering whose result has all rights of the member, such as a new token.
        AdministerInFull = "administer-in-full",
        /// Managing one's session: identity, sign-ins, choice of an account, and offers to an
        /// address that the person has proved.
        Session = "session",
        /// What concerns a person across all accounts: their addresses and the accounts they join.
        Person = "person",
        /// Provisioning by SCIM.
        Provision = "provision",
        /// Obtaining access tokens for SCIM.
        FetchScimTokens = "fetch-scim-tokens",
        /// Signing people in.
        SignPeopleIn = "sign-people-in",
        /// Operating the server.
        Operate = "operate",
        /// Reporting payments.
        Bill = "bill",
    }
}

/// The area in which a credential is valid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// The account to which its member, connector, connection or link belongs.
    OwnAccount,
    /// Its own account, and there only what its scopes name.
    Scopes,
    /// Every account of the person.
    Person,
    /// The whole server.
    Server,
}

/// Returns where a credential has this power, or `None` if it does not have it.
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
        // Not a token: a token belongs to a member, not to a person. What the single sign-on or a
        // recovery link of one account proves about a person is valid in that account only.
        Power::AdministerInPerson | Power::Session => match credential {
            C::SsoSession | C::RecoverySession => Some(Bound::OwnAccount),
            C::MailSession => Some(Bound::Person),
            _ => None,
        },
        // Otherwise a scoped token could be used to obtain rights outside its scopes.
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
    /// Returns the credential of a personal token with these scopes.
    pub const fn token(scopes: Option<&str>) -> Self {
        match scopes {
            None => Self::PersonalToken,
            Some(_) => Self::ScopedToken,
        }
    }

    /// Returns the credential of a session that was opened in this way.
    pub const fn session(by: SignedInBy) -> Self {
        match by {
            SignedInBy::Sso => Self::SsoSession,
            SignedInBy::Mail => Self::MailSession,
            SignedInBy::Recovery => Self::RecoverySession,
        }
    }

    /// Returns `true` if the credential has this power.
    pub const fn may(self, power: Power) -> bool {
        reaches(self, power).is_some()
    }
}

impl Power {
    /// Returns the credentials that have this power.
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

    #[test]
    fn each_power_belongs_to_these_credentials() {
        use Bound::{OwnAccount, Person, Scopes, Server};
        use Credential as C;
        let in_person: &[_] = &[
            (C::MailSession, Person),
            (C::SsoSession, OwnAccount),
            (C::RecoverySession, OwnAccount),
        ];
        let in_full = [&[(C::PersonalToken, OwnAccount)], in_person].concat();
        let mut administer = in_full.clone();
        administer.insert(1, (C::ScopedToken, Scopes));
        let table: [(Power, &[(Credential, Bound)]); 10] = [
            (Power::Administer, &administer),
            (Power::AdministerInPerson, in_person),
            (Power::AdministerInFull, &in_full),
            (Power::Session, in_person),
            (Power::Person, &[(C::MailSession, Person)]),
            (Power::Provision, &[(C::ScimToken, OwnAccount), (C::OauthAccess, OwnAccount)]),
            (Power::FetchScimTokens, &[(C::OauthClient, OwnAccount)]),
            (Power::SignPeopleIn, &[(C::SsoConnection, OwnAccount)]),
            (Power::Operate, &[(C::OperatorToken, Server)]),
            (Power::Bill, &[(C::BillingSignature, Server)]),
        ];
        for (power, expected) in table {
            let bound = |credential| Some((credential, reaches(credential, power)?));
            let found: Vec<_> = power.admits().filter_map(bound).collect();
            assert_eq!(found, expected, "{power}");
        }
    }
}
