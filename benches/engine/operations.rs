//! The operations that are measured: of each a name, what it needs, and what it does.

use std::error::Error;
use std::sync::Arc;

use insomnia_scim::enterprise::audit::Origin;
use insomnia_scim::enterprise::{AccountPk, MemberPk, MemberSource, Role, Timestamp};
use insomnia_scim::provisioning::mapping::{MemberWish, UserParts, member_wish, user};
use insomnia_scim::provisioning::{Directory, GROUP, USER};
use insomnia_scim::scim::patch::{self, PatchRequest};
use insomnia_scim::scim::{Filter, Projection, Resource, ResourceType, reader};
use insomnia_scim::store::members::MemberRow;
use serde_json::Value;

use crate::bodies;

/// What cannot go wrong here; if it does, a body is not what it is meant to be.
type Outcome<T> = Result<T, Box<dyn Error>>;

/// What an operation makes. It is dropped outside of the measurement.
#[allow(dead_code)] // nobody looks inside
pub enum Product {
    Filter(Filter),
    Truth(bool),
    Patch(PatchRequest),
    Json(Value),
    Resource(Resource),
    Wish(Box<MemberWish>),
    Bytes(Vec<u8>),
    Failure(Box<dyn Error>),
}

/// One run of an operation, with what it uses up.
pub type Run = Box<dyn FnOnce() -> Product>;

/// An operation that is measured.
pub struct Operation {
    /// What is done, and with what: `filter parse/userName eq`.
    pub name: String,
    prepare: Box<dyn Fn() -> Run>,
}

impl Operation {
    /// Makes what one run uses up.
    pub fn prepare(&self) -> Run {
        (self.prepare)()
    }
}

/// All of them.
///
/// # Errors
/// A body is refused by the engine.
pub fn all() -> Outcome<Vec<Operation>> {
    let mut list = List(Vec::new());
    let okta = Subject::user("Okta's user", bodies::OKTA_USER)?;
    let entra = Subject::user("Entra's user", bodies::ENTRA_USER)?;
    let groups = [10, 1_000].map(Subject::group);
    filters(&mut list, &entra)?;
    patches(&mut list, &okta, &entra, &groups)?;
    projections(&mut list, [&okta, &entra, &groups[0], &groups[1]]);
    for subject in [&okta, &entra, &groups[0], &groups[1]] {
        json(&mut list, subject);
    }
    for subject in [&okta, &entra] {
        mapping(&mut list, subject)?;
    }
    Ok(list.0)
}

struct List(Vec<Operation>);

impl List {
    /// An operation that uses up a copy of its input.
    fn add<I: Clone + 'static>(
        &mut self,
        name: impl Into<String>,
        input: I,
        work: impl Fn(I) -> Outcome<Product> + Clone + 'static,
    ) {
        let prepare = move || -> Run {
            let (input, work) = (input.clone(), work.clone());
            Box::new(move || work(input).unwrap_or_else(Product::Failure))
        };
        self.0.push(Operation { name: name.into(), prepare: Box::new(prepare) });
    }
}

/// A body, and the resource that it becomes.
struct Subject {
    name: String,
    body: Arc<[u8]>,
    resource: Arc<Resource>,
    resource_type: &'static ResourceType,
}

impl Subject {
    fn user(name: &str, body: &str) -> Outcome<Self> {
        let resource = user(&directory(), &row(body)?, UserParts::default())?;
        Ok(Self {
            name: name.into(),
            body: body.as_bytes().into(),
            resource: Arc::new(resource),
            resource_type: &USER,
        })
    }

    fn group(members: usize) -> Self {
        let resource = match bodies::answered_group(members) {
            Value::Object(resource) => resource,
            _ => Resource::new(),
        };
        Self {
            name: format!("group of {members}"),
            body: bodies::group(members).into_bytes().into(),
            resource: Arc::new(resource),
            resource_type: &GROUP,
        }
    }
}

