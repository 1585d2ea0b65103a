//! `spin:sqlite/sqlite@3.1.0` for components. Errors of a statement come where Spin puts them.

use super::{Error, RowResult, Rows, Session, Value};
use crate::bindings::spin::sqlite::sqlite::{
    Host, HostConnection, HostConnectionWithStore, QueryResult,
};
use crate::store::State;
use wasmtime::Result;
use wasmtime::component::{Accessor, FutureReader, HasSelf, Resource, StreamReader};

type Opened = std::result::Result<Resource<Session>, Error>;
type Executed = std::result::Result<
    (
        Vec<String>,
        StreamReader<RowResult>,
        FutureReader<std::result::Result<(), Error>>,
    ),
    Error,
>;

impl State {
    fn open_database(&mut self, label: &str) -> Result<Opened> {
        let component = &self.component;
        if !component.grants.sqlite_databases.contains(label) {
            tracing::warn!(component = %component.id, label, "refused: add the label to sqlite_databases");
            return Ok(Err(Error::AccessDenied));
        }
        let Some(database) = self.app.databases.get(label) else {
            return Ok(Err(Error::NoSuchDatabase));
        };
        Ok(match Session::open(database) {
            Ok(session) => Ok(self.table.push(session)?),
            Err(error) => Err(error),
        })
    }

    fn session(&self, connection: &Resource<Session>) -> Result<Session> {
        Ok(self.table.get(connection)?.clone())
    }
}

impl Host for State {}

impl HostConnection for State {
    fn open(&mut self, database: String) -> Result<Opened> {
        self.open_database(&database)
    }

    async fn execute(
        &mut self,
        connection: Resource<Session>,
        statement: String,
        parameters: Vec<Value>,
    ) -> Result<std::result::Result<QueryResult, Error>> {
        let session = self.session(&connection)?;
        let answer = match session.execute(statement, parameters).await {
            Ok(answer) => answer,
            Err(error) => return Ok(Err(error)),
        };
        let rows = match answer.rows {
            Rows::Whole(rows) => Ok(rows),
            Rows::Stream(stream) => stream.collect().await,
        };
        Ok(rows.map(|rows| QueryResult {
            columns: answer.columns,
            rows,
        }))
    }

    async fn last_insert_rowid(&mut self, connection: Resource<Session>) -> Result<i64> {
        Ok(self.session(&connection)?.last_insert_rowid().await)
    }

    async fn changes(&mut self, connection: Resource<Session>) -> Result<u64> {
        Ok(self.session(&connection)?.changes().await)
    }

    fn drop(&mut self, connection: Resource<Session>) -> Result<()> {
        self.table.delete(connection)?;
        Ok(())
    }
}

impl<T: 'static> HostConnectionWithStore<T> for HasSelf<State> {
    async fn open_async(accessor: &Accessor<T, Self>, database: String) -> Result<Opened> {
        accessor.with(|mut access| access.get().open_database(&database))
    }

    async fn execute_async(
        accessor: &Accessor<T, Self>,
        connection: Resource<Session>,
        statement: String,
        parameters: Vec<Value>,
    ) -> Result<Executed> {
        let session = accessor.with(|mut access| access.get().session(&connection))?;
        let answer = session.execute(statement, parameters).await;
        accessor.with(|mut access| {
            let (columns, rows, result) = match answer {
                Ok(answer) => match answer.rows {
                    Rows::Whole(rows) => {
                        let rows = StreamReader::new(&mut access, rows)?;
                        (answer.columns, rows, Ok(()))
                    }
                    Rows::Stream(stream) => {
                        let (chunks, result) = stream.into_parts();
                        let rows = StreamReader::new(&mut access, chunks)?;
                        let result = FutureReader::new(&mut access, async move {
                            wasmtime::error::Ok(result.await.unwrap_or_else(|_| {
                                Err(Error::Io("reading was interrupted".into()))
                            }))
                        })?;
                        return Ok(Ok((answer.columns, rows, result)));
                    }
                },
                Err(error) => {
                    let none = StreamReader::new(&mut access, Vec::<RowResult>::new())?;
                    (Vec::new(), none, Err(error))
                }
            };
            let result =
                FutureReader::new(&mut access, async move { wasmtime::error::Ok(result) })?;
            Ok(Ok((columns, rows, result)))
        })
    }

    async fn last_insert_rowid_async(
        accessor: &Accessor<T, Self>,
        connection: Resource<Session>,
    ) -> Result<i64> {
        let session = accessor.with(|mut access| access.get().session(&connection))?;
        Ok(session.last_insert_rowid().await)
    }

    async fn changes_async(
        accessor: &Accessor<T, Self>,
        connection: Resource<Session>,
    ) -> Result<u64> {
        let session = accessor.with(|mut access| access.get().session(&connection))?;
        Ok(session.changes().await)
    }
}
