//! Organizations, teams, storage control and reports: docs/domain.md §2, §3, §8 and *Reports*.

mod collaborators;
mod licences;
mod member_changes;
mod members;
mod merging;
mod naming;
mod onboarding;
mod reports;
mod storage;
mod teams;
mod transfers;
