//! Splits a filter into the part that an index answers and the part that is evaluated.

use super::collection::Collection;
use crate::scim::Filter;

/// How an index answers a part of a filter.
#[derive(Clone, Debug, PartialEq)]
pub struct Answered<L> {
    pub lookup: L,
    /// Whether the look-up finds exactly the matches; otherwise it also finds other rows.
    pub exactly: bool,
    /// Whether the look-up finds few rows however large the account is.
    pub few: bool,
}

impl<L> Answered<L> {
    /// A look-up that finds exactly the matches, and few of them.
    pub const fn few(lookup: L) -> Self {
        Self { lookup, exactly: true, few: true }
    }

    /// A look-up that finds exactly the matches, possibly many.
    pub const fn many(lookup: L) -> Self {
        Self { lookup, exactly: true, few: false }
    }

    /// Marks the look-up as finding more than the matches, so that the filter is evaluated as well.
    pub fn partly(self) -> Self {
        Self { exactly: false, ..self }
    }
}

/// The plan of a search.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan<L> {
    /// Look-ups that together find every match. There are several only if each of them finds few
    /// rows.
    pub lookups: Vec<L>,
    /// The filter to evaluate on the rows found; `None` if all of them match.
    pub residual: Option<Filter>,
    /// Whether the look-ups together find few rows however large the account is.
    pub few: bool,
}

/// The largest number of look-ups for an `or` that still counts as few.
const FEW_LOOKUPS: usize = 8;

/// Returns the text unless it contains NUL, which PostgreSQL cannot store and which is therefore in
/// no stored value.
pub fn text(value: &str) -> Option<String> {
    (!value.contains('\0')).then(|| value.to_owned())
}

/// Plans the search for a filter.
pub fn plan<C: Collection>(filter: Option<Filter>) -> Plan<C::Lookup> {
    let Some(filter) = filter else {
        return Plan { lookups: vec![C::ALL], residual: None, few: false };
    };
    if let Some(answered) = C::lookup(&filter) {
        let residual = (!answered.exactly).then_some(filter);
        return Plan { lookups: vec![answered.lookup], residual, few: answered.few };
    }
    match filter {
        Filter::And(parts) => plan_all::<C>(parts),
        Filter::Or(parts) => plan_any::<C>(parts),
        other => Plan { lookups: vec![C::ALL], residual: Some(other), few: false },
    }
}

/// Plans `and`: uses the best index among the parts and evaluates the other parts.
fn plan_all<C: Collection>(mut parts: Vec<Filter>) -> Plan<C::Lookup> {
    let mut best: Option<(usize, Answered<C::Lookup>)> = None;
    for (position, part) in parts.iter().enumerate() {
        if let Some(answered) = C::lookup(part)
            && best.as_ref().is_none_or(|(_, known)| answered.few && !known.few)
        {
            best = Some((position, answered));
        }
    }
    let Some((position, answered)) = best else {
        return Plan { lookups: vec![C::ALL], residual: Some(Filter::And(parts)), few: false };
    };
    if answered.exactly {
        parts.remove(position);
    }
    let residual = match parts.len() {
        0 => None,
        1 => parts.pop(),
        _ => Some(Filter::And(parts)),
    };
    Plan { lookups: vec![answered.lookup], residual, few: answered.few }
}

/// Plans `or`: uses an index for each part if every part has one that finds few rows.
fn plan_any<C: Collection>(parts: Vec<Filter>) -> Plan<C::Lookup> {
    let answers: Option<Vec<Answered<C::Lookup>>> =
        parts.iter().map(|part| C::lookup(part).filter(|answered| answered.few)).collect();
    match answers {
        Some(answers) => {
            let exactly = answers.iter().all(|answered| answered.exactly);
            let lookups: Vec<_> = answers.into_iter().map(|answered| answered.lookup).collect();
            let few = lookups.len() <= FEW_LOOKUPS;
            Plan { lookups, residual: (!exactly).then_some(Filter::Or(parts)), few }
        }
        None => Plan { lookups: vec![C::ALL], residual: Some(Filter::Or(parts)), few: false },
    }
}

#[cfg(test)]
mod tests {
    use super::super::collection::{Groups, Users};
    use super::*;
    use crate::provisioning::{GROUP, USER};
    use crate::store::member_lookups::MemberLookup;
    use crate::store::teams::TeamLookup;

    fn users(filter: &str) -> Plan<MemberLookup> {
        plan::<Users>(Some(Filter::parse(filter, &USER).unwrap()))
    }

    #[test]
    fn lookups_of_identity_providers_are_answered_by_an_index_alone() {
        let key = |text: &str| text.to_owned();
        for (filter, lookup) in [
            ("userName eq \"A@X\"", MemberLookup::UserName(key("a@x"))),
            ("externalId eq \"00u\"", MemberLookup::ExternalId(key("00u"))),
            ("emails eq \"A@x\"", MemberLookup::Email(key("a@x"))),
            ("emails.value eq \"A@x\"", MemberLookup::Email(key("a@x"))),
            ("email eq \"A@x\"", MemberLookup::Email(key("a@x"))),
            ("displayName eq \"Jo\"", MemberLookup::DisplayName(key("jo"))),
            ("id eq \"7\"", MemberLookup::Id(key("7"))),
            ("groups.value eq \"team_1\"", MemberLookup::Team(key("team_1"))),
            ("userName sw \"A\"", MemberLookup::UserNamePrefix(key("a"))),
        ] {
            let few = !filter.contains("sw") && !filter.contains("groups");
            let expected = Plan { lookups: vec![lookup], residual: None, few };
            assert_eq!(users(filter), expected, "{filter}");
        }
        let group = plan::<Groups>(Some(Filter::parse("members eq \"7\"", &GROUP).unwrap()));
        assert_eq!((group.lookups, group.residual), (vec![TeamLookup::Member(key("7"))], None));
        for filter in ["id eq \"t\" and members eq \"7\"", "members.value eq \"7\" and id eq \"t\""]
        {
            let group = plan::<Groups>(Some(Filter::parse(filter, &GROUP).unwrap()));
            let lookups = vec![TeamLookup::IdWithMember(key("t"), key("7"))];
            assert_eq!((group.lookups, group.residual), (lookups, None), "{filter}");
        }
    }

    #[test]
    fn the_type_of_an_address_is_decided_among_what_the_index_finds() {
        let plan = users("emails[type eq \"work\"].value eq \"a@x\"");
        assert_eq!(plan.lookups, [MemberLookup::Email("a@x".to_owned())]);
        assert!(plan.residual.is_some());
    }

    #[test]
    fn of_several_conditions_the_index_that_finds_few_is_asked() {
        let plan = users("userName sw \"a\" and active eq true and externalId eq \"e\"");
        assert_eq!(plan.lookups, [MemberLookup::ExternalId("e".to_owned())]);
        assert!(matches!(plan.residual, Some(Filter::And(parts)) if parts.len() == 2));
    }

    #[test]
    fn alternatives_are_looked_up_each_if_all_of_them_can_be() {
        assert_eq!(users("userName eq \"a\" or emails eq \"a\"").lookups.len(), 2);
        let scan = users("userName eq \"a\" or title eq \"a\"");
        assert_eq!(scan.lookups, [MemberLookup::All]);
        assert!(scan.residual.is_some());
    }
}
