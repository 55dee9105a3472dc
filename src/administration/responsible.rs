//! The people who can do what somebody else is refused, so that the refusal can name them. Only
//! members of the account learn it.

use crate::enterprise::permissions::{Operation, Reach, reach};
use crate::enterprise::{AccountPk, Role};
use crate::store::responsible::{self, ResponsibleRow};
use crate::store::{Conn, StoreResult};

/// The maximum number of people that a refusal names.
pub const MOST: usize = 5;

/// Returns the roles whose members can do this in the whole account, the greatest first.
pub fn roles(operation: Operation) -> Vec<Role> {
    [Role::Owner, Role::CoOwner]
        .into_iter()
        .filter(|role| reach(*role, operation) == Some(Reach::Account))
        .collect()
}

/// Returns up to [`MOST`] active members who can do this, owners first.
pub fn people(
    conn: &mut Conn,
    enterprise: AccountPk,
    operation: Operation,
) -> StoreResult<Vec<ResponsibleRow>> {
    let mut found = Vec::new();
    for role in roles(operation) {
        let wanted = MOST.saturating_sub(found.len());
        if wanted > 0 {
            found.extend(responsible::of_account(conn, enterprise, role, wanted as i64)?);
        }
    }
    Ok(found)
}

/// Returns the sentence of a refusal that says whom to ask.
pub fn whom_to_ask(operation: Operation, people: &[ResponsibleRow]) -> String {
    let who =
        if roles(operation).contains(&Role::CoOwner) { "an owner or co-owner" } else { "an owner" };
    if people.is_empty() {
        return format!("Ask {who}.");
    }
    let names: Vec<String> = people.iter().map(ResponsibleRow::in_words).collect();
    format!("Ask {who}: {}.", names.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_named_can_do_it() {
        assert_eq!(roles(Operation::ManageTeams), [Role::Owner, Role::CoOwner]);
        assert_eq!(roles(Operation::ManagePlan), [Role::Owner]);
        let person = |name: &str, email: Option<&str>| ResponsibleRow {
            display_name: Some(name.to_owned()),
            user_name: name.to_owned(),
            email: email.map(str::to_owned),
            role: Role::Owner,
        };
        let people = [person("Olive", Some("o@x.example")), person("Oskar", None)];
        assert_eq!(
            whom_to_ask(Operation::ManagePlan, &people),
            "Ask an owner: Olive (o@x.example), Oskar."
        );
        assert_eq!(whom_to_ask(Operation::ManageTeams, &[]), "Ask an owner or co-owner.");
    }
}
