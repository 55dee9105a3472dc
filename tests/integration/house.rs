//! The house's own rules: imports run down, and nowhere in a circle of more than three files.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The rooms of the package, from top to bottom. Its crates are kept apart by cargo.
const ROOMS: [&str; 9] = [
    "cli",
    "config",
    "http",
    "views",
    "background",
    "provisioning",
    "administration",
    "outside",
    "store",
];

/// Files that may import each other.
const CIRCLE: usize = 3;

type Module = Vec<String>;

/// Every module, its imports, and what it lends under its own name.
#[derive(Default)]
struct House {
    modules: BTreeMap<Module, String>,
    lent: BTreeMap<(Module, String), Module>,
}

/// The crates that lie in the package's folder.
const CRATES: [&str; 3] = ["scim", "enterprise", "spelling"];

impl House {
    /// The package, without the crates in its folder.
    fn package() -> Self {
        Self::read("src", &CRATES)
    }

    fn read(folder: &str, without: &[&str]) -> Self {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
        let mut house = Self::default();
        house.add_folder(&source, &source);
        house.modules.retain(|module, _| {
            !module.first().is_some_and(|first| without.contains(&first.as_str()))
        });
        for (module, text) in &house.modules {
            for (is_lent, path) in uses(text) {
                if is_lent && let Some(full) = absolute(module, &path) {
                    let name = full.last().cloned().unwrap_or_default();
                    house.lent.insert((module.clone(), name), full);
                }
            }
        }
        house
    }

    fn add_folder(&mut self, source: &Path, folder: &Path) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                self.add_folder(source, &path);
            } else if path.extension().is_some_and(|end| end == "rs") {
                self.add(source, &path);
            }
        }
    }

    fn add(&mut self, source: &Path, path: &Path) {
        let inside: PathBuf = path.strip_prefix(source).unwrap().with_extension("");
        let mut module: Module =
            inside.iter().map(|part| part.to_string_lossy().into_owned()).collect();
        if module.last().is_some_and(|last| last == "mod" || last == "lib") {
            module.pop();
        }
        if module.iter().any(|part| part == "tests" || part == "main" || part == "examples") {
            return;
        }
        let text = fs::read_to_string(path).unwrap();
        let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
        let lines = code.lines().map(|line| line.split("//").next().unwrap_or_default());
        self.modules.insert(module, lines.collect::<Vec<_>>().join("\n"));
    }

    /// The module that defines what a path leads to.
    fn definer(&self, path: &[String], depth: usize) -> Option<Module> {
        let length = (0..=path.len()).rev().find(|end| self.modules.contains_key(&path[..*end]))?;
        let (module, rest) = (path[..length].to_vec(), &path[length..]);
        if let Some(name) = rest.first()
            && depth < 8
            && let Some(lent) = self.lent.get(&(module.clone(), name.clone()))
        {
            let further: Module = lent.iter().chain(&rest[1..]).cloned().collect();
            return self.definer(&further, depth + 1);
        }
        Some(module)
    }

    fn imports(&self) -> BTreeMap<Module, BTreeSet<Module>> {
        let of = |module: &Module, text: &str| {
            let own = uses(text).into_iter().filter(|(is_lent, _)| !is_lent).map(|(_, path)| path);
            let mut paths: Vec<String> = own.collect();
            paths.extend(inline_paths(text));
            let targets = paths.iter().filter_map(|path| {
                let full = absolute(module, path)?;
                self.definer(&full, 0)
            });
            targets.filter(|target| target != module).collect::<BTreeSet<_>>()
        };
        self.modules.iter().map(|(module, text)| (module.clone(), of(module, text))).collect()
    }
}

/// The paths of all `use` declarations, and whether they are lent to others.
fn uses(text: &str) -> Vec<(bool, String)> {
    let mut found = Vec::new();
    for statement in text.split(';') {
        let Some(start) = statement.rfind("use ") else { continue };
        let before = statement[..start].trim_end();
        let line = before.rsplit('\n').next().unwrap_or_default().trim();
        if !(line.is_empty() || line.starts_with("pub")) {
            continue;
        }
        let is_lent = line.starts_with("pub");
        let tree: String = statement[start + 4..].split_whitespace().collect::<Vec<_>>().join(" ");
        found.extend(expand(&tree).into_iter().map(|path| (is_lent, path)));
    }
    found
}

