//! Facts in sentences, with what to do.

use super::facts::{Event, Facts, Known, Named};
use super::{Finding, FindingKind};
use crate::enterprise::MemberSource;
use crate::enterprise::connector::ConnectorStatus;

/// Returns what the facts mean, the most important first.
pub fn of(facts: &Facts) -> Vec<Finding> {
    let mut findings: Vec<Finding> = running(facts).into_iter().collect();
    if facts.members.len() > 1 {
        findings.push(several(facts));
    }
    findings.extend(facts.members.iter().map(|known| member(facts, known)));
    findings.extend(refusals(facts));
    findings.extend(looked_for(facts));
    findings.extend(invited(facts));
    findings.extend(facts.removal.as_ref().map(removed));
    let is_known = findings.iter().any(|finding| finding.kind != FindingKind::NotRunning);
    if !is_known {
        findings.push(never(facts));
    }
    findings
}

fn finding(kind: FindingKind, text: String, advice: &str) -> Finding {
    let advice = Some(advice.to_owned()).filter(|advice| !advice.is_empty());
    Finding { kind, at: None, text, advice, member_id: None, scim_request_id: None }
}

fn running(facts: &Facts) -> Option<Finding> {
    let (text, advice) = if !facts.is_active {
        (
            "The account's plan has ended: provisioning is refused.",
            "The owner reactivates the account on the page Plan & billing.",
        )
    } else {
        match facts.status {
            ConnectorStatus::Disabled => (
                "SCIM is not enabled: no identity provider can send anything.",
                "Enable it on the page SCIM.",
            ),
            ConnectorStatus::Expired => (
                "The SCIM token has ended: the identity provider is refused.",
                "Refresh the token on the page SCIM, and enter the new one in the identity provider.",
            ),
            ConnectorStatus::Valid | ConnectorStatus::ExpiringSoon
                if facts.last_request.is_none() =>
            {
                (
                    "SCIM is enabled, and no request has come yet.",
                    "Enter the URL and the token in the identity provider, and switch provisioning on.",
                )
            }
            ConnectorStatus::Valid | ConnectorStatus::ExpiringSoon => return None,
        }
    };
    Some(finding(FindingKind::NotRunning, text.to_owned(), advice))
}

fn several(facts: &Facts) -> Finding {
    let names: Vec<&str> = facts.members.iter().map(|known| known.name.as_str()).collect();
    let text = format!("{} members match: {}.", names.len(), names.join(", "));
    let advice = "If two of them are one human, merge them on the page Members; otherwise ask again \
                  with the whole address.";
    finding(FindingKind::Several, text, advice)
}

fn member(facts: &Facts, known: &Known) -> Finding {
    let name = &known.name;
    let by = known.last.as_ref().map(|event| format!(" by {}", event.by)).unwrap_or_default();
    let reaches = reaches(known);
    let (kind, text, advice) = match (known.active, known.source) {
        (true, MemberSource::Scim) if known.organizations.is_empty() => (
            FindingKind::Arrived,
            format!("{name} has arrived, kept{by}, and reaches no organization. {reaches}"),
            "Put the user into a group of the identity provider that is pushed, and link its team to an \
             organization on the page Teams.",
        ),
        (true, MemberSource::Scim) => {
            (FindingKind::Arrived, format!("{name} has arrived, kept{by}. {reaches}"), "")
        }
        (true, MemberSource::Manual) => (
            FindingKind::Manual,
            format!("{name} is a manual member: no identity provider keeps them. {reaches}"),
            "Assign the user in the identity provider: the first request with the same address takes \
             the member over, with teams and seat.",
        ),
        (false, MemberSource::Scim) => (
            FindingKind::Deactivated,
            format!("{name} is deactivated{by}: no seat is taken, and nothing is reached."),
            "Assign the user again in the identity provider.",
        ),
        (false, MemberSource::Manual) => (
            FindingKind::Deactivated,
            format!("{name} is deactivated{by}: no seat is taken, and nothing is reached."),
            if facts.seats.used() < facts.seats.total {
                "Reactivate the member on the page Members."
            } else {
                "Free a seat on the page Licenses, then reactivate the member on the page Members."
            },
        ),
    };
    let at = known.last.as_ref().map(|event| event.at);
    let mut found =
        Finding { at, member_id: Some(known.id.clone()), ..finding(kind, text, advice) };
    if let Some(refused) = &known.refused {
        found.text.push_str(&format!(
            " The last request about them was refused ({}): {}",
            refused.status, refused.detail
        ));
        found.scim_request_id = Some(refused.id.clone());
    }
    found
}

