//! Forms and queries in which no parameter may be repeated (RFC 6749 §3.1, §3.2).

use actix_web::web;

/// The fields of a form. A field without a value counts as not sent.
#[derive(Clone, Debug, Default)]
pub struct Form(Vec<(String, String)>);

impl Form {
    /// Parses a form or a query.
    ///
    /// # Errors
    /// Fails if the encoding is invalid, a parameter is repeated, or there are too many.
    pub fn parse(text: &str) -> Result<Self, String> {
        let pairs = web::Query::<Vec<(String, String)>>::from_query(text)
            .map_err(|error| format!("The form: {error}."))?
            .into_inner();
        for (position, (name, _)) in pairs.iter().enumerate() {
            if pairs.iter().take(position).any(|(other, _)| other == name) {
                return Err("A parameter is repeated. Send each parameter once.".to_owned());
            }
            if position >= MOST_FIELDS {
                return Err(format!("There are more than {MOST_FIELDS} parameters."));
            }
        }
        Ok(Self(pairs))
    }

    /// Returns a field, if it was sent.
    pub fn get(&self, name: &str) -> Option<&str> {
        let (_, value) = self.0.iter().find(|(field, _)| field == name)?;
        (!value.is_empty()).then_some(value)
    }

    /// Returns a field; empty if it was not sent.
    pub fn text(&self, name: &str) -> String {
        self.get(name).unwrap_or_default().to_owned()
    }
}

/// The maximum number of fields.
const MOST_FIELDS: usize = 30;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_said_twice() {
        let form = Form::parse("a=1&b=x%20y&c=").unwrap();
        assert_eq!((form.get("a"), form.get("b"), form.get("c")), (Some("1"), Some("x y"), None));
        assert!(Form::parse("a=1&a=2").is_err());
        assert!(Form::parse(&"x&".repeat(1000)).is_err());
    }
}
