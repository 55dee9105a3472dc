//! TXT records in a file, for the demo: as if they were published in DNS.

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::TxtLookup;

/// The top-level domains that nobody can register (RFC 2606, section 2), so that no record of the
/// file ever stands in for a real one.
const RESERVED: [&str; 3] = ["example", "test", "invalid"];
/// The maximum size of the file, in bytes.
const LONGEST: u64 = 256 * 1024;

/// Returns `true` if a name is below a top-level domain that nobody can register.
pub(super) fn is_reserved(name: &str) -> bool {
    let top = name.trim_end_matches('.').rsplit('.').next().unwrap_or_default();
    RESERVED.iter().any(|reserved| top.eq_ignore_ascii_case(reserved))
}

/// A file with a record on each line: a name, a space, and the text. Cheap to clone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ZoneFile(Arc<Path>);

impl ZoneFile {
    /// Uses the file at this path; creates it, with a note on what belongs into it, if there is
    /// none.
    ///
    /// # Errors
    /// Fails if the file cannot be created.
    pub fn at(path: PathBuf) -> std::io::Result<Self> {
        match OpenOptions::new().write(true).create_new(true).open(&path) {
            Ok(mut file) => file.write_all(
                b"# TXT records of domains below .example, .test and .invalid, one a line:\n\
                  # NAME TEXT\n",
            )?,
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
        Ok(Self(path.into()))
    }

    /// Returns the path of the file.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Returns the records of a name, as they are in the file now.
    pub(super) fn txt(&self, name: &str) -> TxtLookup {
        let mut text = String::new();
        let read =
            File::open(&self.0).and_then(|file| file.take(LONGEST).read_to_string(&mut text));
        if let Err(error) = read {
            return TxtLookup::ServerFailure(format!("{}: {error}", self.0.display()));
        }
        let wanted = name.trim_end_matches('.');
        let found: Vec<String> = text
            .lines()
            .filter_map(|line| line.trim().split_once(char::is_whitespace))
            .filter(|(name, _)| name.trim_end_matches('.').eq_ignore_ascii_case(wanted))
            .map(|(_, text)| text.trim().trim_matches('"').to_owned())
            .collect();
        if found.is_empty() { TxtLookup::NoSuchDomain } else { TxtLookup::Found(found) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_is_there_as_soon_as_it_is_in_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let zone = ZoneFile::at(folder.path().join("dns.txt")).unwrap();
        assert_eq!(zone.txt("_x.wings.example"), TxtLookup::NoSuchDomain);
        let mut file = OpenOptions::new().append(true).open(zone.path()).unwrap();
        file.write_all(b"_X.wings.example. \"insomnia-verification=a\"\n").unwrap();
        let found = TxtLookup::Found(vec!["insomnia-verification=a".to_owned()]);
        assert_eq!(zone.txt("_x.wings.example"), found);
        let again = ZoneFile::at(zone.path().to_owned()).unwrap();
        assert_eq!(again.txt("_x.wings.example"), found, "a file that is there is kept");
        std::fs::remove_file(zone.path()).unwrap();
        assert!(matches!(zone.txt("_x.wings.example"), TxtLookup::ServerFailure(_)));
    }

    #[test]
    fn only_names_that_nobody_can_have_are_answered() {
        for name in ["_x.wings.example", "a.test", "b.invalid.", "_x.Wings.EXAMPLE"] {
            assert!(is_reserved(name), "{name}");
        }
        for name in ["wings.example.org", "example.com", "kongair.com", "", "."] {
            assert!(!is_reserved(name), "{name}");
        }
    }
}
