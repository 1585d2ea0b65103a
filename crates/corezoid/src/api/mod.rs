//! The HTTP API of Corezoid, versions 1 and 2: who may call, what is asked, what is answered; and the
//! same the other way, for calling a Corezoid elsewhere. It runs no operation.
//!
//! ```
//! use vikno_corezoid::api::{
//!     Account, Action, Algorithm, Answer, OpAnswer, Request, Secret, SignedCall, Version, signature,
//! };
//!
//! let account = Account::new("1547", Secret::new("of-the-ministry"));
//! let body = br#"{"ops":[{"type":"create","obj":"task","conv_id":"@queue","ref":"7","data":{}}]}"#;
//! let sent = signature(Algorithm::Sha1, "1800000000", &account, body);
//!
//! let call = SignedCall::parse("1547", "1800000000", &sent)?;
//! let verified = call.verify(&account, body, 1_800_000_030)?;
//! assert_eq!(verified.replay_key().expires_at_s(), 1_800_000_300);
//! let request = Request::parse(verified.body())?;
//! let answers = request.ops.into_iter().map(|op| match op.action {
//!     Ok(Action::Create { .. }) => OpAnswer::created(op.echo, "65f0c1d2e3a4b5c6d7e8f901"),
//!     Ok(_) => unreachable!(),
//!     Err(error) => OpAnswer::failed(op.echo, error),
//! });
//! let answer = Answer::of(answers).to_json(Version::Two);
//! assert!(answer.contains(r#""proc":"ok""#));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod address;
mod answer;
mod call;
mod conveyor;
mod entrance;
mod fields;
mod form;
mod op;
mod request;
mod signature;
mod sync;

pub use address::{
    Address, AddressKey, AddressRefused, AnswerAddress, CallbackAddress, DirectAddress, task_id_in,
};
pub use answer::{Answer, BodyError, OpAnswer, OpError};
pub use call::{AnswerError, CalledOp, OutgoingOp, PreparedCall, prepare, read_answers};
pub use conveyor::{ConveyorCall, ConveyorError, ConveyorTask, conveyor_call, read_conveyor};
pub use entrance::{
    CLOCK_SKEW_S_MAX, Refused, ReplayKey, SignedCall, Verified, VerifiedBody, Version,
};
pub use form::Form;
pub use op::{Action, AddressChange, Echo, Op, Page, ProcessName, TaskName};
pub use request::{OPS_MAX, Request};
pub use signature::{Account, Algorithm, Secret, signature};
pub use sync::{CALLBACK_URL, SYNC_TIMEOUT_S_MAX, SyncAnswer, SyncRequest};
