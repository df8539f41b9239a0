//! The tables on both databases, against two files that are checked in: a changed table is a changed file.
//! `KYODO_UPDATE=1` writes them anew; a migration that has been released is only ever followed by another.

use std::{env, fs};

use kyodo_testkit::{is_postgres, schema_of};

use super::workspace;

#[tokio::test]
async fn the_tables_are_those_of_the_checked_in_schema() {
    let database = if is_postgres() { "postgres" } else { "sqlite" };
    let file = workspace().join(format!("app/tests/it/house/schema.{database}.txt"));
    let schema = schema_of(&kyodo::rooms()).await;
    if ["KYODO_UPDATE", "INSTA_UPDATE"].iter().any(|name| matches!(env::var(name).as_deref(), Ok("1" | "always"))) {
        fs::write(&file, &schema).expect("the schema can be written");
    }
    let known = fs::read_to_string(&file).unwrap_or_default().replace("\r\n", "\n");
    let (ours, theirs): (Vec<&str>, Vec<&str>) = (schema.lines().collect(), known.lines().collect());
    let gone: Vec<_> = theirs.iter().filter(|line| !ours.contains(line)).map(|line| format!("- {line}")).collect();
    let new: Vec<_> = ours.iter().filter(|line| !theirs.contains(line)).map(|line| format!("+ {line}")).collect();
    let changes = [gone, new].concat().join("\n");
    assert_eq!(schema, known, "{} is not the schema any more (KYODO_UPDATE=1):\n{changes}", file.display());
}
