//! Plans the order of the operations of a bulk request, so that forward and circular references can
//! be resolved (RFC 7644 §3.7.1).

use std::collections::{HashMap, HashSet};

use super::references::bulk_ids_in;
use super::{BulkRequest, Method};

/// One step of the plan. Operations are identified by their index in the request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Perform the operation without its references to `deferred` (see [`split`](super::split)).
    Run {
        /// The index of the operation.
        operation: usize,
        /// The bulkIds whose resources do not exist yet, because they refer to this one in turn.
        deferred: Vec<String>,
    },
    /// Add the references that were left out when the operation was performed (see
    /// [`completion_patch`](super::completion_patch)).
    Complete {
        /// The index of the operation.
        operation: usize,
        /// The bulkIds that now have a resource, unless their operations failed.
        deferred: Vec<String>,
    },
}

/// Plans the request. Each operation runs once, in the given order, except that an operation runs
/// before those that refer to it. References to bulkIds that the request does not define stay
/// unresolved for the caller to report.
pub fn order(request: &BulkRequest) -> Vec<Step> {
    let mut planner = Planner::new(request);
    for operation in 0..request.operations.len() {
        planner.visit(operation);
    }
    planner.steps
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    New,
    Open,
    Done,
}

/// An operation whose dependencies are being planned.
struct Frame {
    operation: usize,
    /// The index of the next dependency to visit.
    next: usize,
    deferred: Vec<usize>,
}

struct Planner<'a> {
    request: &'a BulkRequest,
    /// For each operation, the operations whose resources it refers to.
    dependencies: Vec<Vec<usize>>,
    states: Vec<State>,
    /// For each operation that has not run yet, the operations that wait for it.
    waiting: HashMap<usize, Vec<usize>>,
    /// For each waiting operation, the references left out and the number of resources still
    /// missing.
    missing: HashMap<usize, (Vec<String>, usize)>,
    steps: Vec<Step>,
}

impl<'a> Planner<'a> {
    fn new(request: &'a BulkRequest) -> Self {
        let makers: HashMap<&str, usize> = request
            .operations
            .iter()
            .enumerate()
            .filter(|(_, operation)| operation.method == Method::Post)
            .filter_map(|(index, operation)| Some((operation.bulk_id.as_deref()?, index)))
            .collect();
        let dependencies = request
            .operations
            .iter()
            .map(|operation| {
                let in_path = operation.id.as_deref().and_then(|id| id.strip_prefix("bulkId:"));
                let in_data = operation.data.as_ref().map(bulk_ids_in).unwrap_or_default();
                let mut seen = HashSet::new();
                in_path
                    .into_iter()
                    .chain(in_data.iter().map(String::as_str))
                    .filter_map(|name| makers.get(name).copied())
                    .filter(|maker| seen.insert(*maker))
                    .collect()
            })
            .collect();
        Self {
            request,
            dependencies,
            states: vec![State::New; request.operations.len()],
            waiting: HashMap::new(),
            missing: HashMap::new(),
            steps: Vec::with_capacity(request.operations.len()),
        }
    }

    fn state(&self, operation: usize) -> State {
        self.states.get(operation).copied().unwrap_or(State::Done)
    }

    fn set(&mut self, operation: usize, state: State) {
        if let Some(slot) = self.states.get_mut(operation) {
            *slot = state;
        }
    }

    /// Plans the operation after its dependencies. The depth-first search keeps its own stack,
    /// because a chain of references can be as long as the request.
    fn visit(&mut self, operation: usize) {
        if self.state(operation) != State::New {
            return;
        }
        let mut stack = vec![self.open(operation)];
        while let Some(frame) = stack.last_mut() {
            let dependency =
                self.dependencies.get(frame.operation).and_then(|all| all.get(frame.next)).copied();
            frame.next += 1;
            match dependency {
                Some(dependency) => match self.state(dependency) {
                    State::Done => {}
                    State::Open => frame.deferred.push(dependency),
                    State::New => {
                        let frame = self.open(dependency);
                        stack.push(frame);
                    }
                },
                None => {
                    if let Some(frame) = stack.pop() {
                        self.run(frame);
                    }
                }
            }
        }
    }

    fn open(&mut self, operation: usize) -> Frame {
        self.set(operation, State::Open);
        Frame { operation, next: 0, deferred: Vec::new() }
    }

    fn run(&mut self, frame: Frame) {
        let Frame { operation, deferred, .. } = frame;
        self.set(operation, State::Done);
        let names = self.names(&deferred);
        self.steps.push(Step::Run { operation, deferred: names.clone() });
        if !deferred.is_empty() {
            for maker in &deferred {
                self.waiting.entry(*maker).or_default().push(operation);
            }
            self.missing.insert(operation, (names, deferred.len()));
        }
        for waiting in self.waiting.remove(&operation).unwrap_or_default() {
            let Some((_, left)) = self.missing.get_mut(&waiting) else { continue };
            *left -= 1;
            if *left == 0
                && let Some((deferred, _)) = self.missing.remove(&waiting)
            {
                self.steps.push(Step::Complete { operation: waiting, deferred });
            }
        }
    }

