//! Recovery links, which let owners sign in without the identity provider.

use super::words::words;

words! {
    /// Who created a recovery link.
    LinkMaker {
        /// An owner of the account, as a precaution.
        Owner = "owner",
        /// The operator of the server, because no owner could sign in.
        Operator = "operator",
    }
}
