//! Makes and changes schemas and roles: an ordinary command, run by the owner, as often as one likes.

use std::str::FromStr as _;

use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, PgConnection, PgExecutor};

use super::connect::fault;
use crate::Fault;

/// The schema this code makes, and the only one it runs on.
pub const SCHEMA_VERSION: u32 = 4;

/// Each step once, in order; a step that was released is never edited.
const STEPS: [&str; SCHEMA_VERSION as usize] = [
    include_str!("../../sql/postgres/0001_tables.sql"),
    include_str!("../../sql/postgres/0002_walls.sql"),
    include_str!("../../sql/postgres/0003_byte_order.sql"),
    include_str!("../../sql/postgres/0004_uncompressed_documents.sql"),
];

/// How a context's schema stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// The context.
    pub context: &'static str,
    /// The version it has; 0 if there is none.
    pub has: u32,
    /// The version this binary needs.
    pub needs: u32,
}

/// Tells how the schemas stand; changes nothing.
///
/// # Errors
/// When the database cannot be reached.
pub async fn status(url: &str, contexts: &[&'static str]) -> Result<Vec<Status>, Fault> {
    let mut owner = connect(url).await?;
    let mut found = Vec::new();
    for context in contexts {
        let has = schema_version(&mut owner, context).await;
        let has = has.map_err(|error| fault("reading schema versions", error))?;
        found.push(Status { context, has, needs: SCHEMA_VERSION });
    }
    Ok(found)
}

/// Brings the schemas up to what this binary needs, and makes each context's role.
///
/// # Errors
/// When the database cannot be reached, or the owner may not do what is needed.
pub async fn up(
    url: &str,
    contexts: &[&'static str],
    role_password: Option<&str>,
) -> Result<Vec<Status>, Fault> {
    let mut owner = connect(url).await?;
    for context in contexts {
        bring_up(&mut owner, context, role_password)
            .await
            .map_err(|error| fault("migrating", error))?;
    }
    drop(owner);
    status(url, contexts).await
}

/// The role a context's service comes as.
pub fn role(context: &str) -> String {
    format!("northstar_{context}")
}

/// The schema version as a service's own role sees it.
pub(super) async fn version(executor: impl PgExecutor<'_>) -> sqlx::Result<u32> {
    let version: Option<i32> = sqlx::query_scalar(
        "select obj_description(to_regnamespace(current_schema()), 'pg_namespace')::int",
    )
    .fetch_one(executor)
    .await?;
    Ok(version.unwrap_or_default().cast_unsigned())
}

async fn connect(url: &str) -> Result<PgConnection, Fault> {
    let options = PgConnectOptions::from_str(url)
        .map_err(|_| Fault::lasting("reading the database URL", "it is not a Postgres URL"))?;
    options.connect().await.map_err(|error| fault("connecting to the database", error))
}

/// The version stands in the schema's comment, which every role can read.
async fn schema_version(owner: &mut PgConnection, context: &str) -> sqlx::Result<u32> {
    let version: Option<String> =
        sqlx::query_scalar("select obj_description(to_regnamespace($1), 'pg_namespace')")
            .bind(context)
            .fetch_one(owner)
            .await?;
    Ok(version.and_then(|version| version.parse().ok()).unwrap_or_default())
}

/// `context` is one of five names that are compiled in; nothing a caller gave goes into the SQL.
async fn bring_up(
    owner: &mut PgConnection,
    context: &str,
    password: Option<&str>,
) -> sqlx::Result<()> {
    let mut transaction = owner.begin().await?;
    sqlx::query("select pg_advisory_xact_lock(hashtext('northstar migrate'))")
        .execute(&mut *transaction)
        .await?;
    make_role(&mut transaction, context, password).await?;
    run(&mut transaction, format!("create schema if not exists {context}")).await?;
    run(&mut transaction, format!("set local search_path to {context}")).await?;
    let has = schema_version(&mut transaction, context).await?;
    for (version, step) in (1..).zip(STEPS).skip(has as usize) {
        run(&mut transaction, step.to_owned()).await?;
        run(&mut transaction, format!("comment on schema {context} is '{version}'")).await?;
    }
    run(&mut transaction, grants(context)).await?;
    transaction.commit().await
}

async fn make_role(
    connection: &mut PgConnection,
    context: &str,
    password: Option<&str>,
) -> sqlx::Result<()> {
    let role = role(context);
    // Roles belong to the server: another database's migration may make the same one meanwhile.
    let create = format!(
        "do $$ begin
             create role {role} login nosuperuser nobypassrls;
         exception when duplicate_object or unique_violation then null;
         end $$"
    );
    run(connection, create).await?;
    if let Some(password) = password {
        // ALTER ROLE takes no parameters: let the server quote the password.
        let statement: String =
            sqlx::query_scalar("select format('alter role %I password %L', $1, $2)")
                .bind(&role)
                .bind(password)
                .fetch_one(&mut *connection)
                .await?;
        run(connection, statement).await?;
    }
    Ok(())
}

/// The log may be read and added to, and nothing else; the rest is the service's own to change.
fn grants(context: &str) -> String {
    let role = role(context);
    format!(
        "grant usage on schema {context} to {role};
         grant select, insert on events to {role};
         grant select, insert, update, delete
             on documents, secrets, generations, lanes, replicas, leases to {role};"
    )
}

async fn run(connection: &mut PgConnection, statements: String) -> sqlx::Result<()> {
    sqlx::raw_sql(AssertSqlSafe(statements)).execute(connection).await.map(drop)
}
