//! The mean of independent runs with its interval of confidence.

use super::student_quantile;

/// How sure an interval is to hold the true mean.
const CONFIDENCE: f64 = 0.95;

/// A mean, and the interval that holds the true one in 95 cases of 100.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
pub struct Estimate {
    /// Mean of the runs.
    pub mean: f64,
    /// Half the interval's width; none from a single run.
    pub plus_minus: Option<f64>,
}

impl Estimate {
    /// Of the values of independent runs; runs without a value (not a number) are left out. None without any value.
    pub fn of(values: impl Iterator<Item = f64> + Clone) -> Option<Self> {
        let values = values.filter(|value| value.is_finite());
        let count = values.clone().count() as f64;
        if count == 0.0 {
            return None;
        }
        let mean = values.clone().sum::<f64>() / count;
        let squares: f64 = values.map(|value| (value - mean).powi(2)).sum();
        let plus_minus = (count > 1.0).then(|| {
            let deviation = (squares / (count - 1.0) / count).sqrt();
            student_quantile(f64::midpoint(1.0, CONFIDENCE), count - 1.0) * deviation
        });
        Some(Self { mean, plus_minus })
    }

    /// Whether the interval holds a value. A single run has no interval and excludes nothing.
    pub fn holds(&self, value: f64) -> bool {
        self.plus_minus
            .is_none_or(|half| (self.mean - value).abs() <= half)
    }

    /// Whether the runs tell it apart from nought.
    pub fn differs_from_nought(&self) -> bool {
        self.plus_minus.is_some() && !self.holds(0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::Estimate;

    #[test]
    fn the_textbook_interval_of_five_runs_is_met() {
        let found = Estimate::of([2.0, 4.0, 4.0, 5.0, 10.0].into_iter()).unwrap();
        assert_eq!(found.mean, 5.0);
        // s = 3, t(0.975; 4) = 2.776445, over the root of five.
        let half = 2.776_445_105 * 3.0 / 5.0_f64.sqrt();
        assert!((found.plus_minus.unwrap() - half).abs() < 1e-8);
        assert!(found.differs_from_nought() && found.holds(8.5) && !found.holds(8.8));
    }

    #[test]
    fn a_single_run_has_no_interval_and_no_run_has_no_mean() {
        let one = Estimate::of([3.0, f64::NAN].into_iter()).unwrap();
        assert_eq!((one.mean, one.plus_minus), (3.0, None));
        assert!(!one.differs_from_nought());
        assert_eq!(Estimate::of([f64::NAN].into_iter()), None);
    }
}