fn reaches(known: &Known) -> String {
    let (names, count) = &known.teams;
    let teams = match count {
        0 => "In no team".to_owned(),
        1 => format!("In the team {}", names.join(", ")),
        _ => format!("In {count} teams ({})", some(names)),
    };
    match known.organizations.len() {
        0 => format!("{teams}."),
        _ => format!("{teams}; reaches {}.", some(&known.organizations)),
    }
}

/// Names the first five.
fn some(names: &[String]) -> String {
    let first = names.iter().take(5).map(String::as_str).collect::<Vec<_>>().join(", ");
    if names.len() > 5 { format!("{first} and {} more", names.len() - 5) } else { first }
}

fn refusals(facts: &Facts) -> impl Iterator<Item = Finding> + '_ {
    let refused = facts.requests.iter().filter(|request| request.status >= 400);
    refused.take(if facts.members.is_empty() { 3 } else { 1 }).map(|request| {
        let text = format!(
            "{} asked to make the user; refused with {}: {}",
            request.idp.name(),
            request.status,
            request.detail
        );
        of_request(finding(FindingKind::Refused, text, advice(facts, request)), request)
    })
}

fn advice(facts: &Facts, request: &Named) -> &'static str {
    let says = |words: &str| request.detail.contains(words);
    match request.status {
        403 if says("seat") && facts.seats.used() >= facts.seats.total => {
            "Free a seat on the page Licenses or get more; the identity provider tries again by itself."
        }
        403 if says("seat") => {
            "A seat is free now: provision the user again in the identity provider, or wait for its \
             next cycle."
        }
        403 if says("Git Sync") => {
            "Fewer users, or Git Sync off: both are on the page Plan & billing."
        }
        403 => "The page Invites says which domains are let in, and whether that binds SCIM.",
        409 => {
            "Another member has the name or an address of the user: correct one of them, or merge the \
             two on the page Members."
        }
        401 => {
            "Refresh the token on the page SCIM, and enter the new one in the identity provider."
        }
        400 => "Correct the attribute that is named, or its mapping in the identity provider.",
        429 | 500..=599 => "The identity provider tries again by itself.",
        _ => "The request log on the page SCIM shows the whole request.",
    }
}

/// Tells that the identity provider only looked, unless the user is there or was refused since.
fn looked_for(facts: &Facts) -> Option<Finding> {
    let newest = facts.requests.first().filter(|request| request.method == "GET")?;
    if !facts.members.is_empty() {
        return None;
    }
    let text = format!(
        "{} looked for the user, was told that there is none, and has not made one since.",
        newest.idp.name()
    );
    let advice = "Check in the identity provider that users are created (Okta: Create Users; Entra: \
                  Target Object Actions, Create), and look at the user's entry in its provisioning log.";
    Some(of_request(finding(FindingKind::LookedFor, text, advice), newest))
}

fn of_request(finding: Finding, request: &Named) -> Finding {
    Finding { at: Some(request.at), scim_request_id: Some(request.id.clone()), ..finding }
}

fn invited(facts: &Facts) -> Option<Finding> {
    let (email, until) = facts.invitation.as_ref()?;
    let text = format!(
        "{email} is invited until {}; the invitation holds a seat.",
        until.to_rfc3339().get(..10).unwrap_or_default()
    );
    let advice = "Provisioning the user takes the invitation's seat and what it promised; nothing is to \
                  be revoked first.";
    Some(finding(FindingKind::Invited, text, advice))
}

fn removed(event: &Event) -> Finding {
    let text = match event.action.as_str() {
        "user.deleted" => format!("The user was deleted by {}.", event.by),
        "member.left" => "The member left the account.".to_owned(),
        _ => format!("The member was removed by {}.", event.by),
    };
    let advice = "Assign the user again in the identity provider, or invite them.";
    Finding { at: Some(event.at), ..finding(FindingKind::Removed, text, advice) }
}

