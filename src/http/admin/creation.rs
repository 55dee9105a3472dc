//! Idempotent creation: a request sent again with the same `Idempotency-Key` creates nothing again.

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::web::Bytes;
use actix_web::{FromRequest, HttpRequest};
use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

use super::administrator::Administrator;
use super::answers::Created;
use super::api::{Argument, Signature};
use super::body;
use super::permits::Permits;
use crate::administration::{AdministrationError, repetition};
use crate::enterprise::AccountPk;
use crate::http::base::problem::Problem;
use crate::store::idempotency::Key;
use crate::store::{StoreError, Transaction};

const HEADER: &str = "Idempotency-Key";
/// The maximum length of a key, in bytes.
const LONGEST_KEY: usize = 255;

/// A request by an administrator who is allowed `P`, to create something from the body `B`.
pub struct Creation<P, B> {
    /// The authenticated administrator.
    pub admin: Administrator<P>,
    /// The parsed body.
    pub body: B,
    key: Option<Key>,
    request: Vec<u8>,
    /// Whether the answer may be stored, for repetitions.
    stores_answer: bool,
}

impl<P: Permits + 'static, B: DeserializeOwned + JsonSchema + 'static> Argument for Creation<P, B> {
    fn describe(signature: &mut Signature<'_>) {
        Administrator::<P>::describe(signature);
        signature.body::<B>();
        signature.idempotent();
    }
}

impl<P: Permits + 'static, B: DeserializeOwned + 'static> FromRequest for Creation<P, B> {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, mut payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let admin = Administrator::<P>::from_request(&request, &mut Payload::None).await?;
            let key = key(&request)?.map(|key| Key {
                enterprise: admin.enterprise,
                member: admin.member,
                key,
            });
            let bytes = body::bytes(&request, &mut payload).await?;
            let body = body::parse(&bytes)?;
            let request = fingerprint(&request, &bytes);
            Ok(Self { admin, body, key, request, stores_answer: true })
        })
    }
}

/// Returns the idempotency key, if the request has one.
fn key(request: &HttpRequest) -> Result<Option<String>, Problem> {
    let Some(value) = request.headers().get(HEADER) else { return Ok(None) };
    let is_key = |text: &&str| {
        (1..=LONGEST_KEY).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic())
    };
    match value.to_str().ok().filter(is_key) {
        Some(text) => Ok(Some(text.to_owned())),
        None => Err(Problem::bad_request(format!(
            "{HEADER}: 1 to {LONGEST_KEY} visible ASCII characters, such as a UUID."
        ))),
    }
}

/// Returns a hash by which two requests with the same key are recognized as the same.
fn fingerprint(request: &HttpRequest, body: &Bytes) -> Vec<u8> {
    let mut hash = Sha256::new();
    for part in [request.method().as_str().as_bytes(), request.path().as_bytes(), &body[..]] {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hash.finalize().to_vec()
}

impl<P, B: Send + 'static> Creation<P, B> {
    /// Marks what is created as a secret that is shown only once: the answer is not stored, so a
    /// repetition is refused.
    pub fn of_secret(self) -> Self {
        Self { stores_answer: false, ..self }
    }

    /// Creates something from the body and answers with it.
    ///
    /// # Errors
    /// Fails if the key was used for another request, or before for a secret.
    pub async fn create<R, T>(
        self,
        mut work: impl FnMut(&mut Transaction<'_>, AccountPk, &B) -> Result<R, AdministrationError>
        + Send
        + 'static,
    ) -> Result<Created<T>, Problem>
    where
        T: From<R> + Serialize,
    {
        let Self { admin, body, key, request, stores_answer } = self;
        let made = admin
            .write(move |transaction, account| {
                repetition::once(
                    transaction,
                    key.as_ref(),
                    &request,
                    stores_answer,
                    |transaction| {
                        let made = T::from(work(transaction, account, &body)?);
                        serde_json::to_string(&made).map_err(|error| {
                            AdministrationError::Store(StoreError::Damaged(error.to_string()))
                        })
                    },
                )
            })
            .await?;
        let created = Created::from_json(made.text);
        Ok(if made.repeated { created.with(("Idempotency-Replayed", "true")) } else { created })
    }
}
