//! Bulk requests (RFC 7644 §3.7): many operations in few transactions. An operation that fails is
//! rolled back alone.

use std::collections::HashMap;

use serde_json::Value;

use super::{
    Answer, Call, Directory, Precondition, ProvisioningError, Resources, refusals, resources_of,
};
use crate::scim::bulk::{self, BulkOperation, BulkRequest, BulkResult, Method, Step};
use crate::scim::patch::PatchRequest;
use crate::scim::projection::Projection;
use crate::scim::{ScimError, reader};
use crate::store::{Store, Transaction};

type Result<T> = std::result::Result<T, ProvisioningError>;

/// Steps per transaction: enough to share a commit, few enough that other requests of the account
/// do not wait long.
const STEPS_AT_ONCE: usize = 100;

/// Runs the operations in an order in which their `bulkId` references can be resolved. Returns the
/// results in the order of the request; operations after the last allowed failure are left out.
///
/// # Errors
/// Fails if a transaction fails as a whole. Refusals of single operations are part of the results.
pub async fn run(
    store: &Store,
    directory: &Directory,
    request: BulkRequest,
) -> Result<Vec<BulkResult>> {
    let steps = bulk::order(&request);
    let mut run = Run {
        directory: directory.clone(),
        results: vec![None; request.operations.len()],
        ids: HashMap::new(),
        failures: 0,
        request: std::sync::Arc::new(request),
    };
    for steps in steps.chunks(STEPS_AT_ONCE) {
        if run.is_over() {
            break;
        }
        let (steps, before) = (steps.to_vec(), run.clone());
        run = store
            .write(directory.context(), move |transaction| {
                let mut run = before.clone();
                steps.iter().try_for_each(|step| run.step(transaction, step))?;
                Ok::<_, ProvisioningError>(run)
            })
            .await?;
    }
    Ok(run.results.into_iter().flatten().collect())
}

/// The state of a bulk request between two transactions.
#[derive(Clone)]
struct Run {
    directory: Directory,
    request: std::sync::Arc<BulkRequest>,
    results: Vec<Option<BulkResult>>,
    /// Ids of the resources created by operations with a `bulkId`.
    ids: HashMap<String, String>,
    failures: u64,
}

impl Run {
    fn is_over(&self) -> bool {
        self.request.fail_on_errors.is_some_and(|most| self.failures >= most)
    }

    fn step(&mut self, transaction: &mut Transaction<'_>, step: &Step) -> Result<()> {
        if self.is_over() {
            return Ok(());
        }
        let (index, deferred, completes) = match step {
            Step::Run { operation, deferred } => (*operation, deferred, false),
            Step::Complete { operation, deferred } => (*operation, deferred, true),
        };
        let request = self.request.clone();
        let Some(operation) = request.operations.get(index) else { return Ok(()) };
        let failed_before =
            self.results.get(index).and_then(Option::as_ref).is_some_and(BulkResult::is_error);
        if completes && failed_before {
            return Ok(());
        }
        let outcome = transaction.savepoint(|transaction| {
            if completes {
                self.complete(transaction, operation, deferred).map(Some)
            } else {
                self.perform(transaction, operation, deferred)
            }
        });
        if let Err(ProvisioningError::NoFreeSeat { subject, refusal }) = &outcome {
            let detail = refusal.to_string();
            refusals::note(transaction, self.directory.enterprise, subject, &detail)?;
        }
        let result = match outcome {
            Err(error @ ProvisioningError::Store(_)) => return Err(error),
            Err(error) => {
                self.failures += 1;
                failure(operation, self.location(operation), &error.to_scim())
            }
            Ok(answer) => {
                if let (Some(bulk_id), Some(answer)) = (&operation.bulk_id, &answer) {
                    self.ids.insert(bulk_id.clone(), answer.id.clone());
                }
                success(operation, self.location(operation), answer)
            }
        };
        if let Some(slot) = self.results.get_mut(index) {
            *slot = Some(result);
        }
        Ok(())
    }

    /// Returns the location of the resource that an operation names; `None` for POST, which names
    /// none.
    fn location(&self, operation: &BulkOperation) -> Option<String> {
        let named = operation.id.as_deref()?;
        let id = self.resolved_id(named).unwrap_or_else(|_| named.to_owned());
        let endpoint = match resources(operation) {
            Ok(resources) => resources.resource_type().endpoint,
            Err(_) => operation.endpoint.as_str(),
        };
        Some(format!("{}{endpoint}/{}", self.directory.base_url, encoded(&id)))
    }

