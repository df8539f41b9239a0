//! A page asks a fixed number of sentences, whatever the number of rows.

use std::fmt::Write;

use kyodo_testkit::{TestCity, TestHouse, TestPack};

use crate::world::{TODAY, fact, happened, report, reported, rooms};

const MORE: usize = 200;

/// The fixture with many more measures, each with departments, marks and roles.
pub(crate) fn grown() -> TestPack {
    let pack = TestPack::named("mihon").called("oomihon");
    let mut text = pack.text("plan.toml");
    for n in 2..MORE + 2 {
        let _ = write!(
            text,
            "\n[[nodes]]\nkey = \"2-2-1-{n}\"\ncode = \"{n}\"\ntitle = \"しわ{n}\"\ndepartments = [\"orizuru\", \"zenka\"]\n\
             targets = [\"紙を持つ人\"]\nroles = {{ \"市\" = \"lead\" }}\nschedule = [\"芽\", \"→\", \"葉\", \"→\", \"花\", \"→\", \"→\", \"→\", \"→\"]\n"
        );
    }
    pack.file("plan.toml", text)
}

async fn asked(city: &TestCity, address: &str) -> u32 {
    let program = city.visitor("プログラム").as_agent("kyodo-test");
    // The first request also reads what the city is.
    program.gets(address).await.ok();
    let page = program.gets(address).await;
    page.ok();
    page.header("x-kyodo-queries").parse().unwrap_or_else(|_| panic!("{page} does not say how often it asked"))
}

#[tokio::test]
async fn a_page_asks_as_often_for_many_rows_as_for_few() {
    const AT_MOST: [(&str, u32); 13] = [
        ("/", 10),
        ("/plan", 10),
        ("/plan?format=csv", 10),
        ("/plan/schedule", 10),
        ("/plan/schedule?late=1", 10),
        ("/plan/matrix", 10),
        ("/plan/nodes/2-2-1", 16),
        ("/plan/nodes/2-2-1-1", 16),
        ("/plan/nodes/2-1-1-1", 16),
        ("/plan/indicators", 10),
        ("/plan/indicators/wrinkles", 10),
        ("/api/v1/plan/nodes?limit=500", 6),
        ("/api/v1/plan/indicators", 6),
    ];
    let house = TestHouse::new(rooms()).on(TODAY).development().with_city("mihon").with_city(grown()).build().await;
    let (small, large) = (house.city("mihon"), house.city("oomihon"));
    let reports: Vec<_> = (2022..=2026).map(|year| report("2-2-1-1", year, "花")).collect();
    reported(&large, &reports).await;
    happened(&large, &vec![fact("course.held", "2026-05-01"); 50]).await;
    for (address, most) in AT_MOST {
        let (few, many) = (asked(&small, address).await, asked(&large, address).await);
        assert_eq!(few, many, "{address}");
        assert!((1..=most).contains(&few), "{address} asks {few} times");
    }
}