fn never(facts: &Facts) -> Finding {
    let text = format!(
        "No member, no invitation and no request of the last {} days is about \"{}\".",
        facts.kept_days.max(1),
        facts.about
    );
    let advice = "Check that the user is assigned to the application in the identity provider, and is in \
                  scope; then provision them there.";
    finding(FindingKind::NeverNamed, text, advice)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::enterprise::Timestamp;
    use crate::enterprise::idp::Idp;
    use crate::enterprise::seats::Seats;

    fn nothing() -> Facts {
        Facts {
            about: "bea@x.example".to_owned(),
            is_active: true,
            status: ConnectorStatus::Valid,
            last_request: Some(Timestamp(1)),
            kept_days: 30,
            seats: Seats { total: 50, members: 50, invitations: 0 },
            members: Vec::new(),
            requests: Vec::new(),
            invitation: None,
            removal: None,
        }
    }

    fn bea(active: bool, source: MemberSource) -> Known {
        let by = "Okta".to_owned();
        Known {
            id: "m1".to_owned(),
            name: "Bea".to_owned(),
            source,
            active,
            last: Some(Event { at: Timestamp(5), action: "user.deactivated".to_owned(), by }),
            teams: (vec!["Flight".to_owned()], 1),
            organizations: vec!["Cargo".to_owned()],
            refused: None,
        }
    }

    fn request(method: &str, status: i64, detail: &str) -> Named {
        Named {
            id: "sreq_1".to_owned(),
            at: Timestamp(7),
            idp: Idp::Entra,
            method: method.to_owned(),
            status,
            detail: detail.to_owned(),
        }
    }

    fn told(facts: &Facts) -> Vec<(FindingKind, String)> {
        let told = of(facts).into_iter();
        told.map(|one| (one.kind, format!("{} {}", one.text, one.advice.unwrap_or_default())))
            .collect()
    }

    #[test]
    fn whom_nobody_named_is_to_be_assigned() {
        let told = told(&nothing());
        assert_eq!(told.len(), 1);
        assert_eq!(told[0].0, FindingKind::NeverNamed);
        assert!(told[0].1.contains("30 days") && told[0].1.contains("assigned"), "{told:?}");
    }

    #[test]
    fn a_refusal_for_lack_of_seats_says_whether_one_is_free_now() {
        let detail = "No licence seat is free: 50 of 50 are used.";
        let full = Facts { requests: vec![request("POST", 403, detail)], ..nothing() };
        let found = &of(&full)[0];
        assert_eq!((found.kind, found.at), (FindingKind::Refused, Some(Timestamp(7))));
        assert_eq!(found.scim_request_id.as_deref(), Some("sreq_1"));
        assert!(found.text.starts_with("Microsoft Entra ID") && found.text.contains("50 of 50"));
        assert!(found.advice.as_ref().unwrap().starts_with("Free a seat"));
        let seats = Seats { total: 50, members: 49, invitations: 0 };
        let free = Facts { seats, ..full };
        assert!(of(&free)[0].advice.as_ref().unwrap().starts_with("A seat is free now"));
    }

    #[test]
    fn who_was_only_looked_for_was_not_made() {
        let facts = Facts {
            requests: vec![request("GET", 200, ""), request("POST", 409, "userName: taken.")],
            ..nothing()
        };
        let kinds: Vec<FindingKind> = of(&facts).iter().map(|one| one.kind).collect();
        assert_eq!(kinds, [FindingKind::Refused, FindingKind::LookedFor]);
        assert!(told(&facts)[0].1.contains("merge"));
    }

    #[test]
    fn members_are_told_by_who_keeps_them_and_whether_they_are_active() {
        for (active, source, kind, words) in [
            (true, MemberSource::Scim, FindingKind::Arrived, "reaches Cargo"),
            (true, MemberSource::Manual, FindingKind::Manual, "takes the member over"),
            (false, MemberSource::Scim, FindingKind::Deactivated, "deactivated by Okta"),
            (false, MemberSource::Manual, FindingKind::Deactivated, "Free a seat"),
        ] {
            let facts = Facts { members: vec![bea(active, source)], ..nothing() };
            let told = told(&facts);
            assert_eq!(told.len(), 1, "{told:?}");
            assert_eq!(told[0].0, kind);
            assert!(told[0].1.contains(words), "{told:?}");
        }
        let twice = vec![bea(true, MemberSource::Scim), bea(true, MemberSource::Manual)];
        assert_eq!(told(&Facts { members: twice, ..nothing() })[0].0, FindingKind::Several);
    }

    #[test]
    fn what_does_not_run_is_told_first() {
        let without = |facts: Facts| told(&facts).remove(0);
        for (facts, words) in [
            (Facts { is_active: false, ..nothing() }, "reactivates"),
            (Facts { status: ConnectorStatus::Disabled, ..nothing() }, "Enable it"),
            (Facts { status: ConnectorStatus::Expired, ..nothing() }, "Refresh"),
            (Facts { last_request: None, ..nothing() }, "no request has come"),
        ] {
            let (kind, text) = without(facts);
            assert_eq!(kind, FindingKind::NotRunning);
            assert!(text.contains(words), "{text}");
        }
    }

    #[test]
    fn invitations_and_removals_are_told() {
        let facts = Facts {
            invitation: Some(("bea@x.example".to_owned(), Timestamp(86_400_000))),
            removal: Some(Event {
                at: Timestamp(3),
                action: "user.deleted".to_owned(),
                by: "Okta".to_owned(),
            }),
            ..nothing()
        };
        let told = told(&facts);
        assert!(told[0].1.contains("until 1970-01-02"), "{told:?}");
        assert!(told[1].1.contains("deleted by Okta"), "{told:?}");
    }
}
