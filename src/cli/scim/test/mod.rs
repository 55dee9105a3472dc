//! `scim test`: performs the requests of Okta and Entra against a SCIM server, over HTTP, and
//! reports each step.
//!
//! The sequences are in `plays/`. They consist of [`step::Step`]s. [`stage::Stage`] sends these
//! through [`client::Client`], evaluates and reports them ([`report::Report`]), and removes what
//! they created.

mod answer;
mod client;
mod interrupt;
mod names;
mod plays;
mod report;
mod stage;
mod step;

use clap::Args;

use crate::cli::error::CommandError;
use crate::cli::waiting;
use client::Client;
use names::Names;
use report::Report;
use stage::Stage;

#[derive(Args, Clone)]
pub struct Arguments {
    /// The SCIM base URL of the server to check, as an identity provider gets it
    #[arg(long, env = "INSOMNIA_SCIM_URL", value_parser = parse_url)]
    url: String,
    // Not validated by a `value_parser`, because clap's error message would show the token.
    /// The SCIM token; the variable keeps it out of the list of processes
    #[arg(long, env = "INSOMNIA_SCIM_TOKEN", hide_env_values = true)]
    token: String,
    /// Wait until the server answers, at most so long; 30 seconds without a number
    #[arg(
        long,
        value_name = "SECONDS",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = waiting::DEFAULT,
        value_parser = clap::value_parser!(u64).range(1..=waiting::MOST),
    )]
    wait: Option<u64>,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

// Manual, so that the token is never printed.
impl std::fmt::Debug for Arguments {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Arguments").field("url", &self.url).finish_non_exhaustive()
    }
}

fn parse_url(text: &str) -> Result<String, String> {
    let trimmed = text.trim_end_matches('/');
    let rest = trimmed.strip_prefix("https://").or_else(|| trimmed.strip_prefix("http://"));
    let host = rest.unwrap_or_default().split('/').next().unwrap_or_default();
    let whole: Result<ureq::http::Uri, _> = trimmed.parse();
    if host.is_empty() || host.contains('@') || trimmed.contains(['?', '#']) || whole.is_err() {
        return Err("it must be https://HOST/PATH or http://HOST/PATH, without a user, ? and #; \
                    leave ?aadOptscim062020 out"
            .to_owned());
    }
    Ok(trimmed.to_owned())
}

/// Accepts the token with or without `Bearer`, like the forms of identity providers.
fn parse_token(text: &str) -> Result<String, CommandError> {
    let trimmed = text.trim();
    let token = match trimmed.split_once(char::is_whitespace) {
        Some(("Bearer", token)) => token.trim_start(),
        _ if trimmed == "Bearer" => "",
        _ => trimmed,
    };
    if token.is_empty() || !token.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(CommandError::Argument(
            "--token (INSOMNIA_SCIM_TOKEN) must be a bearer token: letters, digits and signs, \
             without blanks"
                .to_owned(),
        ));
    }
    Ok(token.to_owned())
}

pub fn run(arguments: &Arguments) -> Result<(), CommandError> {
    // The HTTP client logs every byte that it sends, including the token.
    log::set_max_level(log::LevelFilter::Off);
    let token = parse_token(&arguments.token)?;
    let client = Client::new(&arguments.url, &token);
    if let Some(seconds) = arguments.wait {
        waiting::until_ready(&arguments.url, seconds, || client.is_served())
            .map_err(CommandError::Refused)?;
    }
    let names = Names::new();
    let report = Report::new(&arguments.url, &names.run, &token, arguments.json);
    let interrupt = interrupt::watch()?;
    let mut stage = Stage::new(client, report, interrupt);
    plays::all(&mut stage, &names);
    stage.clean_up();
    let (failed, total) = stage.finish()?;
    if failed { Err(CommandError::ScimTest(total)) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_url_is_a_base_url() {
        let base = "https://scim.kong.example/scim/v2/con_1";
        assert_eq!(parse_url(&format!("{base}/")).as_deref(), Ok(base));
        for wrong in
            ["scim.kong.example", "https://", "https://a:b@x/", "https://x/?a=b", "ftp://x", ""]
        {
            assert!(parse_url(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_token_that_is_none_is_refused_without_being_shown() {
        for wrong in ["", "Bearer ", "se cret", "secret\nsecret", "sécret"] {
            let error = parse_token(wrong).unwrap_err().to_string();
            assert!(!error.contains("cret"), "{error}");
        }
        assert_eq!(parse_token(" Bearer secret\n").unwrap(), "secret");
    }
}
