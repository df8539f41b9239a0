//! `kyodo plan recount`: counted figures beside the facts themselves.

use kyodo::data::DataFolder;
use kyodo_db::Pools;
use kyodo_kernel::catalogue::kind_named;
use kyodo_kernel::facts::{NewFact, append};
use kyodo_plan::folding;

use crate::world::World;

#[test]
fn a_recount_says_what_differed_and_puts_it_right() {
    let world = World::new();
    let pack = world.pack();
    assert_eq!(world.kyodo(&["city", "add", pack.path()]).code, 0);
    let now = "2026-11-20T01:00:00Z".parse().unwrap();
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let data = DataFolder::new(world.path("data"));
        let db = data.place(&data.registered(&pack.slug).unwrap()).unwrap().open(Pools::default()).unwrap();
        let held = NewFact::new(kind_named("course.held").unwrap(), "2026-05-01".parse().unwrap());
        let mut tx = db.begin().await.unwrap();
        append(&mut tx, &[held.clone(), held], &[folding::on_facts], now).await.unwrap();
        tx.commit().await.unwrap();
        folding::fold(&db, now).await.unwrap();
        let mut tx = db.begin().await.unwrap();
        tx.ask("UPDATE figure_day SET n = 5").run().await.unwrap();
        tx.commit().await.unwrap();
        db.close().await;
    });
    let recount = |more: &[&str]| world.kyodo(&[&["plan", "recount", pack.slug.as_str()], more].concat());
    let told = recount(&["--dry-run"]);
    assert_eq!(told.code, 1);
    assert!(told.err.contains("記録と合いません"), "{}", told.err);
    let told = recount(&[]);
    assert_eq!(told.code, 0, "{}", told.err);
    assert!(told.out.contains("2026年度 course.held: 数が 3 多く数えていました。"), "{}", told.out);
    for again in [recount(&[]), recount(&["--dry-run"])] {
        assert!(again.out.contains("すべて記録のとおりです"), "{}", again.out);
    }
    assert_eq!(world.kyodo(&["plan", "recount", "nowhere"]).code, 1);
}
