//! Student's t distribution: how wide an interval from few runs has to be.

/// Halvings: more than a double has bits.
const HALVINGS: usize = 200;
/// Terms of the continued fraction; it settles after some dozens.
const TERMS_MAX: usize = 500;

/// The value below which a share `probability` (above one half) of the t distribution lies.
pub fn student_quantile(probability: f64, degrees: f64) -> f64 {
    let (mut low, mut high) = (0.0, 1.0);
    while below(high, degrees) < probability && high < 1e12 {
        high *= 2.0;
    }
    for _ in 0..HALVINGS {
        let middle = f64::midpoint(low, high);
        match below(middle, degrees) < probability {
            true => low = middle,
            false => high = middle,
        }
    }
    f64::midpoint(low, high)
}

/// The share of the distribution below `t` ≥ 0.
fn below(t: f64, degrees: f64) -> f64 {
    1.0 - 0.5 * incomplete_beta(degrees / (degrees + t * t), degrees / 2.0, 0.5)
}

/// The regularised incomplete beta function, by its continued fraction where that settles fast.
fn incomplete_beta(x: f64, a: f64, b: f64) -> f64 {
    if x <= 0.0 || x >= 1.0 {
        return x.clamp(0.0, 1.0);
    }
    if x > (a + 1.0) / (a + b + 2.0) {
        return 1.0 - incomplete_beta(1.0 - x, b, a);
    }
    let logarithm = ln_gamma(a + b) - ln_gamma(a) - ln_gamma(b) + a * x.ln() + b * (-x).ln_1p();
    logarithm.exp() * fraction(x, a, b) / a
}

/// Lentz's way through the continued fraction.
fn fraction(x: f64, a: f64, b: f64) -> f64 {
    let apart = |value: f64| if value.abs() < 1e-300 { 1e-300 } else { value };
    let mut c = 1.0;
    let mut d = 1.0 / apart(1.0 - (a + b) * x / (a + 1.0));
    let mut result = d;
    for term in 1..TERMS_MAX {
        let m = term as f64;
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        let mut change = 1.0;
        for factor in [even, odd] {
            d = 1.0 / apart(1.0 + factor * d);
            c = apart(1.0 + factor / c);
            change = c * d;
            result *= change;
        }
        if (change - 1.0_f64).abs() < 1e-16 {
            break;
        }
    }
    result
}

/// The logarithm of the gamma function (Lanczos, g = 7), for positive numbers.
fn ln_gamma(x: f64) -> f64 {
    const FACTORS: [f64; 8] = [
        676.520_368_121_885_1,
        -1_259.139_216_722_402_8,
        771.323_428_777_653_1,
        -176.615_029_162_140_6,
        12.507_343_278_686_905,
        -0.138_571_095_265_720_12,
        9.984_369_578_019_572e-6,
        1.505_632_735_149_311_6e-7,
    ];
    if x < 0.5 {
        let reflected = std::f64::consts::PI / (std::f64::consts::PI * x).sin();
        return reflected.ln() - ln_gamma(1.0 - x);
    }
    let x = x - 1.0;
    let numbered = FACTORS.iter().zip(1_u8..);
    let sum = numbered.fold(0.999_999_999_999_809_9, |sum, (factor, index)| {
        sum + factor / (x + f64::from(index))
    });
    let t = x + 7.5;
    0.5 * (2.0 * std::f64::consts::PI).ln() + (x + 0.5) * t.ln() - t + sum.ln()
}

#[cfg(test)]
mod tests {
    use super::student_quantile;

    #[test]
    fn the_printed_table_is_met() {
        for (probability, degrees, expected) in [
            (0.975, 1.0, 12.706_205),
            (0.975, 2.0, 4.302_653),
            (0.975, 4.0, 2.776_445),
            (0.975, 9.0, 2.262_157),
            (0.975, 29.0, 2.045_230),
            (0.975, 99.0, 1.984_217),
            (0.95, 5.0, 2.015_048),
            (0.995, 10.0, 3.169_273),
            (0.995, 120.0, 2.617_421),
        ] {
            let found = student_quantile(probability, degrees);
            assert!((found - expected).abs() < 1e-6, "{degrees}: {found}");
        }
    }

    #[test]
    fn many_runs_come_to_the_normal_distribution() {
        assert!((student_quantile(0.975, 1e7) - 1.959_964).abs() < 1e-5);
    }
}
