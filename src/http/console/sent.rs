//! What a form sent.

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::{FromRequest, HttpRequest, web};

use crate::http::base::problem::Problem;
use crate::http::pages::parts::Filled;

/// The name of the hidden field that makes a form create once, however often it is sent.
pub const KEY: &str = "key";

/// What a form sent: names and values, as they were typed.
pub struct Sent(Filled);

impl FromRequest for Sent {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let form = web::Form::<Vec<(String, String)>>::from_request(request, payload);
        Box::pin(async move {
            let values = form.await.map_err(|_| {
                Problem::bad_request("The form could not be read. Go back, and send it again.")
            })?;
            let values = values.into_inner();
            if values.iter().any(|(name, value)| name.contains('\0') || value.contains('\0')) {
                return Err(Problem::bad_request(
                    "A field holds the character NUL. Go back, and type it anew.",
                ));
            }
            Ok(Self(Filled { values, refusal: None }))
        })
    }
}

impl Sent {
    /// Returns the value of a field, without blanks around it; empty if the field was not sent.
    pub fn text(&self, name: &str) -> &str {
        self.0.value(name).trim()
    }

    /// Returns the value of a field, or `None` if it was left empty.
    pub fn given(&self, name: &str) -> Option<String> {
        Some(self.text(name)).filter(|text| !text.is_empty()).map(str::to_owned)
    }

    /// Returns whether a tick was set.
    pub fn ticked(&self, name: &str) -> bool {
        self.text(name) == "true"
    }

    /// Returns all values of a field that can be sent several times.
    pub fn all(&self, name: &str) -> Vec<String> {
        let values = self.0.values.iter().filter(|(field, _)| field == name);
        values.map(|(_, value)| value.clone()).collect()
    }

    /// Returns what was typed where addresses are separated by commas, semicolons, blanks or lines,
    /// each once.
    pub fn several(&self, name: &str) -> Vec<String> {
        let mut found: Vec<String> = Vec::new();
        for part in self.0.value(name).split(|c: char| c.is_whitespace() || matches!(c, ',' | ';'))
        {
            if !part.is_empty() && !found.iter().any(|one| one == part) {
                found.push(part.to_owned());
            }
        }
        found
    }

    /// Parses the value of a field as one of the domain's words.
    ///
    /// # Errors
    /// Returns 422 at this field if it is none of them.
    pub fn word<T: std::str::FromStr>(&self, name: &'static str) -> Result<T, Problem> {
        self.text(name).parse().map_err(|_| invalid(name, "choose one of the values"))
    }

    /// Checks that a name was typed, for what cannot be undone.
    ///
    /// # Errors
    /// Returns 422 at the field `confirm` if another text was typed.
    pub fn confirms(&self, name: &str) -> Result<(), Problem> {
        if self.text("confirm") == name.trim() {
            return Ok(());
        }
        Err(invalid("confirm", &format!("type {name} to confirm")))
    }

    /// Returns a text that is the same for the same fields.
    pub fn fingerprint(&self) -> String {
        format!("{:?}", self.0.values)
    }

    /// Returns what was typed.
    pub fn filled(self) -> Filled {
        self.0
    }

    /// Returns what was typed with the reason why it was refused.
    pub fn refused(self, problem: &Problem) -> Filled {
        let refusal = Some((problem.kind().to_owned(), problem.detail().to_owned()));
        Filled { refusal, ..self.0 }
    }
}

/// Returns the refusal of a field's value.
pub fn invalid(field: &str, reason: &str) -> Problem {
    let text = format!("{field}: {reason}.");
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid-value", text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(name: &str, value: &str) -> Sent {
        Sent(Filled::default().with(name, value))
    }

    #[test]
    fn addresses_are_found_however_they_are_separated() {
        let typed = sent("emails", " a@x.example, b@x.example;c@x.example\n\ta@x.example ;; ");
        assert_eq!(typed.several("emails"), ["a@x.example", "b@x.example", "c@x.example"]);
        assert!(typed.several("other").is_empty());
    }

    #[test]
    fn only_the_whole_name_confirms() {
        assert!(sent("confirm", " Flight ").confirms("Flight").is_ok());
        for typed in ["", "flight", "Fligh"] {
            assert!(sent("confirm", typed).confirms("Flight").is_err(), "{typed}");
        }
    }
}