    fn names(&self, operations: &[usize]) -> Vec<String> {
        operations
            .iter()
            .filter_map(|operation| self.request.operations.get(*operation)?.bulk_id.clone())
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::BulkOperation;
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn post(bulk_id: &str, refers_to: &[&str]) -> BulkOperation {
        let members: Vec<_> =
            refers_to.iter().map(|name| json!({"value": format!("bulkId:{name}")})).collect();
        BulkOperation {
            method: Method::Post,
            endpoint: "/Groups".into(),
            id: None,
            bulk_id: Some(bulk_id.into()),
            version: None,
            data: Some(json!({"members": members})),
        }
    }

    fn plan(operations: Vec<BulkOperation>) -> Vec<Step> {
        order(&BulkRequest { fail_on_errors: None, operations })
    }

    fn run(operation: usize, deferred: &[&str]) -> Step {
        Step::Run { operation, deferred: deferred.iter().map(ToString::to_string).collect() }
    }

    fn complete(operation: usize, deferred: &[&str]) -> Step {
        Step::Complete { operation, deferred: deferred.iter().map(ToString::to_string).collect() }
    }

    #[test]
    fn without_references_forward_the_order_is_kept() {
        let steps = plan(vec![post("a", &[]), post("b", &["a"]), post("c", &["a", "b"])]);
        assert_eq!(steps, [run(0, &[]), run(1, &[]), run(2, &[])]);
    }

    #[test]
    fn what_is_referred_to_runs_first() {
        let steps = plan(vec![post("a", &["c"]), post("b", &[]), post("c", &[])]);
        assert_eq!(steps, [run(2, &[]), run(0, &[]), run(1, &[])]);
    }

    #[test]
    fn a_path_is_a_reference_too() {
        let patch = BulkOperation {
            method: Method::Patch,
            id: Some("bulkId:a".into()),
            bulk_id: None,
            ..post("", &[])
        };
        assert_eq!(plan(vec![patch, post("a", &[])]), [run(1, &[]), run(0, &[])]);
    }

    #[test]
    fn a_circle_is_cut_and_completed_as_soon_as_possible() {
        let steps = plan(vec![post("a", &["b"]), post("b", &["a"]), post("c", &[])]);
        assert_eq!(steps, [run(1, &["a"]), run(0, &[]), complete(1, &["a"]), run(2, &[])]);
    }

    #[test]
    fn a_resource_may_refer_to_itself() {
        assert_eq!(plan(vec![post("a", &["a"])]), [run(0, &["a"]), complete(0, &["a"])]);
    }

    #[test]
    fn undefined_references_do_not_disturb_the_plan() {
        assert_eq!(plan(vec![post("a", &["nobody"])]), [run(0, &[])]);
    }

    #[test]
    fn a_long_chain_is_followed() {
        let names: Vec<String> = (0..20_000).map(|index| index.to_string()).collect();
        let operations =
            (0..20_000).map(|index| post(&names[index], &[&names[(index + 1) % 20_000]])).collect();
        let steps = plan(operations);
        assert_eq!(steps.len(), 20_001);
        assert_eq!(steps[0], run(19_999, &["0"]));
        assert_eq!(steps[20_000], complete(19_999, &["0"]));
    }

    proptest! {
        #[test]
        fn every_operation_runs_once_after_what_it_refers_to(
            references in prop::collection::vec(prop::collection::vec(0..12_usize, 0..4), 1..12)
        ) {
            let names: Vec<String> = (0..12).map(|index| index.to_string()).collect();
            let operations = references
                .iter()
                .enumerate()
                .map(|(index, to)| {
                    let to: Vec<_> = to.iter().map(|to| names[*to].as_str()).collect();
                    post(&names[index], &to)
                })
                .collect();
            let (mut made, mut open) = (HashSet::new(), HashMap::new());
            for step in plan(operations) {
                match step {
                    Step::Run { operation, deferred } => {
                        for to in &references[operation] {
                            let is_there = *to >= references.len()
                                || made.contains(to)
                                || deferred.contains(&names[*to]);
                            prop_assert!(is_there);
                        }
                        prop_assert!(made.insert(operation));
                        if !deferred.is_empty() {
                            open.insert(operation, deferred);
                        }
                    }
                    Step::Complete { operation, deferred } => {
                        prop_assert!(deferred.iter().all(|name| made.contains(&name.parse().unwrap())));
                        prop_assert_eq!(open.remove(&operation), Some(deferred));
                    }
                }
            }
            prop_assert_eq!(made.len(), references.len());
            prop_assert!(open.is_empty());
        }
    }
}
