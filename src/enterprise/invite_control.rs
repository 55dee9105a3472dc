//! Invite control (docs/domain.md §4): which addresses may be invited, for the account and for
//! organizations that override it.

use std::collections::{HashMap, HashSet};

use super::address;
use super::domain_name::DomainName;
use super::words::words;

words! {
    /// The rule that decides which addresses may be invited.
    InviteRule {
        /// All addresses.
        AllDomains = "all_domains",
        /// Addresses in the account's verified domains.
        VerifiedDomains = "verified_domains",
        /// Addresses in the listed domains.
        CustomDomains = "custom_domains",
        /// No addresses.
        Off = "off",
    }
}

/// Maximum number of listed domains.
pub const MOST_DOMAINS: usize = 200;

/// A rule and its list of domains.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InviteControl {
    /// The rule that applies.
    pub rule: InviteRule,
    /// The listed domains, in canonical form; empty unless the rule is
    /// [`InviteRule::CustomDomains`].
    pub domains: Vec<String>,
}

/// Why an address may not be invited.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotInvitable {
    /// Invitations are off.
    #[error("invitations are off")]
    Off,
    /// The domain of the address is not verified.
    #[error("only verified domains may be invited, and \"{0}\" is not one of them")]
    NotVerified(String),
    /// The domain of the address is not listed.
    #[error("only the listed domains may be invited, and \"{0}\" is not one of them")]
    NotListed(String),
}

/// Why a rule is invalid.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidControl {
    /// Domains are listed, but the rule does not use them.
    #[error("domains can be listed only with the rule custom_domains")]
    StrayDomains,
    /// The rule needs domains, but none are listed.
    #[error("the rule custom_domains needs at least one domain")]
    NoDomains,
    /// The list is too long.
    #[error("at most {MOST_DOMAINS} domains")]
    TooMany,
    /// A listed domain is invalid.
    #[error("\"{0}\" is not a domain name such as kongair.example")]
    NotADomain(String),
}

impl InviteControl {
    /// Validates a rule and normalises its list of domains.
    pub fn new(rule: InviteRule, domains: &[String]) -> Result<Self, InvalidControl> {
        if rule != InviteRule::CustomDomains {
            return if domains.is_empty() {
                Ok(Self { rule, domains: Vec::new() })
            } else {
                Err(InvalidControl::StrayDomains)
            };
        }
        if domains.is_empty() {
            return Err(InvalidControl::NoDomains);
        }
        if domains.len() > MOST_DOMAINS {
            return Err(InvalidControl::TooMany);
        }
        let mut canonical = domains
            .iter()
            .map(|text| match DomainName::parse(text) {
                Ok(domain) => Ok(domain.as_str().to_owned()),
                Err(_) => Err(InvalidControl::NotADomain(text.clone())),
            })
            .collect::<Result<Vec<_>, _>>()?;
        canonical.sort_unstable();
        canonical.dedup();
        Ok(Self { rule, domains: canonical })
    }

    /// Checks whether a person with this address may be a member. The rule `off` prevents
    /// invitations but does not affect existing members.
    ///
    /// # Errors
    /// Fails with the domain if the rule excludes it.
    pub fn admits(&self, email: &str, verified: &HashSet<String>) -> Result<(), NotInvitable> {
        let domain = address::domain(email).unwrap_or_default();
        match self.rule {
            InviteRule::AllDomains | InviteRule::Off => Ok(()),
            InviteRule::VerifiedDomains if verified.contains(&domain) => Ok(()),
            InviteRule::VerifiedDomains => Err(NotInvitable::NotVerified(domain)),
            InviteRule::CustomDomains if self.domains.contains(&domain) => Ok(()),
            InviteRule::CustomDomains => Err(NotInvitable::NotListed(domain)),
        }
    }

    /// Checks whether this address may be invited.
    ///
    /// # Errors
    /// Fails if invitations are off or the rule excludes the domain.
    pub fn invites(&self, email: &str, verified: &HashSet<String>) -> Result<(), NotInvitable> {
        if self.rule == InviteRule::Off {
            return Err(NotInvitable::Off);
        }
        self.admits(email, verified)
    }
}

