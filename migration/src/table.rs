//! The column types, checks and keys that tables share, for both databases.
//!
//! Every constraint has a name by which an error identifies it: `fk_`, `ck_`, `uq_` or `ix_`, then the table and the columns. Two things
//! differ between the databases: ids are `uuid` on Postgres and text on SQLite, and text in byte order needs a collation on Postgres.

use entity::vocabulary::Vocabulary;
use sea_orm_migration::{prelude::*, sea_orm::DbBackend, sea_query::Check};

/// What happens to a row when the row that it refers to is deleted.
#[derive(Clone, Copy)]
pub enum OnDelete {
    /// It is deleted as well.
    Cascade,
    /// It prevents the deletion.
    Restrict,
}

/// One table under construction, with its indexes.
pub struct NewTable {
    name: &'static str,
    backend: DbBackend,
    create: TableCreateStatement,
    nullable: Vec<String>,
    indexes: Vec<IndexCreateStatement>,
    statements: Vec<String>,
}

impl NewTable {
    /// Begins a table.
    pub fn new(manager: &SchemaManager<'_>, name: &'static str) -> Self {
        let mut create = Table::create();
        create.table(name);
        Self {
            name,
            backend: manager.get_database_backend(),
            create,
            nullable: Vec::new(),
            indexes: Vec::new(),
            statements: Vec::new(),
        }
    }

    fn column(mut self, nullable: bool, column: &mut ColumnDef) -> Self {
        if nullable {
            self.nullable.push(column.get_column_name());
        } else {
            column.not_null();
        }
        self.create.col(column.take());
        self
    }

    fn byte_ordered(&self, column: &mut ColumnDef) {
        if self.backend == DbBackend::Postgres {
            column.extra("COLLATE \"C\"");
        }
    }

    /// An id of its own, the primary key.
    pub fn id(mut self) -> Self {
        self.create.col(ColumnDef::new("id").uuid().not_null().primary_key());
        self
    }

    /// A number that the database gives to each row, the primary key.
    pub fn number(mut self) -> Self {
        self.create.col(ColumnDef::new("number").big_integer().not_null().auto_increment().primary_key());
        self
    }

    /// The id of the record that the row describes, as the primary key.
    pub fn record_id(self) -> Self {
        self.id().foreign_key("id", "record", OnDelete::Cascade).boolean("is_deleted", Some(false))
    }

    /// The columns that places, organizations, people and events share.
    pub fn thing(self) -> Self {
        self.record_id()
            .text("name")
            .text("name_language")
            .sort_key("name_key")
            .optional_text("image")
            .index(["name_key", "id"])
    }

    fn foreign_key(mut self, column: &'static str, target: &'static str, action: OnDelete) -> Self {
        self.create.foreign_key(
            ForeignKey::create()
                .name(format!("fk_{}_{column}", self.name))
                .from(self.name, column)
                .to(target, "id")
                .on_delete(match action {
                    OnDelete::Cascade => ForeignKeyAction::Cascade,
                    OnDelete::Restrict => ForeignKeyAction::Restrict,
                }),
        );
        self
    }

    /// A reference to a row of another table.
    pub fn reference(self, column: &'static str, target: &'static str, action: OnDelete) -> Self {
        self.column(false, ColumnDef::new(column).uuid()).foreign_key(column, target, action)
    }

    /// A reference that may be null.
    pub fn optional_reference(self, column: &'static str, target: &'static str, action: OnDelete) -> Self {
        self.column(true, ColumnDef::new(column).uuid()).foreign_key(column, target, action)
    }

    /// An id that may be null, without a foreign key.
    pub fn optional_id(self, column: &'static str) -> Self {
        self.column(true, ColumnDef::new(column).uuid())
    }

    /// Text.
    pub fn text(self, column: &'static str) -> Self {
        self.column(false, ColumnDef::new(column).text())
    }

    /// Text that may be null.
    pub fn optional_text(self, column: &'static str) -> Self {
        self.column(true, ColumnDef::new(column).text())
    }

    /// Text that is ordered byte by byte on both databases.
    pub fn sort_key(self, column: &'static str) -> Self {
        let mut definition = ColumnDef::new(column);
        definition.text();
        self.byte_ordered(&mut definition);
        self.column(false, &mut definition)
    }

    /// Text that is ordered byte by byte and may be null.
    pub fn optional_sort_key(self, column: &'static str) -> Self {
        let mut definition = ColumnDef::new(column);
        definition.text();
        self.byte_ordered(&mut definition);
        self.column(true, &mut definition)
    }

    /// A value of a vocabulary.
    pub fn vocabulary<V: Vocabulary>(self, column: &'static str) -> Self {
        self.text(column).check_values::<V>(column)
    }

    /// A value of a vocabulary that may be null.
    pub fn optional_vocabulary<V: Vocabulary>(self, column: &'static str) -> Self {
        self.optional_text(column).check_values::<V>(column)
    }

    fn check_values<V: Vocabulary>(self, column: &'static str) -> Self {
        let values = V::VALUES.iter().map(|(value, _)| *value);
        self.check(column, Expr::col(column).is_in(values))
    }

    /// A boolean, with its default if it has one.
    pub fn boolean(self, column: &'static str, default: Option<bool>) -> Self {
        let mut definition = ColumnDef::new(column);
        definition.boolean();
        if let Some(default) = default {
            definition.default(default);
        }
        self.column(false, &mut definition)
    }

    /// A boolean that may be null.
    pub fn optional_boolean(self, column: &'static str) -> Self {
        self.column(true, ColumnDef::new(column).boolean())
    }

