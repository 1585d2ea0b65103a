//! Inserts of many rows: every value a parameter of its own, many rows a statement.

use crate::{Database, StorageError, Value};

/// Rows of one statement, as many as are left of the largest: few different statements, so that they stay compiled.
const ROWS: [usize; 4] = [16, 8, 4, 1];

/// An INSERT into one table.
pub(crate) struct Insert {
    /// The table and its columns.
    pub(crate) into: &'static str,
    /// How many columns.
    pub(crate) columns: usize,
    /// What comes after the values: `ON CONFLICT …`, or nothing.
    pub(crate) then: &'static str,
}

/// The journal.
pub(crate) const JOURNAL: Insert = Insert {
    into: "journal (at_ms, conversation_id, actor, what, data)",
    columns: 5,
    then: "",
};

impl Insert {
    /// Inserts rows, in order; `values` holds theirs one after another.
    pub(crate) async fn write(
        &self,
        database: &Database,
        mut values: Vec<Value>,
    ) -> Result<(), StorageError> {
        while !values.is_empty() {
            let left = values.len() / self.columns;
            let rows = ROWS.into_iter().find(|rows| *rows <= left).unwrap_or(1);
            let later = values.split_off(values.len().min(rows * self.columns));
            database.run(&self.sql(rows), values).await?;
            values = later;
        }
        Ok(())
    }

    fn sql(&self, rows: usize) -> String {
        let row = format!("({})", vec!["?"; self.columns].join(", "));
        let values = vec![row; rows].join(", ");
        format!("INSERT INTO {} VALUES {values} {}", self.into, self.then)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::block_on;

    #[test]
    fn any_number_of_rows_is_inserted_in_order() {
        let database = block_on(Database::open(":memory:")).unwrap();
        let table = "CREATE TABLE numbers (place INTEGER PRIMARY KEY AUTOINCREMENT, number INTEGER, name TEXT)";
        block_on(database.run(table, vec![])).unwrap();
        let numbers = Insert {
            into: "numbers (number, name)",
            columns: 2,
            then: "",
        };
        for count in 0..40_i64 {
            block_on(database.run("DELETE FROM numbers", vec![])).unwrap();
            let rows = (0..count).flat_map(|number| [number.into(), format!("n{number}").into()]);
            block_on(numbers.write(&database, rows.collect())).unwrap();
            let sql = "SELECT number, name FROM numbers ORDER BY place";
            let found = block_on(database.query(sql, vec![])).unwrap();
            let found = found.iter().map(|row| row.integer(0).unwrap());
            assert_eq!(found.collect::<Vec<_>>(), (0..count).collect::<Vec<_>>());
        }
    }
}