/// Whether the rules are applied to a member or to an invitation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// An existing member.
    Member,
    /// A person who is, or is about to be, invited.
    Invited,
}

/// The rule of an organization that overrides the account's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Override {
    /// The organization's name.
    pub name: String,
    /// The rule that applies to the organization.
    pub control: InviteControl,
}

/// A rule that an address violates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// Id and name of the organization that has the rule; `None` if it is the account's rule.
    pub organization: Option<(String, String)>,
    /// Why the rule excludes the address.
    pub reason: NotInvitable,
}

impl std::fmt::Display for Violation {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.organization {
            Some((_, name)) => write!(formatter, "in the organization \"{name}\" {}", self.reason),
            None => write!(formatter, "{}", self.reason),
        }
    }
}

/// All rules of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Controls {
    /// The rule of the account.
    pub account: InviteControl,
    /// The organizations with a rule of their own, by id.
    pub organizations: HashMap<String, Override>,
    /// The account's verified domains, in canonical form.
    pub verified: HashSet<String>,
}

impl Controls {
    /// Returns whether every address may be invited everywhere.
    pub fn allow_all(&self) -> bool {
        let is_open = |control: &InviteControl| control.rule == InviteRule::AllDomains;
        is_open(&self.account) && self.organizations.values().all(|own| is_open(&own.control))
    }

    /// Returns the rules of an account that has none: every address may be invited.
    pub fn none() -> Self {
        let account = InviteControl { rule: InviteRule::AllDomains, domains: Vec::new() };
        Self { account, organizations: HashMap::new(), verified: HashSet::new() }
    }

