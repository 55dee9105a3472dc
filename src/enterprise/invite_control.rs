//! Invite control (DOMAIN.md §4): whom invitations may go to, for the account, and for an
//! organization that differs from it.

use std::collections::{HashMap, HashSet};

use super::address;
use super::domain_name::DomainName;
use super::words::words;

words! {
    /// Which addresses may be invited.
    InviteRule {
        /// Any.
        AllDomains = "all_domains",
        /// Those in the account's verified domains.
        VerifiedDomains = "verified_domains",
        /// Those in the domains of a list.
        CustomDomains = "custom_domains",
        /// None.
        Off = "off",
    }
}

/// Longest list of domains.
pub const MOST_DOMAINS: usize = 200;

/// A rule, with the domains of its list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InviteControl {
    /// The rule.
    pub rule: InviteRule,
    /// The list, in canonical form; empty unless the rule is [`InviteRule::CustomDomains`].
    pub domains: Vec<String>,
}

/// Why an address may not be invited.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotInvitable {
    /// Nobody may.
    #[error("invitations are off")]
    Off,
    /// The domain is not verified.
    #[error("only verified domains may be invited, and \"{0}\" is not one of them")]
    NotVerified(String),
    /// The domain is not on the list.
    #[error("only the listed domains may be invited, and \"{0}\" is not one of them")]
    NotListed(String),
}

/// Why a rule is none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidControl {
    /// A list without a rule that reads it.
    #[error("domains go only with the rule custom_domains")]
    StrayDomains,
    /// A rule without its list.
    #[error("the rule custom_domains needs at least one domain")]
    NoDomains,
    /// Too long a list.
    #[error("at most {MOST_DOMAINS} domains")]
    TooMany,
    /// Not a domain.
    #[error("\"{0}\" is not a domain name such as kongair.example")]
    NotADomain(String),
}

impl InviteControl {
    /// A rule and its list, checked and brought to canonical form.
    ///
    /// # Errors
    /// [`InvalidControl`].
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

    /// Whether somebody with this address may be a member: `off` ends invitations, and says nothing
    /// of those who are there.
    ///
    /// # Errors
    /// [`NotInvitable`] with the domain.
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

    /// Whether this address may be invited.
    ///
    /// # Errors
    /// [`NotInvitable`].
    pub fn invites(&self, email: &str, verified: &HashSet<String>) -> Result<(), NotInvitable> {
        if self.rule == InviteRule::Off {
            return Err(NotInvitable::Off);
        }
        self.admits(email, verified)
    }
}

/// Somebody the rules are applied to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// Who is there already.
    Member,
    /// Who is, or is to be, invited.
    Invited,
}

/// An organization's rule, with the organization's name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Override {
    /// The organization's name.
    pub name: String,
    /// Its rule.
    pub control: InviteControl,
}

/// A rule that is not complied with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The organization whose rule it is; none where it is the account's.
    pub organization: Option<(String, String)>,
    /// Why.
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
    /// The account's.
    pub account: InviteControl,
    /// Those of organizations that differ, by the organization's id.
    pub organizations: HashMap<String, Override>,
    /// The account's verified domains, in canonical form.
    pub verified: HashSet<String>,
}

impl Controls {
    /// The rule of an organization, and whose it is.
    fn of<'a>(&'a self, id: &str) -> (Option<(String, String)>, &'a InviteControl) {
        match self.organizations.get(id) {
            Some(own) => (Some((id.to_owned(), own.name.clone())), &own.control),
            None => (None, &self.account),
        }
    }

    /// Every rule that an address does not comply with, each once. What counts is what it leads to:
    /// the rules of the organizations that somebody reaches or would reach; where it is none, the
    /// account's.
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

    /// Whether every rule of the account is complied with, whatever is reached. Most are, and need
    /// no look at what they reach.
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
}
