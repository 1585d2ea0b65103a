//! Erlang-A by the offered wait: how long a citizen of endless patience would wait among those who leave.
//!
//! Its density is `rate · p · exp(rate·H(x) − service·x)` with `H(x) = (1 − exp(−θx))/θ`, where `p` is the share of
//! time with exactly one operator free (Baccelli and Hebuterne 1981, Zeltyn and Mandelbaum 2005). The exponent is
//! concave: it is integrated around its peak and relative to it, so that nothing overflows however long the queue.

/// A queue of one kind whose citizens leave at `patience_rate`; all rates a second.
pub(super) struct Offered {
    pub(super) arrival_rate: f64,
    /// Of all operators together.
    pub(super) service_rate: f64,
    pub(super) patience_rate: f64,
    pub(super) blocked_with_one_fewer: f64,
}

/// Shares of all citizens.
pub(super) struct Shares {
    pub(super) waits: f64,
    pub(super) within: f64,
    pub(super) abandoned: f64,
}

/// Below `exp(−45)` of the peak a density adds nothing to sixteen digits.
const DEPTH: f64 = 45.0;
/// Pieces of the range on each side of the peak; with eight points each the error is below 1e-12.
const PIECES: usize = 48;
/// Halvings to find where the density ends.
const HALVINGS: usize = 80;

impl Offered {
    pub(super) fn shares(&self, within_s: f64) -> Shares {
        let peak_s = self.peak_s();
        let height = self.exponent(peak_s);
        let density = |x: f64| (self.exponent(x) - height).exp();
        let end_s = self.end_s(peak_s, height);
        let begin_s = self.begin_s(peak_s, height);
        let whole =
            |f: &dyn Fn(f64) -> f64| integral(f, begin_s, peak_s) + integral(f, peak_s, end_s);
        // An empty queue's weight on the same scale; its inverse share underflows to a wait that never happens.
        let nobody_waits = (-height).exp() / self.blocked_with_one_fewer / self.arrival_rate;
        let somebody_waits = whole(&density);
        let total = nobody_waits + somebody_waits;
        let left = |x: f64| density(x) * -(-self.patience_rate * x).exp_m1();
        let stayed = |x: f64| density(x) * (-self.patience_rate * x).exp();
        let stop_s = within_s.clamp(begin_s, end_s);
        let middle_s = peak_s.min(stop_s);
        let in_time = integral(&stayed, begin_s, middle_s) + integral(&stayed, middle_s, stop_s);
        Shares {
            waits: share(somebody_waits, total),
            within: match nobody_waits.is_infinite() {
                true => 1.0,
                false => share(nobody_waits + in_time, total),
            },
            abandoned: share(whole(&left), total),
        }
    }

    fn exponent(&self, x: f64) -> f64 {
        let patience = self.patience_rate;
        self.arrival_rate * -(-patience * x).exp_m1() / patience - self.service_rate * x
    }

    /// Where as many leave or are served as come.
    fn peak_s(&self) -> f64 {
        let ratio = self.arrival_rate / self.service_rate;
        (ratio.ln() / self.patience_rate).max(0.0)
    }

    /// After the peak: beyond it nothing counts.
    fn end_s(&self, peak_s: f64, height: f64) -> f64 {
        let mut step = 1.0 / self.service_rate;
        while self.exponent(peak_s + step) > height - DEPTH {
            step *= 2.0;
        }
        self.edge_s(peak_s, peak_s + step, height)
    }

    /// Before the peak: what comes earlier does not count.
    fn begin_s(&self, peak_s: f64, height: f64) -> f64 {
        match self.exponent(0.0) > height - DEPTH {
            true => 0.0,
            false => self.edge_s(peak_s, 0.0, height),
        }
    }

    /// Between a place that counts and one that does not.
    fn edge_s(&self, mut inside: f64, mut outside: f64, height: f64) -> f64 {
        for _ in 0..HALVINGS {
            let middle = f64::midpoint(inside, outside);
            match self.exponent(middle) > height - DEPTH {
                true => inside = middle,
                false => outside = middle,
            }
        }
        outside
    }
}

fn share(part: f64, total: f64) -> f64 {
    match total.is_infinite() {
        true => 0.0,
        false => (part / total).clamp(0.0, 1.0),
    }
}

/// Gauss and Legendre's eight points: places and weights on −1 to 1, of one half.
const POINTS: [(f64, f64); 4] = [
    (0.183_434_642_495_649_8, 0.362_683_783_378_362),
    (0.525_532_409_916_329, 0.313_706_645_877_887_27),
    (0.796_666_477_413_626_7, 0.222_381_034_453_374_48),
    (0.960_289_856_497_536_3, 0.101_228_536_290_376_26),
];

fn integral(f: &dyn Fn(f64) -> f64, from: f64, to: f64) -> f64 {
    let half = (to - from) / PIECES as f64 / 2.0;
    let piece = |index: usize| {
        let middle = from + half * (2 * index + 1) as f64;
        let both = |(place, weight): &(f64, f64)| {
            weight * (f(middle - half * place) + f(middle + half * place))
        };
        POINTS.iter().map(both).sum::<f64>()
    };
    (0..PIECES).map(piece).sum::<f64>() * half
}