    /// Returns the rule that applies to an organization, and the organization's id and name if the
    /// rule is its own.
    fn of<'a>(&'a self, id: &str) -> (Option<(String, String)>, &'a InviteControl) {
        match self.organizations.get(id) {
            Some(own) => (Some((id.to_owned(), own.name.clone())), &own.control),
            None => (None, &self.account),
        }
    }

    /// Returns the rules that an address violates, without duplicates. The rules of the
    /// organizations in `reach` apply, or the account's rule if `reach` is empty.
    pub fn violations<'a>(
        &self,
        subject: Subject,
        email: &str,
        reach: impl IntoIterator<Item = &'a str>,
    ) -> Vec<Violation> {
        let mut rules: Vec<_> = reach.into_iter().map(|id| self.of(id)).collect();
        if rules.is_empty() {
            rules.push((None, &self.account));
        }
        let mut violations: Vec<Violation> = Vec::new();
        for (organization, control) in rules {
            let verdict = match subject {
                Subject::Member => control.admits(email, &self.verified),
                Subject::Invited => control.invites(email, &self.verified),
            };
            if let Err(reason) = verdict
                && !violations.iter().any(|known| known.organization == organization)
            {
                violations.push(Violation { organization, reason });
            }
        }
        violations
    }

    /// Returns `true` if the address complies with every rule of the account. Most addresses do,
    /// which saves the caller the look-up of the organizations they reach.
    pub fn complies_everywhere(&self, subject: Subject, email: &str) -> bool {
        let own = self.organizations.values().map(|own| &own.control);
        own.chain([&self.account]).all(|control| match subject {
            Subject::Member => control.admits(email, &self.verified).is_ok(),
            Subject::Invited => control.invites(email, &self.verified).is_ok(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn control(rule: InviteRule, domains: &[&str]) -> InviteControl {
        let domains: Vec<String> = domains.iter().map(|&domain| domain.to_owned()).collect();
        InviteControl::new(rule, &domains).unwrap()
    }

    #[test]
    fn each_rule_lets_in_whom_it_names() {
        let verified = HashSet::from(["kongair.example".to_owned()]);
        for (rule, domains, email, expected) in [
            (InviteRule::AllDomains, &[][..], "a@else.example", Ok(())),
            (InviteRule::VerifiedDomains, &[], "a@KongAir.example", Ok(())),
            (
                InviteRule::VerifiedDomains,
                &[],
                "a@sub.kongair.example",
                Err(NotInvitable::NotVerified("sub.kongair.example".to_owned())),
            ),
            (InviteRule::CustomDomains, &["Partner.Example."], "a@partner.EXAMPLE", Ok(())),
            (
                InviteRule::CustomDomains,
                &["partner.example"],
                "a@kongair.example",
                Err(NotInvitable::NotListed("kongair.example".to_owned())),
            ),
            (InviteRule::Off, &[], "a@kongair.example", Err(NotInvitable::Off)),
        ] {
            assert_eq!(
                control(rule, domains).invites(email, &verified),
                expected,
                "{rule} {email}"
            );
        }
        let off = control(InviteRule::Off, &[]);
        assert_eq!(off.admits("a@else.example", &verified), Ok(()), "who is there stays");
    }

    #[test]
    fn a_list_and_its_rule_go_together() {
        let listed = |rule, domains: &[&str]| {
            let domains: Vec<String> = domains.iter().map(|&domain| domain.to_owned()).collect();
            InviteControl::new(rule, &domains)
        };
        assert_eq!(listed(InviteRule::CustomDomains, &[]), Err(InvalidControl::NoDomains));
        assert_eq!(listed(InviteRule::Off, &["a.example"]), Err(InvalidControl::StrayDomains));
        let many: Vec<String> = (0..=MOST_DOMAINS).map(|n| format!("d{n}.example")).collect();
        assert_eq!(
            InviteControl::new(InviteRule::CustomDomains, &many),
            Err(InvalidControl::TooMany)
        );
        for text in ["", "example", "a@b.example", "a b.example", "-a.example"] {
            assert_eq!(
                listed(InviteRule::CustomDomains, &[text]),
                Err(InvalidControl::NotADomain(text.to_owned()))
            );
        }
        let twice = listed(
            InviteRule::CustomDomains,
            &["B.example", "a.example", "b.EXAMPLE.", "bücher.example", "xn--bcher-kva.example"],
        );
        let canonical = ["a.example", "b.example", "xn--bcher-kva.example"];
        assert_eq!(twice.unwrap().domains, canonical);
    }

    #[test]
    fn what_somebody_reaches_decides_whose_rule_counts() {
        let own =
            |name: &str, rule| Override { name: name.to_owned(), control: control(rule, &[]) };
        let controls = Controls {
            account: control(InviteRule::VerifiedDomains, &[]),
            organizations: HashMap::from([
                ("org_open".to_owned(), own("Open", InviteRule::AllDomains)),
                ("org_shut".to_owned(), own("Shut", InviteRule::Off)),
            ]),
            verified: HashSet::from(["kongair.example".to_owned()]),
        };
        let violations = |subject, reach: &[&str]| {
            let found = controls.violations(subject, "a@else.example", reach.iter().copied());
            found
                .into_iter()
                .map(|violation| violation.organization.map(|(id, _)| id))
                .collect::<Vec<_>>()
        };
        let none: Vec<Option<String>> = Vec::new();
        assert_eq!(violations(Subject::Invited, &["org_open"]), none);
        assert_eq!(violations(Subject::Invited, &[]), [None]);
        assert_eq!(violations(Subject::Invited, &["org_1", "org_2"]), [None], "one rule, once");
        let shut = Some("org_shut".to_owned());
        assert_eq!(violations(Subject::Invited, &["org_open", "org_shut"]), [shut]);
        assert_eq!(violations(Subject::Member, &["org_shut"]), none);
        assert!(controls.complies_everywhere(Subject::Member, "a@kongair.example"));
        assert!(!controls.complies_everywhere(Subject::Invited, "a@kongair.example"));
        assert!(!controls.complies_everywhere(Subject::Member, "a@else.example"));
    }

    #[test]
    fn a_violation_names_the_organization_that_has_the_rule() {
        let reason = NotInvitable::NotListed("else.example".to_owned());
        for (organization, text) in [
            (
                None,
                "only the listed domains may be invited, and \"else.example\" is not one of them",
            ),
            (
                Some(("org_1".to_owned(), "Cargo".to_owned())),
                "in the organization \"Cargo\" only the listed domains may be invited, and \
                 \"else.example\" is not one of them",
            ),
        ] {
            assert_eq!(Violation { organization, reason: reason.clone() }.to_string(), text);
        }
    }
}