fn filters(list: &mut List, entra: &Subject) -> Outcome<()> {
    for (name, text) in [
        ("userName eq", r#"userName eq "JANE.DOE@contoso.example""#),
        ("emails[…] and … or …", LONG_FILTER),
    ] {
        list.add(format!("filter parse/{name}"), text, |text| {
            Ok(Product::Filter(Filter::parse(text, &USER)?))
        });
        let input = (Arc::new(Filter::parse(text, &USER)?), Arc::clone(&entra.resource));
        list.add(format!("filter evaluate/{name}"), input, |(filter, resource)| {
            Ok(Product::Truth(filter.matches(&resource)))
        });
    }
    Ok(())
}

/// Values of every kind, all of them looked at.
const LONG_FILTER: &str = r#"userType pr or emails[type eq "home" and value co "@CONTOSO"] or (name.familyName sw "d" and meta.lastModified gt "2011-05-13T04:42:34Z" and urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department eq "RESEARCH")"#;

fn patches(list: &mut List, okta: &Subject, entra: &Subject, groups: &[Subject]) -> Outcome<()> {
    let one_member = bodies::members_patch(1).replace(&bodies::member_id(0), "somebody");
    let many_members = bodies::members_patch(1_000);
    let (okta_patch, entra_patch) = (bodies::OKTA_PATCH, bodies::ENTRA_PATCH);
    for (name, body, resource_type) in [
        ("Okta's deactivation", okta_patch, &USER),
        ("Entra's update", entra_patch, &USER),
        ("1,000 members", many_members.as_str(), &GROUP),
    ] {
        let body: Value = serde_json::from_str(body)?;
        list.add(format!("PATCH parse/{name}"), body, |body| {
            Ok(Product::Patch(PatchRequest::parse(body, resource_type)?))
        });
    }
    for (name, body, subject) in [
        ("Okta's deactivation", okta_patch, okta),
        ("Entra's update", entra_patch, entra),
        ("a member, group of 10", one_member.as_str(), &groups[0]),
        ("a member, group of 1000", one_member.as_str(), &groups[1]),
    ] {
        let resource_type = subject.resource_type;
        let request = PatchRequest::parse(serde_json::from_str(body)?, resource_type)?;
        let input = (Resource::clone(&subject.resource), Arc::new(request));
        list.add(format!("PATCH apply/{name}"), input, |(mut resource, request)| {
            for operation in &request.operations {
                patch::apply(&mut resource, operation, resource_type)?;
            }
            Ok(Product::Resource(resource))
        });
    }
    Ok(())
}

fn projections(list: &mut List, subjects: [&Subject; 4]) {
    for subject in subjects {
        let resource_type = subject.resource_type;
        let some = ["userName", "displayName", "emails.value", "members.value"].map(str::to_owned);
        for (name, projection) in [
            ("all", Projection::everything(resource_type)),
            ("some", Projection::new(&some, &[], resource_type)),
        ] {
            let input = (Resource::clone(&subject.resource), Arc::new(projection));
            let name = format!("projection/{}, {name}", subject.name);
            list.add(name, input, |(mut resource, projection)| {
                projection.apply(&mut resource);
                Ok(Product::Resource(resource))
            });
        }
    }
}

fn json(list: &mut List, subject: &Subject) {
    let (name, resource_type) = (&subject.name, subject.resource_type);
    list.add(format!("JSON parse alone/{name}"), Arc::clone(&subject.body), |body| {
        Ok(Product::Json(serde_json::from_slice(&body)?))
    });
    list.add(format!("JSON in/{name}"), Arc::clone(&subject.body), |body| {
        let body = serde_json::from_slice(&body)?;
        Ok(Product::Resource(reader::read(body, resource_type)?))
    });
    list.add(format!("JSON out/{name}"), Arc::clone(&subject.resource), |resource| {
        Ok(Product::Bytes(serde_json::to_vec(&*resource)?))
    });
}

fn mapping(list: &mut List, subject: &Subject) -> Outcome<()> {
    let input = Arc::new((directory(), row(std::str::from_utf8(&subject.body)?)?));
    list.add(format!("row to resource/{}", subject.name), input, |input| {
        Ok(Product::Resource(user(&input.0, &input.1, UserParts::default())?))
    });
    let input = Resource::clone(&subject.resource);
    list.add(format!("resource to wish/{}", subject.name), input, |resource| {
        Ok(Product::Wish(Box::new(member_wish(resource)?)))
    });
    Ok(())
}

fn directory() -> Directory {
    Directory {
        enterprise: AccountPk(1),
        base_url: "https://scim.example/scim/v2/a1b2c3d4".into(),
        origin: Arc::new(Origin::system()),
        cursor_key: None,
    }
}

/// The row that a body becomes.
fn row(body: &str) -> Outcome<MemberRow> {
    let wish = member_wish(reader::read(serde_json::from_str(body)?, &USER)?)?;
    Ok(MemberRow {
        pk: MemberPk(1),
        id: bodies::member_id(7),
        enterprise_pk: AccountPk(1),
        email: Some("jane.doe@kongair.example".to_owned()),
        role: Role::Member,
        source: MemberSource::Scim,
        active: wish.active.unwrap_or(true),
        seat_since: None,
        user_name: wish.user_name,
        external_id: wish.external_id,
        display_name: wish.display_name,
        note: wish.note,
        document: Value::Object(wish.document).to_string(),
        version: 7,
        created_at: Timestamp(1_778_647_354_000),
        modified_at: Timestamp(1_778_647_354_000),
    })
}
