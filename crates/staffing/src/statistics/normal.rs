//! The normal distribution's quantiles, for drawing lognormal times.

/// The value below which a share `probability` of the normal distribution lies: Acklam's rational approximation,
/// off by less than 1.2e-9 of the value.
pub(crate) fn normal_quantile(probability: f64) -> f64 {
    const LOW: f64 = 0.024_25;
    let p = probability.clamp(1e-300, 1.0 - f64::EPSILON / 2.0);
    if p < LOW {
        tail((-2.0 * p.ln()).sqrt())
    } else if p > 1.0 - LOW {
        -tail((-2.0 * (-p).ln_1p()).sqrt())
    } else {
        middle(p - 0.5)
    }
}

fn middle(q: f64) -> f64 {
    const ABOVE: [f64; 6] = [
        -39.696_830_286_653_76,
        220.946_098_424_520_5,
        -275.928_510_446_968_7,
        138.357_751_867_269,
        -30.664_798_066_147_16,
        2.506_628_277_459_239,
    ];
    const BELOW: [f64; 6] = [
        -54.476_098_798_224_06,
        161.585_836_858_040_9,
        -155.698_979_859_886_6,
        66.801_311_887_719_72,
        -13.280_681_552_885_72,
        1.0,
    ];
    q * polynomial(&ABOVE, q * q) / polynomial(&BELOW, q * q)
}

fn tail(q: f64) -> f64 {
    const ABOVE: [f64; 6] = [
        -0.007_784_894_002_430_293,
        -0.322_396_458_041_136_5,
        -2.400_758_277_161_838,
        -2.549_732_539_343_734,
        4.374_664_141_464_968,
        2.938_163_982_698_783,
    ];
    const BELOW: [f64; 5] = [
        0.007_784_695_709_041_462,
        0.322_467_129_070_039_8,
        2.445_134_137_142_996,
        3.754_408_661_907_416,
        1.0,
    ];
    polynomial(&ABOVE, q) / polynomial(&BELOW, q)
}

fn polynomial(factors: &[f64], x: f64) -> f64 {
    factors.iter().fold(0.0, |sum, factor| sum * x + factor)
}

#[cfg(test)]
mod tests {
    use super::normal_quantile;

    #[test]
    fn the_printed_table_is_met() {
        for (probability, expected) in [
            (0.5, 0.0),
            (0.841_344_746_068_543, 1.0),
            (0.975, 1.959_963_984_540_054),
            (0.025, -1.959_963_984_540_054),
            (0.999, 3.090_232_306_167_813),
            (0.000_001, -4.753_424_308_822_899),
        ] {
            let found = normal_quantile(probability);
            assert!((found - expected).abs() < 1e-8, "{probability}: {found}");
        }
    }
}
