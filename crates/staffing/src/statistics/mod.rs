//! From repeated measurements to a mean with an interval around it.

mod estimate;
mod normal;
mod percentiles;
mod student;

pub use estimate::Estimate;
pub(crate) use normal::normal_quantile;
pub(crate) use percentiles::percentiles;
pub use student::student_quantile;
