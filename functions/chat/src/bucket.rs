//! How much visitors of the chat API may do.

use vikno_shell::Limit;

/// Messages of one visitor: thirty at once, then one a second: faster than anybody writes.
pub const VISITOR: Limit = Limit::new(30.0, 1.0);

/// What an upload costs of [`VISITOR`]: six at once, then one in five seconds.
pub const UPLOAD_COST: f64 = 5.0;

/// New sessions from one client address: a carrier or an office puts hundreds of people behind one.
pub const ADDRESS: Limit = Limit::new(200.0, 0.2);

/// New sessions of one organisation: keeps a flood from filling its database; 100 a second is 8 million a day.
pub const ORGANISATION: Limit = Limit::new(5_000.0, 100.0);
