//! The rows that the server writes for one new user, as it wrote them, to be written again.

use uuid::Uuid;

use super::tables::{Change, Logged, Member};
use crate::Outcome;

/// The rows of one user; a pattern for others.
#[derive(Clone)]
pub struct Rows {
    pub member: Member,
    pub change: Change,
    pub logged: Logged,
}

impl Rows {
    /// The rows of another user of this account, as long and as distinct as those of the pattern.
    ///
    /// # Errors
    /// When the pattern has no user name in its documents.
    pub fn of(&self, enterprise: i64, number: usize) -> Outcome<Self> {
        let (old, mut rows) = (&self.member.user_name, self.clone());
        let name = format!("row{number}@limit.example");
        let renamed = |text: &String| text.replace(old.as_str(), &name);
        if !self.member.document.contains(old.as_str()) {
            return Err("the server's row does not hold the user name".into());
        }
        let Rows { member, change, logged } = &mut rows;
        member.email = Some(name.clone());
        member.id = Uuid::now_v7().to_string();
        member.enterprise_pk = enterprise;
        member.user_name.clone_from(&name);
        member.user_name_key.clone_from(&name);
        member.external_id = member.external_id.as_ref().map(renamed);
        member.display_name = member.display_name.as_ref().map(renamed);
        member.display_name_key = member.display_name_key.as_ref().map(renamed);
        member.document = renamed(&member.document);
        change.enterprise_pk = enterprise;
        change.target_id.clone_from(&member.id);
        change.target_name = renamed(&change.target_name);
        change.after = renamed(&change.after);
        logged.enterprise_pk = enterprise;
        logged.id = Uuid::now_v7().to_string();
        logged.resource_id = Some(member.id.clone());
        Ok(rows)
    }
}
