//! Ways in beside the identity provider.

use super::words::words;

words! {
    /// Who made a recovery link.
    LinkMaker {
        /// An owner of the account, for later.
        Owner = "owner",
        /// The operator of the server, because no owner could sign in.
        Operator = "operator",
    }
}
