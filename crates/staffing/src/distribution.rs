//! How times are spread: handling times and patience.

use crate::statistics::normal_quantile;

/// A distribution of seconds, all above zero.
#[derive(Debug, Clone, PartialEq)]
pub struct Distribution {
    mean_s: f64,
    shape: Shape,
}

#[derive(Debug, Clone, PartialEq)]
enum Shape {
    Fixed,
    Exponential,
    /// Parameters of the logarithm.
    Lognormal {
        location: f64,
        scale: f64,
    },
    /// Measured values, ascending; between two of them every value is as likely.
    Measured(Vec<f64>),
}

impl Distribution {
    /// Always the same. The mean of this and the others must be above zero: the reader of plans sees to it.
    pub(crate) fn fixed(mean_s: f64) -> Self {
        Self {
            mean_s,
            shape: Shape::Fixed,
        }
    }

    /// Without memory.
    pub(crate) fn exponential(mean_s: f64) -> Self {
        Self {
            mean_s,
            shape: Shape::Exponential,
        }
    }

    /// Most are short, a few are long; `cv` is the deviation in means.
    pub(crate) fn lognormal(mean_s: f64, cv: f64) -> Self {
        let variance = (cv * cv).ln_1p();
        Self {
            mean_s,
            shape: Shape::Lognormal {
                location: mean_s.ln() - variance / 2.0,
                scale: variance.sqrt(),
            },
        }
    }

    /// As measured; at least one value.
    pub(crate) fn measured(mut values: Vec<f64>) -> Option<Self> {
        values.sort_unstable_by(f64::total_cmp);
        let ends = f64::midpoint(*values.first()?, *values.last()?);
        // The mean of what is drawn: straight lines between the values.
        let mean_s = match values.len() {
            1 => ends,
            count => (values.iter().sum::<f64>() - ends) / (count - 1) as f64,
        };
        Some(Self {
            mean_s,
            shape: Shape::Measured(values),
        })
    }

    /// The mean.
    pub fn mean_s(&self) -> f64 {
        self.mean_s
    }

    /// The value below which a share `at` of all lies: a uniform number becomes a draw. It rises with `at`, so that
    /// the same citizen stays a slow one when the distribution changes.
    pub(crate) fn quantile(&self, at: f64) -> f64 {
        match &self.shape {
            Shape::Fixed => self.mean_s,
            Shape::Exponential => -(-at).ln_1p() * self.mean_s,
            Shape::Lognormal { location, scale } => (location + scale * normal_quantile(at)).exp(),
            Shape::Measured(values) => between(values, at),
        }
    }
}

fn between(values: &[f64], at: f64) -> f64 {
    let place = at * (values.len() - 1) as f64;
    let low = values[place as usize];
    let high = values[(place as usize + 1).min(values.len() - 1)];
    low + (high - low) * place.fract()
}

#[cfg(test)]
mod tests {
    use super::Distribution;

    #[test]
    fn draws_have_the_mean_that_was_asked_for() {
        let measured = Distribution::measured(vec![900.0, 30.0, 60.0, 240.0]).unwrap();
        for (distribution, tolerance) in [
            (Distribution::fixed(300.0), 1e-9),
            (Distribution::exponential(300.0), 0.01),
            (Distribution::lognormal(300.0, 1.5), 0.5),
            (measured, 0.01),
        ] {
            let count = 200_000;
            let draws =
                (0..count).map(|i| distribution.quantile((f64::from(i) + 0.5) / f64::from(count)));
            let mean = draws.sum::<f64>() / f64::from(count);
            assert!(
                (mean - distribution.mean_s()).abs() < tolerance,
                "{distribution:?}: {mean}"
            );
        }
    }

    #[test]
    fn a_lognormal_has_its_deviation() {
        let distribution = Distribution::lognormal(100.0, 0.8);
        let count = 400_000;
        let draws =
            (0..count).map(|i| distribution.quantile((f64::from(i) + 0.5) / f64::from(count)));
        let squares: f64 = draws.map(|value| (value - 100.0_f64).powi(2)).sum();
        assert!(((squares / f64::from(count)).sqrt() - 80.0).abs() < 0.5);
    }

    #[test]
    fn measured_values_are_joined_by_straight_lines() {
        let measured = Distribution::measured(vec![10.0, 20.0, 40.0]).unwrap();
        assert_eq!(measured.quantile(0.25), 15.0);
        assert_eq!(measured.quantile(0.75), 30.0);
        assert_eq!(
            Distribution::measured(vec![7.0]).unwrap().quantile(0.4),
            7.0
        );
        assert_eq!(Distribution::measured(Vec::new()), None);
    }
}
