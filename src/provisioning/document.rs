//! Response bodies: a JSON value or, if groups are large, a JSON text in parts whose members are
//! read from the database only while the response is sent.

use std::ops::ControlFlow;

use serde::Serialize;
use serde_json::Value;

use super::ProvisioningError;
use super::memberships::MEMBERS;
use super::roster::{Roster, Text};
use crate::enterprise::MemberPk;
use crate::scim::Resource;
use crate::scim::list::ListResponse;
use crate::scim::projection::Projection;
use crate::store::{Conn, StoreError};

type Result<T> = std::result::Result<T, ProvisioningError>;

/// A resource as it is returned. If there is a roster, `members` is null and a placeholder for it.
#[derive(Clone, Debug, PartialEq)]
pub struct View {
    pub resource: Resource,
    /// The group's members, if they are too many to be part of the resource.
    pub roster: Option<Roster>,
}

impl View {
    /// Removes the attributes that the client did not ask for.
    pub fn project(&mut self, projection: &Projection) {
        projection.apply(&mut self.resource);
    }
}

impl From<Resource> for View {
    fn from(resource: Resource) -> Self {
        Self { resource, roster: None }
    }
}

/// The body of a response.
#[derive(Clone, Debug, PartialEq)]
pub enum Body {
    /// One complete resource.
    Whole(Value),
    /// A complete page as JSON text. It is serialized on the thread of the database reader:
    /// serializing a long page would block the threads that serve all accounts.
    Written(Vec<u8>),
    /// A document that is read while it is sent.
    Parts(Document),
}

impl From<Resource> for Body {
    fn from(resource: Resource) -> Self {
        Self::Whole(Value::Object(resource))
    }
}

impl Body {
    /// Builds the body of one resource.
    pub fn of(view: View) -> Result<Self> {
        if view.roster.is_none() {
            return Ok(view.resource.into());
        }
        let mut writer = Writer::default();
        writer.view(view)?;
        Ok(Self::Parts(writer.finish()))
    }

    /// Builds the body of a page of resources.
    pub fn list(mut response: ListResponse, views: Vec<View>) -> Result<Self> {
        if views.iter().all(|view| view.roster.is_none()) {
            response.items = views.into_iter().map(|view| Value::Object(view.resource)).collect();
            let text = serde_json::to_vec(&response.into_json()).map_err(unwritable)?;
            return Ok(Self::Written(text));
        }
        let mut writer = Writer::default();
        writer.value(&response.envelope(views.len()))?;
        writer.reopen();
        writer.text.push_str(",\"Resources\":[");
        for (number, view) in views.into_iter().enumerate() {
            if number > 0 {
                writer.text.push(',');
            }
            writer.view(view)?;
        }
        writer.text.push_str("]}");
        Ok(Self::Parts(writer.finish()))
    }
}

fn unwritable(error: serde_json::Error) -> StoreError {
    StoreError::Damaged(error.to_string())
}

/// A JSON text, some parts of which are still to be read.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    parts: Vec<Part>,
}

#[derive(Clone, Debug, PartialEq)]
enum Part {
    Text(String),
    Roster(Roster),
}

/// How far a document has been written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Place {
    part: usize,
    /// The last member of the part that was written.
    member: Option<MemberPk>,
}

/// A piece of a document.
pub enum Piece {
    /// A piece that is followed by others.
    Text(Vec<u8>),
    /// The last piece.
    Last(Vec<u8>),
}

impl Document {
    /// Writes the document from `place` on. Returns the place to continue from if `send` breaks
    /// off, `None` at the end.
    ///
    /// # Errors
    /// Returns [`StoreError::Conflict`] if a group is no longer in the version that the document
    /// shows.
    pub fn write(
        &self,
        conn: &mut Conn,
        place: Place,
        mut send: impl FnMut(Piece) -> ControlFlow<()>,
    ) -> Result<Option<Place>> {
        let mut text = Text::default();
        for (number, part) in self.parts.iter().enumerate().skip(place.part) {
            match part {
                Part::Text(known) => text.push(known),
                Part::Roster(roster) => {
                    let last = place.member.filter(|_| number == place.part);
                    let send = |bytes| send(Piece::Text(bytes));
                    if let Some(member) = roster.write(conn, last, &mut text, send)? {
                        return Ok(Some(Place { part: number, member: Some(member) }));
                    }
                }
            }
            if let Some(long) = text.take_long()
                && send(Piece::Text(long)).is_break()
            {
                return Ok(Some(Place { part: number + 1, member: None }));
            }
        }
        // The document is complete, so it does not matter whether the receiver breaks off.
        let _ = send(Piece::Last(text.into_bytes()));
        Ok(None)
    }
}

#[derive(Default)]
struct Writer {
    parts: Vec<Part>,
    text: String,
}

impl Writer {
    fn value(&mut self, value: &impl Serialize) -> Result<()> {
        let text = serde_json::to_string(value).map_err(unwritable)?;
        self.text.push_str(&text);
        Ok(())
    }

    /// Removes the closing brace of an object so that a member can be appended.
    fn reopen(&mut self) {
        self.text.pop();
    }

    fn view(&mut self, view: View) -> Result<()> {
        let View { resource, mut roster } = view;
        let mut before = "{";
        for (name, value) in &resource {
            if name == MEMBERS
                && let Some(roster) = roster.take()
            {
                // The roster writes its own leading comma. It is never the first member: every
                // response contains the schemas and the id.
                self.parts.push(Part::Text(std::mem::take(&mut self.text)));
                self.parts.push(Part::Roster(roster));
                continue;
            }
            self.text.push_str(before);
            self.value(name)?;
            self.text.push(':');
            self.value(value)?;
            before = ",";
        }
        self.text.push('}');
        Ok(())
    }

    fn finish(mut self) -> Document {
        self.parts.push(Part::Text(self.text));
        Document { parts: self.parts }
    }
}
