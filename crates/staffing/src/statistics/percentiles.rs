//! Percentiles without sorting everything.

/// The values at these shares (ascending, 0 to 1) by the nearest rank; not a number where there are no values.
/// Reorders the values.
pub(crate) fn percentiles<const N: usize>(values: &mut [f32], shares: [f64; N]) -> [f64; N] {
    let mut found = [f64::NAN; N];
    let count = values.len();
    let mut rest = values;
    for (place, share) in found.iter_mut().zip(shares).rev() {
        let rank = ((share * count as f64).ceil() as usize).clamp(1, count.max(1));
        if rank > rest.len() {
            break;
        }
        let (_, value, _) = rest.select_nth_unstable_by(rank - 1, f32::total_cmp);
        *place = f64::from(*value);
        rest = &mut rest[..rank];
    }
    found
}

#[cfg(test)]
mod tests {
    use super::percentiles;

    #[test]
    fn the_nearest_rank_is_taken() {
        let mut values: Vec<f32> = (1_u8..=100).rev().map(f32::from).collect();
        assert_eq!(
            percentiles(&mut values, [0.5, 0.9, 0.95]),
            [50.0, 90.0, 95.0]
        );
        assert_eq!(percentiles(&mut [7.0], [0.5, 0.9]), [7.0, 7.0]);
        assert!(percentiles(&mut [], [0.5])[0].is_nan());
        assert_eq!(percentiles(&mut [1.0, 3.0], [0.5, 0.51]), [1.0, 3.0]);
    }
}
