//! Runs one contender for a moment, and leaves the server as large as it was.

use std::cell::RefCell;
use std::path::Path;
use std::time::Duration;

use crate::Outcome;
use crate::client::{Answer, Prepared};
use crate::contest::{Contender, Kind};
use crate::fill;
use crate::limits::database::Database;
use crate::limits::{self, fixed::Fixed};
use crate::load::{self, Load, Run};
use crate::request::Request;
use crate::scenario::{self, Scenario, Side};

/// More requests than any server answers in a second on two cores.
const HIGHEST_RATE: f64 = 25_000.0;
/// So many different requests are enough where they can be sent again.
const DIFFERENT: usize = 8_192;
const UNTIL_ALL_ARE_SENT: Duration = Duration::from_secs(600);
/// Operations of one Bulk request.
const BULK: usize = 1_000;
const BULKS: usize = 3;
/// How many users are created one by one at least, where there is time.
const CREATED: usize = 2_000;

/// A side, and the limits beside it.
pub struct Stage<'a> {
    pub side: &'a Side,
    pub fixed: &'a Fixed,
    pub database: &'a mut Database,
    /// A directory on the disk that the databases are on.
    pub directory: &'a Path,
    /// How long each is measured.
    pub within: Duration,
    /// Numbers from here on have not been used.
    pub next: &'a mut usize,
}

impl Stage<'_> {
    /// Measures one contender.
    ///
    /// # Errors
    /// When an answer is wrong.
    pub async fn run(&mut self, contender: Contender) -> Outcome<Load> {
        let Contender { kind, connections } = contender;
        match kind {
            Kind::Scenario(name) => self.scenario(scenario::named(name)?, connections).await,
            Kind::Create => self.create(connections, 1).await,
            Kind::Bulk => self.create(connections, BULK).await,
            Kind::FixedJson => self.fixed.load(connections, self.within).await,
            Kind::Rows(to_a_commit) => self.database.write(to_a_commit, self.within),
            Kind::Select => {
                let ids = (0..DIFFERENT).map(|n| scenario::pick(self.side, n).id.clone());
                self.database.read(&ids.collect::<Vec<_>>(), self.within)
            }
            Kind::Flushes => limits::flushes(self.directory, self.within),
        }
    }

    /// As many unused numbers, from an even one on.
    fn numbers(&mut self, count: usize) -> std::ops::Range<usize> {
        let from = self.next.next_multiple_of(2);
        *self.next = from + count;
        from..*self.next
    }

    /// As many requests as can be needed, where each is sent once.
    fn budget(&self) -> usize {
        (HIGHEST_RATE * self.within.as_secs_f64()) as usize + 1
    }

    async fn scenario(&mut self, scenario: &Scenario, connections: usize) -> Outcome<Load> {
        let budget = self.budget();
        let users = self.side.users.len();
        match scenario.name {
            // Each of these is done and undone as often, so that nothing is left of it.
            "PATCH of active" => {
                let numbers = self.numbers(budget.min(users) * 2);
                let out: Vec<usize> = numbers.clone().step_by(2).collect();
                let done = self.send(scenario, &out, connections, self.within).await?;
                let back: Vec<usize> = out.iter().take(done.requests()).map(|n| n + 1).collect();
                let undone = self.send(scenario, &back, connections, UNTIL_ALL_ARE_SENT).await?;
                Ok(done.and(undone))
            }
            "member add" | "member remove" => {
                let (add, remove) =
                    (scenario::named("member add")?, scenario::named("member remove")?);
                let numbers: Vec<usize> = self.numbers(budget.min(users)).collect();
                let added = self.send(add, &numbers, connections, self.within).await?;
                let numbers = &numbers[..added.requests()];
                let mut connection = self.side.endpoint.connection();
                let size = self.side.group.size;
                fill::check_size(&mut connection, &self.side.group, size + numbers.len()).await?;
                let removed = self.send(remove, numbers, connections, UNTIL_ALL_ARE_SENT).await?;
                fill::check_size(&mut connection, &self.side.group, size).await?;
                Ok(if scenario.name == add.name { added } else { removed })
            }
            _ => {
                let count = if scenario.again { DIFFERENT } else { budget };
                let numbers: Vec<usize> = self.numbers(count).collect();
                self.send(scenario, &numbers, connections, self.within).await
            }
        }
    }

    /// Sends the requests of these numbers.
    async fn send(
        &self,
        scenario: &Scenario,
        numbers: &[usize],
        connections: usize,
        within: Duration,
    ) -> Outcome<Load> {
        let prepare = |n: &usize| self.side.endpoint.prepare(&(scenario.request)(self.side, *n));
        let requests: Vec<Prepared> = numbers.iter().map(prepare).collect::<Outcome<_>>()?;
        let right =
            |number: usize, answer: &Answer| scenario.check(self.side, numbers[number], answer);
        load::drive(self.load(&requests, connections, within, scenario.again), &right).await
    }

    fn load<'b>(
        &'b self,
        requests: &'b [Prepared],
        connections: usize,
        within: Duration,
        again: bool,
    ) -> Run<'b> {
        let (endpoint, process) = (&self.side.endpoint, self.side.process);
        Run { endpoint, process, connections, within, requests, again }
    }

    /// Creates users, so many with each request, and deletes them.
    async fn create(&mut self, connections: usize, each: usize) -> Outcome<Load> {
        // Not so many that the server is another one by the end.
        let most = if each > 1 { BULKS } else { self.side.size.max(CREATED) };
        let budget = self.budget().min(most);
        let batches: Vec<Vec<String>> =
            (0..budget).map(|_| self.numbers(each).map(scenario::newcomer).collect()).collect();
        let prepare = |names: &Vec<String>| {
            let request = match names.as_slice() {
                [name] => Request::post("/Users", crate::request::user_body(name)),
                names => Request::bulk(fill::creations(names)),
            };
            self.side.endpoint.prepare(&request)
        };
        let requests: Vec<Prepared> = batches.iter().map(prepare).collect::<Outcome<_>>()?;
        let ids = RefCell::new(Vec::new());
        let right = |number: usize, answer: &Answer| {
            let (names, body) = (&batches[number], answer.json()?);
            match (names.as_slice(), answer.status) {
                ([name], 201) if body["userName"] == *name => {
                    let id = body["id"].as_str().ok_or("a created user has no id")?;
                    ids.borrow_mut().push(id.to_owned());
                }
                ([_, _, ..], 200) => {
                    let users = fill::created(names, &body)?;
                    ids.borrow_mut().extend(users.into_iter().map(|user| user.id));
                }
                _ => return Err(format!("create: {} {body}", answer.status).into()),
            }
            Ok(())
        };
        let run = self.load(&requests, connections, self.within, false);
        let mut load = load::drive(run, &right).await?;
        load.each = each;
        fill::delete(&mut self.side.endpoint.connection(), &ids.into_inner()).await?;
        Ok(load)
    }
}
