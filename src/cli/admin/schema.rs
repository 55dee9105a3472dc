//! What the command line reads in the schemas of the endpoints' bodies and parameters.

use serde_json::{Map, Value};

/// Returns the properties of an object's schema.
pub fn properties(schema: &Value) -> impl Iterator<Item = (&str, &Value)> {
    let properties = schema.get("properties").and_then(Value::as_object);
    properties.into_iter().flatten().map(|(name, schema)| (name.as_str(), schema))
}

/// Returns `true` if the schema demands the property.
pub fn is_required(schema: &Value, name: &str) -> bool {
    let required = schema.get("required").and_then(Value::as_array);
    required.is_some_and(|names| names.iter().any(|one| one == name))
}

/// Resolves a reference to a definition. Of a schema that may be null, returns the other
/// alternative.
pub fn resolve<'a>(schema: &'a Value, definitions: &'a Map<String, Value>) -> &'a Value {
    let alternatives = schema.get("anyOf").and_then(Value::as_array);
    let schema = alternatives
        .and_then(|all| all.iter().find(|one| !has_type(one, "null")))
        .unwrap_or(schema);
    let reference = schema.get("$ref").and_then(Value::as_str);
    reference.and_then(|reference| definitions.get(reference.rsplit('/').next()?)).unwrap_or(schema)
}

/// Returns `true` if a value of the schema can have this type.
pub fn has_type(schema: &Value, wanted: &str) -> bool {
    match schema.get("type") {
        Some(Value::String(only)) => only == wanted,
        Some(Value::Array(types)) => types.iter().any(|one| one == wanted),
        _ => false,
    }
}

/// Returns `true` if a value of the schema can be a list.
pub fn is_list(schema: &Value) -> bool {
    has_type(schema, "array")
}

/// Returns the schema of one value: of a list, that of its items.
pub fn of_one<'a>(schema: &'a Value, definitions: &'a Map<String, Value>) -> &'a Value {
    match schema.get("items") {
        Some(items) if is_list(schema) => resolve(items, definitions),
        _ => schema,
    }
}

/// Returns the allowed values of a schema, if it lists them.
pub fn words(schema: &Value) -> Option<Vec<String>> {
    let one = |value: &Value| value.as_str().map(str::to_owned);
    if let Some(words) = schema.get("enum").and_then(Value::as_array) {
        return words.iter().filter(|word| !word.is_null()).map(one).collect();
    }
    let alternatives = schema.get("oneOf").and_then(Value::as_array)?;
    let each = alternatives.iter().map(|one| {
        one.get("const").and_then(Value::as_str).map(|word| vec![word.to_owned()]).or(words(one))
    });
    Some(each.collect::<Option<Vec<_>>>()?.concat()).filter(|words| !words.is_empty())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_words_of_a_schema_are_found_in_each_form() {
        let expected = Some(vec!["member".to_owned(), "admin".to_owned()]);
        assert_eq!(words(&json!({"type": "string", "enum": ["member", "admin"]})), expected);
        assert_eq!(words(&json!({"enum": ["member", "admin", null]})), expected);
        let described = json!({"oneOf": [{"const": "member"}, {"const": "admin"}]});
        assert_eq!(words(&described), expected);
        assert_eq!(words(&json!({"type": "string"})), None);
        assert_eq!(words(&json!({"oneOf": [{"const": "a"}, {"type": "string"}]})), None);
    }
}
