//! What an answer says: a JSON value, or, with the members of large groups in it, a text in parts of
//! which those are read only while it is sent.

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

/// A resource as it is shown. Where there is a roster, `members` is null and stands for it.
#[derive(Clone, Debug, PartialEq)]
pub struct View {
    /// The resource.
    pub resource: Resource,
    /// Its members, if they are many.
    pub roster: Option<Roster>,
}

impl View {
    /// Takes out what the answer is not to contain.
    pub fn project(&mut self, projection: &Projection) {
        projection.apply(&mut self.resource);
    }
}

impl From<Resource> for View {
    fn from(resource: Resource) -> Self {
        Self { resource, roster: None }
    }
}

/// The body of an answer.
#[derive(Clone, Debug, PartialEq)]
pub enum Body {
    /// All of one resource.
    Whole(Value),
    /// All of a page, as a JSON text. The reader writes it on its own thread: writing a long page
    /// would hold up the threads that serve every account.
    Written(Vec<u8>),
    /// What has to be read while it is sent.
    Parts(Document),
}

impl From<Resource> for Body {
    fn from(resource: Resource) -> Self {
        Self::Whole(Value::Object(resource))
    }
}

impl Body {
    /// One resource.
    ///
    /// # Errors
    /// None that a resource could cause.
    pub fn of(view: View) -> Result<Self> {
        if view.roster.is_none() {
            return Ok(view.resource.into());
        }
        let mut writer = Writer::default();
        writer.view(view)?;
        Ok(Self::Parts(writer.finish()))
    }

    /// A page of resources.
    ///
    /// # Errors
    /// None that a resource could cause.
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

/// A JSON text in parts.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    parts: Vec<Part>,
}

#[derive(Clone, Debug, PartialEq)]
enum Part {
    Text(String),
    Roster(Roster),
}

/// How far a document is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Place {
    part: usize,
    /// The last member that was written of the part.
    member: Option<MemberPk>,
}

/// A piece of a document.
pub enum Piece {
    /// More follows.
    Text(Vec<u8>),
    /// The last one.
    Last(Vec<u8>),
}

impl Document {
    /// Writes on from a place, until the end or until `send` breaks off; then the place is returned
    /// from which to go on.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] if a group is not any more what the document says of it; the
    /// database's.
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
        // Whoever breaks off now has had everything.
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

    /// Takes back the end of an object, to which something is added.
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
                // It brings its comma along. Something is always before it: the schemas and the id
                // are in every answer.
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
