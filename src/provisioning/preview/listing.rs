//! Reads an identity provider's list of users: Okta's and Microsoft Entra ID's exports as they are, and
//! any other table with a line of column names.

use std::collections::HashMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::PreviewError;

/// The maximum number of users on a list.
pub const MOST: usize = 20_000;

/// A user on the list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listed {
    /// The line of the list, counted from 1.
    pub line: usize,
    /// The user name, or the address if there is none.
    pub user_name: String,
    /// The addresses.
    pub emails: Vec<String>,
    /// The name to show, if there is one.
    pub display_name: Option<String>,
    /// The identity provider's id of the user, if there is one.
    pub external_id: Option<String>,
    /// Whether the user is active.
    pub active: bool,
    /// The names of the user's groups.
    pub groups: Vec<String>,
}

/// Which columns of the list hold what, by their names; those that are left out are found by the names
/// that Okta and Microsoft Entra ID give them.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, PartialEq, Eq)]
#[schemars(rename = "ListColumns")]
#[serde(deny_unknown_fields)]
pub struct Columns {
    /// The column of user names.
    pub user_name: Option<String>,
    /// The column of addresses.
    pub email: Option<String>,
    /// The column of names to show.
    pub display_name: Option<String>,
    /// The column of the identity provider's ids.
    pub external_id: Option<String>,
    /// The column that says whether a user is active.
    pub active: Option<String>,
    /// The column of groups, separated by semicolons or bars.
    pub groups: Option<String>,
}

/// What the columns are called, without blanks and marks.
const USER_NAMES: &[&str] = &["username", "userprincipalname", "login", "upn"];
const EMAILS: &[&str] = &["email", "mail", "primaryemail", "emailaddress", "workemail"];
const DISPLAY_NAMES: &[&str] = &["displayname", "fullname", "name"];
const EXTERNAL_IDS: &[&str] = &["externalid", "userid", "objectid", "oktaid", "id"];
const ACTIVES: &[&str] = &["active", "status", "accountenabled", "enabled", "state"];
const GROUPS: &[&str] = &["groups", "group", "memberof"];

/// Words that mean that a user is not active.
const INACTIVE: &[&str] = &[
    "false",
    "no",
    "0",
    "inactive",
    "disabled",
    "deprovisioned",
    "deactivated",
    "suspended",
    "blocked",
    "deleted",
];

/// Reads the list.
///
/// # Errors
/// Fails if the text is no table, lacks a column for user names and addresses, names a column that is
/// not there, or is too long.
pub fn read(text: &str, columns: &Columns) -> Result<Vec<Listed>, PreviewError> {
    // The reader counts lines by line feeds.
    let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .trim(csv::Trim::All)
        .delimiter(delimiter(&text))
        .from_reader(text.as_bytes());
    let headers = reader.headers().map_err(|error| PreviewError::Unreadable(error.to_string()))?;
    let places = Places::of(headers, columns)?;
    let mut users = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| PreviewError::Unreadable(error.to_string()))?;
        if record.iter().all(str::is_empty) {
            continue;
        }
        if users.len() == MOST {
            return Err(PreviewError::TooMany);
        }
        let line = record.position().map_or(0, csv::Position::line);
        users.push(places.user(&record, usize::try_from(line).unwrap_or(usize::MAX)));
    }
    if users.is_empty() { Err(PreviewError::Empty) } else { Ok(users) }
}

/// Returns the character between columns: the most frequent one of the first line.
fn delimiter(text: &str) -> u8 {
    let first = text.lines().next().unwrap_or_default();
    let count = |mark: u8| first.bytes().filter(|byte| *byte == mark).count();
    [b'\t', b';', b','].into_iter().max_by_key(|mark| count(*mark)).unwrap_or(b',')
}

/// Where the values of a user are.
struct Places {
    user_name: Option<usize>,
    emails: Vec<usize>,
    display_name: Option<usize>,
    names: [Option<usize>; 2],
    external_id: Option<usize>,
    active: Option<usize>,
    groups: Option<usize>,
}

impl Places {
    fn of(headers: &csv::StringRecord, columns: &Columns) -> Result<Self, PreviewError> {
        let mut known: HashMap<String, usize> = HashMap::new();
        for (place, header) in headers.iter().enumerate() {
            known.entry(plain(header)).or_insert(place);
        }
        let find = |wanted: &Option<String>, names: &[&str]| match wanted {
            Some(name) => match known.get(&plain(name)) {
                Some(place) => Ok(Some(*place)),
                None => Err(PreviewError::NoColumn(name.clone())),
            },
            None => Ok(names.iter().find_map(|name| known.get(*name).copied())),
        };
        let places = Self {
            user_name: find(&columns.user_name, USER_NAMES)?,
            emails: find(&columns.email, EMAILS)?.into_iter().collect(),
            display_name: find(&columns.display_name, DISPLAY_NAMES)?,
            names: [
                find(&None, &["firstname", "givenname"])?,
                find(&None, &["lastname", "surname", "familyname"])?,
            ],
            external_id: find(&columns.external_id, EXTERNAL_IDS)?,
            active: find(&columns.active, ACTIVES)?,
            groups: find(&columns.groups, GROUPS)?,
        };
        if places.user_name.is_none() && places.emails.is_empty() {
            let found = headers.iter().take(20).collect::<Vec<_>>().join(", ");
            return Err(PreviewError::NoNames(found));
        }
        Ok(places)
    }

