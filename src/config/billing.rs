//! Settings for what customers see about payment and seats.

use clap::Args;

use crate::administration::plans::BillingContacts;
use crate::enterprise::address::Address;

/// Whom customers turn to about payment and seats.
#[derive(Args, Clone, Debug, Default)]
pub struct BillingSettings {
    /// The page of the billing system where customers who pay by card manage their subscription
    /// [default: none, and no link is shown]
    #[arg(long, env = "INSOMNIA_SCIM_BILLING_URL", value_parser = parse_url)]
    billing_url: Option<String>,

    /// The address of the sales team, which gets requests for more seats
    /// [default: none, and such requests are refused]
    #[arg(long, env = "INSOMNIA_SCIM_SALES_ADDRESS", value_parser = parse_address)]
    sales_address: Option<String>,
}

impl BillingSettings {
    /// Returns the contacts.
    pub fn contacts(&self) -> BillingContacts {
        BillingContacts { manage_url: self.billing_url.clone(), sales: self.sales_address.clone() }
    }
}

fn parse_url(text: &str) -> Result<String, String> {
    let text = text.trim();
    let is_web = ["https://", "http://"].iter().any(|scheme| {
        text.strip_prefix(scheme).is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/'))
    });
    let is_plain = text.chars().all(|character| character.is_ascii_graphic());
    if is_web && is_plain {
        Ok(text.to_owned())
    } else {
        Err("it must be a URL that begins with https:// or http://".to_owned())
    }
}

fn parse_address(text: &str) -> Result<String, String> {
    Address::parse(text)
        .map(|address| address.as_str().to_owned())
        .map_err(|error| format!("it must be an e-mail address: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_a_web_address_and_the_sales_team_has_one_of_mail() {
        assert_eq!(
            parse_url(" https://pay.example/a?b=c").as_deref(),
            Ok("https://pay.example/a?b=c")
        );
        for wrong in ["pay.example", "https://", "https:///x", "javascript:alert(1)", "https://a b"]
        {
            assert!(parse_url(wrong).is_err(), "{wrong}");
        }
        assert_eq!(parse_address("sales@kong.example").as_deref(), Ok("sales@kong.example"));
        for wrong in ["sales", "a@x.example,b@x.example"] {
            assert!(parse_address(wrong).is_err(), "{wrong}");
        }
    }
}
