//! Tries a target: what was found earlier, the seeds, and then mutants of both until time is up.
//!
//! There is no instrumentation to tell which input came further than others. Each check says
//! instead in a few words how it ended; an input with an ending that was not seen before joins the
//! seeds.

use std::collections::HashSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use super::mutate::random::Random;
use super::shrink;

/// How a check ended: some words for an input that was treated as it should be, or what is wrong.
pub type Ending = Result<String, String>;

/// Longest input that is tried, in bytes.
const LONGEST: usize = 64 * 1024;
/// Most inputs to start from.
const MOST_SEEDS: usize = 4_000;

/// What is tried, and how.
pub struct Target<'a> {
    /// Name of the folder of regressions.
    pub name: &'static str,
    pub seeds: Vec<String>,
    /// Makes another input out of one, with a second one as a donor.
    pub mutate: &'a dyn Fn(&mut Random, &str, &str) -> String,
    pub check: &'a dyn Fn(&str) -> Ending,
    /// How long one input may take.
    pub limit: Duration,
}

impl Target<'_> {
    /// Runs for `FUZZ_SECONDS`.
    pub fn run(self) {
        shrink::silence_expected_panics();
        let known = regressions(self.name);
        for (file, input) in &known {
            if let Err(reason) = self.judge(input) {
                panic!("{}: {} is back: {reason}", self.name, file.display());
            }
        }
        let seed = number("FUZZ_SEED").unwrap_or_else(clock);
        let mut random = Random::new(seed);
        let mut seeds = self.seeds.clone();
        seeds.extend(known.into_iter().map(|(_, input)| input));
        let mut endings = HashSet::new();
        for input in &seeds {
            match self.judge(input) {
                Ok(ending) => endings.insert(ending),
                Err(reason) => self.found(seed, input, &reason),
            };
        }
        let end = Instant::now() + Duration::from_secs(number("FUZZ_SECONDS").unwrap_or(1));
        let mut tried = 0_u64;
        while Instant::now() < end {
            let input = self.mutant(&mut random, &seeds);
            tried += 1;
            match self.judge(&input) {
                Ok(ending) => {
                    if endings.insert(ending) && seeds.len() < MOST_SEEDS {
                        seeds.push(input);
                    }
                }
                Err(reason) => self.found(seed, &input, &reason),
            }
        }
        let (name, endings) = (self.name, endings.len());
        eprintln!(
            "fuzz {name}: seed {seed}, {tried} inputs, {endings} different endings, no finding"
        );
        assert!(tried > 0);
    }

    fn mutant(&self, random: &mut Random, seeds: &[String]) -> String {
        // Earlier inputs are well formed; later ones are what led somewhere new.
        let mut input = random.pick(seeds);
        for _ in 0..=random.below(4) {
            let donor = random.pick(seeds);
            let mutant = (self.mutate)(random, &input, &donor);
            if mutant.len() > LONGEST {
                break;
            }
            input = mutant;
        }
        input
    }

    /// The check, with panics and slowness as reasons.
    fn judge(&self, input: &str) -> Ending {
        let mut fastest = Duration::MAX;
        // Another process may have had the processor: only what is slow each time is slow.
        for _ in 0..5 {
            let begin = Instant::now();
            let ending = catch_unwind(AssertUnwindSafe(|| (self.check)(input)))
                .unwrap_or_else(|panic| Err(format!("it panicked: {}", shrink::text(&*panic))))?;
            fastest = fastest.min(begin.elapsed());
            if fastest <= self.limit {
                return Ok(ending);
            }
        }
        Err(format!("it took {fastest:?}, and may take {:?}", self.limit))
    }

    /// Ends the test with the shortest form of the input that still shows it.
    fn found(&self, seed: u64, input: &str, reason: &str) -> ! {
        let (input, reason) = shrink::shrink(input, reason, &|input| self.judge(input).err());
        let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("fuzz-{}.txt", self.name));
        std::fs::write(&file, &input).unwrap();
        panic!(
            "fuzz {}: seed {seed}: {reason}\nThe input is in {}; repaired, it goes to \
             tests/fuzz/regressions/{}/:\n{input}",
            self.name,
            file.display(),
            self.name
        );
    }
}

fn regressions(target: &str) -> Vec<(PathBuf, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/regressions").join(target);
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut files: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files.into_iter().map(|file| (file.clone(), std::fs::read_to_string(file).unwrap())).collect()
}

fn number(variable: &str) -> Option<u64> {
    let text = std::env::var(variable).ok()?;
    Some(text.parse().unwrap_or_else(|_| panic!("{variable} must be a whole number")))
}

fn clock() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    u64::try_from(since.as_nanos() & u128::from(u32::MAX)).unwrap()
}