    fn user(&self, record: &csv::StringRecord, line: usize) -> Listed {
        let value = |place: Option<usize>| {
            place.and_then(|place| record.get(place)).filter(|text| !text.is_empty())
        };
        let email = self.emails.iter().find_map(|place| value(Some(*place)));
        let user_name = value(self.user_name).or(email).unwrap_or_default().to_owned();
        let names: Vec<&str> = self.names.iter().filter_map(|place| value(*place)).collect();
        let joined = (!names.is_empty()).then(|| names.join(" "));
        let is_inactive = |text: &str| INACTIVE.contains(&plain(text).as_str());
        let groups = value(self.groups).unwrap_or_default().split([';', '|']).map(str::trim);
        Listed {
            line,
            emails: email.map(str::to_owned).into_iter().collect(),
            display_name: value(self.display_name).map(str::to_owned).or(joined),
            external_id: value(self.external_id).map(str::to_owned),
            active: !value(self.active).is_some_and(is_inactive),
            groups: groups.filter(|name| !name.is_empty()).map(str::to_owned).collect(),
            user_name,
        }
    }
}

/// Returns a name without blanks, marks and letter case.
fn plain(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed(text: &str) -> Vec<Listed> {
        read(text, &Columns::default()).unwrap()
    }

    #[test]
    fn exports_of_okta_are_read_as_they_are() {
        let text = "\u{feff}User Id,First name,Last name,Primary email,Username,Status\r\n\
                    00u1,Bea,Pilot,bea@x.example,bea.pilot@x.example,ACTIVE\r\n\
                    00u2,\"Ben, Jr.\",Cook,ben@x.example,ben@x.example,DEPROVISIONED\r\n\r\n";
        let [bea, ben] = &listed(text)[..] else { panic!() };
        assert_eq!(
            (bea.line, bea.user_name.as_str(), bea.active),
            (2, "bea.pilot@x.example", true)
        );
        assert_eq!(
            (&bea.emails[..], bea.external_id.as_deref()),
            (&["bea@x.example".to_owned()][..], Some("00u1"))
        );
        assert_eq!(bea.display_name.as_deref(), Some("Bea Pilot"));
        assert_eq!((ben.display_name.as_deref(), ben.active), (Some("Ben, Jr. Cook"), false));
    }

    #[test]
    fn exports_of_entra_are_read_as_they_are() {
        let text = "userPrincipalName,displayName,surname,mail,givenName,id,accountEnabled\n\
                    bea@x.example,Bea Pilot,Pilot,,Bea,0f1,True\n\
                    ben@x.example,,Cook,b@x.example,Ben,0f2,False\n";
        let [bea, ben] = &listed(text)[..] else { panic!() };
        assert_eq!(
            (bea.user_name.as_str(), bea.emails.len(), bea.active),
            ("bea@x.example", 0, true)
        );
        assert_eq!(bea.display_name.as_deref(), Some("Bea Pilot"));
        assert_eq!((ben.emails[0].as_str(), ben.active), ("b@x.example", false));
        assert_eq!(ben.display_name.as_deref(), Some("Ben Cook"));
    }

    #[test]
    fn any_table_is_read_with_its_columns_named() {
        let text = "Kennung;Post;Gruppen\nbea;bea@x.example;Flight | Sales\n";
        let columns = Columns {
            user_name: Some("kennung".to_owned()),
            email: Some("Post".to_owned()),
            groups: Some("Gruppen".to_owned()),
            ..Columns::default()
        };
        let users = read(text, &columns).unwrap();
        assert_eq!(users[0].groups, ["Flight", "Sales"]);
        assert_eq!(users[0].user_name, "bea");
        let wrong = Columns { email: Some("Mail".to_owned()), ..columns };
        assert_eq!(read(text, &wrong), Err(PreviewError::NoColumn("Mail".to_owned())));
    }

    #[test]
    fn what_is_no_list_is_refused_with_what_was_found() {
        let default = Columns::default();
        assert_eq!(read("", &default), Err(PreviewError::NoNames(String::new())));
        assert_eq!(read("email\n", &default), Err(PreviewError::Empty));
        assert_eq!(
            read("colour,size\nred,7\n", &default),
            Err(PreviewError::NoNames("colour, size".to_owned()))
        );
        let long = format!("email\n{}", "a@x.example\n".repeat(MOST + 1));
        assert_eq!(read(&long, &default), Err(PreviewError::TooMany));
    }
}
