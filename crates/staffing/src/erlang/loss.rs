//! Erlang-B: the share that finds every operator busy when nobody can wait. The others are built on it.

/// The share blocked with `operators` operators and this much work offered.
pub fn blocking(operators: u32, offered: f64) -> f64 {
    (1..=operators).fold(1.0, |blocked, count| next(blocked, count, offered))
}

/// From one operator fewer: a ratio of positive numbers, so that no digit is lost on the way up.
pub(super) fn next(blocked: f64, operators: u32, offered: f64) -> f64 {
    offered * blocked / (f64::from(operators) + offered * blocked)
}

#[cfg(test)]
mod tests {
    use super::blocking;

    /// Traffic in erlangs at a blocking of 1 %, as printed in the usual tables (two to three decimals).
    #[test]
    fn the_published_table_of_one_per_cent_is_met() {
        for (operators, offered) in [
            (1, 0.0101),
            (2, 0.153),
            (5, 1.36),
            (10, 4.46),
            (20, 12.0),
            (50, 37.9),
            (100, 84.1),
        ] {
            let blocked = blocking(operators, offered);
            assert!((blocked - 0.01).abs() < 3e-4, "{operators}: {blocked}");
        }
    }

    #[test]
    fn limits_are_met() {
        assert_eq!(blocking(0, 5.0), 1.0);
        assert_eq!(blocking(1, 1.0), 0.5);
        assert_eq!(blocking(7, 0.0), 0.0);
        // Far too little staff: all but n/a are turned away.
        assert!((blocking(10, 1e9) - (1.0 - 10.0 / 1e9)).abs() < 1e-12);
        // Thousands of operators stay a share.
        let many = blocking(5000, 5000.0);
        assert!(many > 0.0 && many < 0.02, "{many}");
    }

    #[test]
    fn the_recursion_agrees_with_the_sum() {
        for (operators, offered) in [(3_u32, 2.0_f64), (12, 15.5), (30, 20.0)] {
            let mut term = 1.0;
            let mut sum = 1.0;
            for count in 1..=operators {
                term *= offered / f64::from(count);
                sum += term;
            }
            assert!((blocking(operators, offered) - term / sum).abs() < 1e-14);
        }
    }
}
