//! A row as bytes that stand for it and for no other row.

use sha2::{Digest, Sha256};

/// One column of a row.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Field<'a> {
    /// NULL.
    Null,
    /// A 64-bit integer.
    Integer(i64),
    /// A floating-point number.
    Real(f64),
    /// UTF-8 text.
    Text(&'a str),
    /// Bytes.
    Bytes(&'a [u8]),
}

/// A row's place and what it says, as a digest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    /// Its id.
    pub id: i64,
    /// SHA-256 of its id and columns.
    pub digest: [u8; 32],
}

impl Row {
    /// Digests a row. Every column is written with its kind and its length before it, so that nothing can move from one
    /// column to the next, or from the words NULL and 0 to NULL and 0.
    pub fn of<'a>(id: i64, fields: impl IntoIterator<Item = Field<'a>>) -> Self {
        let mut hasher = Sha256::new();
        write(&mut hasher, Field::Integer(id));
        for field in fields {
            write(&mut hasher, field);
        }
        Self {
            id,
            digest: hasher.finalize().into(),
        }
    }

    /// The beginning of the digest: kept in the seal, so that a changed row is found by its id.
    pub(crate) fn mark(&self) -> [u8; MARK] {
        let [a, b, c, d, e, f, g, h, ..] = self.digest;
        [a, b, c, d, e, f, g, h]
    }
}

/// Bytes of a mark.
pub(crate) const MARK: usize = 8;

fn write(hasher: &mut Sha256, field: Field<'_>) {
    let (kind, bytes): (u8, &[u8]) = match &field {
        Field::Null => (0, &[]),
        Field::Integer(number) => (1, &number.to_be_bytes()),
        Field::Real(number) => (2, &number.to_bits().to_be_bytes()),
        Field::Text(text) => (3, text.as_bytes()),
        Field::Bytes(bytes) => (4, bytes),
    };
    hasher.update([kind]);
    hasher.update((bytes.len() as u64).to_be_bytes());
    hasher.update(bytes);
}

#[cfg(test)]
mod tests {
    use super::{Field, Row};

    #[test]
    fn rows_that_say_different_things_have_different_digests() {
        use Field::{Bytes, Integer, Null, Real, Text};
        let rows: [&[Field<'_>]; 11] = [
            &[],
            &[Null],
            &[Null, Null],
            &[Text("")],
            &[Text("NULL")],
            &[Text("ab"), Text("c")],
            &[Text("a"), Text("bc")],
            &[Bytes(b"a"), Text("bc")],
            &[Integer(0)],
            &[Real(0.0)],
            &[Text("0")],
        ];
        let digest = |fields: &[Field<'_>]| Row::of(1, fields.iter().copied()).digest;
        for (index, one) in rows.iter().enumerate() {
            for other in &rows[..index] {
                assert_ne!(digest(one), digest(other), "{one:?} {other:?}");
            }
            assert_ne!(digest(one), Row::of(2, one.iter().copied()).digest);
        }
    }
}