/// `a::{b, c::{d, e}}` as three paths.
fn expand(tree: &str) -> Vec<String> {
    let Some(open) = tree.find('{') else {
        return vec![tree.split(" as ").next().unwrap_or_default().trim().to_owned()];
    };
    let (prefix, inside) = (&tree[..open], tree[open + 1..].trim_end().trim_end_matches('}'));
    let (mut depth, mut parts, mut part) = (0, Vec::new(), String::new());
    // The last brace was cut off with those that close outer ones: what is open is closed here.
    for letter in inside.chars() {
        match letter {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(std::mem::take(&mut part));
                continue;
            }
            _ => {}
        }
        part.push(letter);
    }
    parts.push(part);
    let parts = parts.iter().map(|part| part.trim()).filter(|part| !part.is_empty());
    parts.flat_map(|part| expand(&format!("{prefix}{part}"))).collect()
}

/// Paths that are written out where they are used.
fn inline_paths(text: &str) -> Vec<String> {
    let is_of_path = |c: char| c.is_alphanumeric() || matches!(c, '_' | ':');
    let mut found = Vec::new();
    for line in text.lines().filter(|line| !line.contains("use ") && !line.contains("pub(in")) {
        for word in line.split(|c: char| !is_of_path(c)) {
            let word = word.trim_end_matches(':');
            if word.starts_with("crate::") || word.starts_with("super::") {
                found.push(word.to_owned());
            }
        }
    }
    found
}

/// The path from the top of the package; none for other crates.
fn absolute(module: &[String], path: &str) -> Option<Module> {
    let mut parts: Vec<String> = path.split("::").map(|part| part.trim().to_owned()).collect();
    if parts.last().is_some_and(|last| last == "self") {
        parts.pop();
    }
    let mut base: Module = module.to_vec();
    match parts.first()?.as_str() {
        "crate" => {
            base.clear();
            parts.remove(0);
        }
        "self" => {
            parts.remove(0);
        }
        "super" => {
            while parts.first().is_some_and(|part| part == "super") {
                parts.remove(0);
                base.pop();
            }
        }
        // A module of one's own, or another crate's.
        _ => {}
    }
    Some(base.into_iter().chain(parts).collect())
}

/// Modules that reach each other.
fn circles(imports: &BTreeMap<Module, BTreeSet<Module>>) -> Vec<BTreeSet<Module>> {
    let reached = |from: &Module| {
        let (mut seen, mut open) = (BTreeSet::new(), vec![from.clone()]);
        while let Some(module) = open.pop() {
            for next in imports.get(&module).into_iter().flatten() {
                if seen.insert(next.clone()) {
                    open.push(next.clone());
                }
            }
        }
        seen
    };
    let all: BTreeMap<&Module, BTreeSet<Module>> =
        imports.keys().map(|module| (module, reached(module))).collect();
    let circle_of = |module: &Module| -> BTreeSet<Module> {
        let back = |other: &&Module| all[*other].contains(module);
        all[module].iter().filter(|other| all.contains_key(other)).filter(back).cloned().collect()
    };
    let found: BTreeSet<BTreeSet<Module>> = imports.keys().map(circle_of).collect();
    found.into_iter().collect()
}

#[test]
fn no_room_imports_one_above_it() {
    let house = House::package();
    assert!(house.modules.len() > 300, "{}", house.modules.len());
    let floor = |module: &Module| {
        module.first().and_then(|room| ROOMS.iter().position(|known| known == room))
    };
    for (module, targets) in house.imports() {
        let Some(own) = floor(&module) else { continue };
        for target in targets {
            // The top of the package lends the crates, which are below every room.
            let is_down = target.is_empty() || floor(&target).is_some_and(|floor| floor >= own);
            assert!(is_down, "{module:?} imports {target:?}");
        }
    }
}

#[test]
fn no_more_than_three_files_import_each_other() {
    let crates = CRATES.map(|name| House::read(&format!("src/{name}"), &[]));
    for house in [House::package()].into_iter().chain(crates) {
        assert!(house.modules.len() >= 8, "{:?}", house.modules.keys());
        for circle in circles(&house.imports()) {
            assert!(circle.len() <= CIRCLE, "{circle:?}");
        }
    }
}

#[test]
fn the_rules_can_fail() {
    let module = |name: &str| vec!["store".to_owned(), name.to_owned()];
    let mut house = House::default();
    for (name, text) in [
        ("a", "use super::b::X;"),
        ("b", "use crate::store::{c::Y, d};"),
        ("c", "fn f() { super::d::g() }"),
        ("d", "use super::a;"),
    ] {
        house.modules.insert(module(name), text.to_owned());
    }
    let found = circles(&house.imports());
    assert_eq!(found.iter().map(BTreeSet::len).max(), Some(4), "{found:?}");
}