    /// A whole number of 32 bits.
    pub fn integer(self, column: &'static str) -> Self {
        self.column(false, ColumnDef::new(column).integer())
    }

    /// A whole number of 32 bits that may be null.
    pub fn optional_integer(self, column: &'static str) -> Self {
        self.column(true, ColumnDef::new(column).integer())
    }

    /// A number of things, 0 in a new row.
    pub fn count(self, column: &'static str) -> Self {
        self.column(false, ColumnDef::new(column).integer().default(0)).check(column, Expr::col(column).gte(0))
    }

    /// A whole number of 64 bits.
    pub fn big_integer(self, column: &'static str) -> Self {
        self.column(false, ColumnDef::new(column).big_integer())
    }

    /// A number that may be null.
    pub fn optional_double(self, column: &'static str) -> Self {
        self.column(true, ColumnDef::new(column).double())
    }

    /// A point in time.
    pub fn time(self, column: &'static str) -> Self {
        self.column(false, ColumnDef::new(column).timestamp_with_time_zone())
    }

    /// A point in time that may be null.
    pub fn optional_time(self, column: &'static str) -> Self {
        self.column(true, ColumnDef::new(column).timestamp_with_time_zone())
    }

    /// A day that may be null.
    pub fn optional_date(self, column: &'static str) -> Self {
        self.column(true, ColumnDef::new(column).date())
    }

    /// The five columns of a fuzzy date.
    pub fn fuzzy_date(mut self, prefix: &'static str) -> Self {
        let name = |part: &str| format!("{prefix}_{part}");
        self.create
            .col(ColumnDef::new(name("edtf")).text())
            .col(ColumnDef::new(name("earliest")).date())
            .col(ColumnDef::new(name("latest")).date())
            .col(ColumnDef::new(name("flags")).small_integer().not_null().default(0))
            .col(ColumnDef::new(name("original")).text());
        let bounds = Expr::col(name("earliest"))
            .is_null()
            .or(Expr::col(name("latest")).is_null())
            .or(Expr::col(name("earliest")).lte(Expr::col(name("latest"))));
        let flags = Expr::col(name("flags")).between(0, 63);
        self.create
            .check(Check::named(format!("ck_{}_{prefix}_bounds", self.name), bounds))
            .check(Check::named(format!("ck_{}_{prefix}_flags", self.name), flags));
        self
    }

    /// The three integers that order events by date.
    pub fn ranks(self) -> Self {
        self.integer("rank_asc").integer("rank_desc").integer("rank_end")
    }

    /// A rule for every row, with a name of its own.
    pub fn check(mut self, name: &str, rule: impl Into<Expr>) -> Self {
        self.create.check(Check::named(format!("ck_{}_{name}", self.name), rule.into()));
        self
    }

    /// A primary key other than `id`. SQLite stores such rows in the key itself, which saves a lookup.
    pub fn primary_key<const N: usize>(mut self, columns: [&'static str; N]) -> Self {
        let mut key = Index::create();
        key.name(format!("pk_{}", self.name));
        for column in columns {
            key.col(column);
        }
        self.create.primary_key(&mut key);
        if self.backend == DbBackend::Sqlite {
            self.create.extra("WITHOUT ROWID");
        }
        self
    }

    /// A unique key. Rows with a null in it are not compared.
    pub fn unique<const N: usize>(mut self, columns: [&'static str; N]) -> Self {
        let mut index = self.new_index("uq", &columns);
        index.unique();
        self.indexes.push(index);
        self
    }

    /// An index.
    pub fn index<const N: usize>(mut self, columns: [&'static str; N]) -> Self {
        let index = self.new_index("ix", &columns);
        self.indexes.push(index);
        self
    }

    /// A unique key of the rows for which a condition holds.
    pub fn unique_where<const N: usize>(
        mut self,
        name: &str,
        columns: [&'static str; N],
        condition: impl Into<Expr>,
    ) -> Self {
        let mut index = self.new_index("uq", &columns);
        index.name(format!("uq_{}_{name}", self.name)).unique().and_where(condition.into());
        self.indexes.push(index);
        self
    }

    /// An index of expressions. The text works for both databases; sea-query cannot write it for SQLite.
    pub fn expression_index(mut self, name: &str, expressions: &str) -> Self {
        self.statements.push(format!("CREATE INDEX ix_{table}_{name} ON {table} ({expressions})", table = self.name));
        self
    }

    fn new_index(&self, prefix: &str, columns: &[&'static str]) -> IndexCreateStatement {
        let mut index = Index::create();
        index.name(format!("{prefix}_{}_{}", self.name, columns.join("_"))).table(self.name);
        for column in columns {
            index.col(*column);
        }
        // No lookup is for a null, so rows with one are left out.
        if let Some(first) = columns.first().filter(|first| self.nullable.iter().any(|nullable| nullable == *first)) {
            index.and_where(Expr::col(*first).is_not_null());
        }
        index
    }

    /// Creates the table and its indexes.
    pub async fn create(self, manager: &SchemaManager<'_>) -> Result<(), DbErr> {
        manager.create_table(self.create).await?;
        for index in self.indexes {
            manager.create_index(index).await?;
        }
        for statement in self.statements {
            manager.get_connection().execute_unprepared(&statement).await?;
        }
        Ok(())
    }
}

/// Drops tables in the order given.
pub async fn drop_tables(manager: &SchemaManager<'_>, tables: &[&'static str]) -> Result<(), DbErr> {
    for table in tables {
        manager.drop_table(Table::drop().table(*table).take()).await?;
    }
    Ok(())
}
