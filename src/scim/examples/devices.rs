//! Defines a resource type of its own. Its attributes are data, and everything else follows from
//! them.
//!
//! `cargo run --package scim-engine --example devices`

use std::error::Error;

use scim_engine::schema::{Attribute, Kind, ResourceType, Schema};
use scim_engine::{Filter, discovery, reader};
use serde_json::json;

static DEVICE: Schema = Schema {
    id: "urn:example:params:scim:schemas:2.0:Device",
    name: "Device",
    description: "A device of an employee",
    attributes: &[
        Attribute::string("serialNumber", "What the maker calls it.").required().unique(),
        Attribute::new("boughtAt", Kind::DateTime, "When it was bought."),
        Attribute::string("tags", "What it is used for.").multi_valued(),
    ],
};

static DEVICES: ResourceType = ResourceType {
    name: "Device",
    endpoint: "/Devices",
    description: "Devices",
    schema: &DEVICE,
    extensions: &[],
};

fn main() -> Result<(), Box<dyn Error>> {
    let device = reader::read(
        json!({"serialNumber": "X-1", "boughtAt": "2026-01-02T03:04:05Z", "tags": ["spare"]}),
        &DEVICES,
    )?;
    let filter =
        Filter::parse("boughtAt gt \"2025-12-31T00:00:00Z\" and tags eq \"spare\"", &DEVICES)?;
    println!("bought this year: {}", filter.matches(&device));

    let refused = reader::read(json!({"tags": ["spare"]}), &DEVICES);
    println!("{}", refused.err().map(|error| error.to_string()).unwrap_or_default());

    println!("{:#}", discovery::schema_document(&DEVICE, "https://scim.example/Schemas/Device"));
    Ok(())
}
