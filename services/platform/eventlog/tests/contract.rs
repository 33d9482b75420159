//! What the log promises, on both engines.

mod sqlite {
    use northstar_testkit::contract::stores::OnSqlite;

    async fn store() -> OnSqlite {
        OnSqlite::new()
    }

    northstar_testkit::log_contract!(crate::sqlite::store);
}

mod postgres {
    use northstar_testkit::contract::stores::OnPostgres;

    northstar_testkit::log_contract!(crate::postgres::OnPostgres::new);
}