    /// Runs an operation without its references to resources that do not exist yet.
    fn perform(
        &self,
        transaction: &mut Transaction<'_>,
        operation: &BulkOperation,
        deferred: &[String],
    ) -> Result<Option<Answer>> {
        let resources = resources(operation)?;
        let data = match &operation.data {
            Some(data) if deferred.is_empty() => data.clone(),
            Some(data) => bulk::split(data.clone(), deferred).now,
            None => Value::Null,
        };
        let data = self.resolved(data)?;
        let precondition = Precondition::new(operation.version.as_deref(), None);
        let call = self.call(resources, precondition);
        let id = match &operation.id {
            Some(id) => self.resolved_id(id)?,
            None => String::new(),
        };
        match operation.method {
            Method::Post => {
                let resource = reader::read(data, resources.resource_type())?;
                resources.create(transaction, &call, &resource).map(Some)
            }
            Method::Put => {
                let resource = reader::read(data, resources.resource_type())?;
                resources.replace(transaction, &call, &id, &resource).map(Some)
            }
            Method::Patch => {
                let changes = PatchRequest::parse(data, resources.resource_type())?;
                resources.patch(transaction, &call, &id, &changes).map(Some)
            }
            Method::Delete => {
                resources.delete(transaction, &call, &id)?;
                Ok(None)
            }
        }
    }

    /// Adds the references that were left out when the operation ran.
    fn complete(
        &self,
        transaction: &mut Transaction<'_>,
        operation: &BulkOperation,
        deferred: &[String],
    ) -> Result<Answer> {
        let resources = resources(operation)?;
        let data = operation.data.clone().unwrap_or_default();
        let patch = self.resolved(bulk::completion_patch(bulk::split(data, deferred).later))?;
        let changes = PatchRequest::parse(patch, resources.resource_type())?;
        let made = operation.bulk_id.as_ref().and_then(|bulk_id| self.ids.get(bulk_id));
        let id = match (made, &operation.id) {
            (Some(id), _) => id.clone(),
            (None, Some(id)) => self.resolved_id(id)?,
            (None, None) => return Err(unresolved("itself").into()),
        };
        let call = self.call(resources, Precondition::default());
        resources.patch(transaction, &call, &id, &changes)
    }

    /// Builds the call of one operation. Only `id` is requested: a bulk response names resources
    /// without showing them.
    fn call(&self, resources: &dyn Resources, precondition: Precondition) -> Call {
        let projection = Projection::new(&["id".to_owned()], &[], resources.resource_type());
        Call { directory: self.directory.clone(), precondition, projection }
    }

    fn resolved(&self, mut data: Value) -> Result<Value> {
        bulk::resolve(&mut data, &|bulk_id| self.ids.get(bulk_id).cloned());
        match bulk::bulk_ids_in(&data).first() {
            Some(bulk_id) => Err(unresolved(bulk_id).into()),
            None => Ok(data),
        }
    }

    fn resolved_id(&self, id: &str) -> Result<String> {
        match id.strip_prefix("bulkId:") {
            None => Ok(id.to_owned()),
            Some(bulk_id) => {
                self.ids.get(bulk_id).cloned().ok_or_else(|| unresolved(bulk_id).into())
            }
        }
    }
}

/// A reference that cannot be resolved is a conflict (RFC 7644 §3.7.1).
fn unresolved(bulk_id: &str) -> ScimError {
    ScimError::new(
        409,
        format!(
            "bulkId \"{}\" leads to no resource: no operation of this request has made it.",
            bulk_id.replace('"', "'")
        ),
    )
}

fn resources(operation: &BulkOperation) -> Result<&'static dyn Resources> {
    resources_of(operation.endpoint.trim_start_matches('/')).ok_or_else(|| {
        let endpoint = operation.endpoint.replace('"', "'");
        let detail = format!("\"{endpoint}\" is no endpoint. There are /Users and /Groups.");
        ScimError::new(404, detail).into()
    })
}

/// Percent-encodes a path segment (RFC 3986 §3.3).
fn encoded(part: &str) -> String {
    let mut encoded = String::with_capacity(part.len());
    for byte in part.bytes() {
        match byte {
            b'-' | b'.' | b'_' | b'~' | b':' | b'@' => encoded.push(byte.into()),
            _ if byte.is_ascii_alphanumeric() => encoded.push(byte.into()),
            _ => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    encoded
}

fn success(
    operation: &BulkOperation,
    location: Option<String>,
    answer: Option<Answer>,
) -> BulkResult {
    let status = match operation.method {
        Method::Post => 201,
        Method::Put | Method::Patch => 200,
        Method::Delete => 204,
    };
    let (made, version) = answer.map(|answer| (answer.location, answer.version)).unzip();
    BulkResult {
        method: operation.method,
        bulk_id: operation.bulk_id.clone(),
        version,
        location: made.or(location),
        status,
        response: None,
    }
}

/// Only a failed POST has no location (RFC 7644 §3.7).
fn failure(operation: &BulkOperation, location: Option<String>, error: &ScimError) -> BulkResult {
    BulkResult {
        method: operation.method,
        bulk_id: operation.bulk_id.clone(),
        version: None,
        location: location.filter(|_| operation.method != Method::Post),
        status: error.status,
        response: Some(error.to_json()),
    }
}
