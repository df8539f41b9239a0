//! The corridor's pages ask a fixed number of sentences too, whatever there is to find.

use std::fmt::Write;

use kyodo_testkit::{TestCity, TestHouse, TestPack};

use super::TODAY;

/// The fixture with two hundred more measures, all of them about wrinkles.
fn grown() -> TestPack {
    let pack = TestPack::named("mihon").called("oomihon");
    let mut text = pack.text("plan.toml");
    for n in 2..202 {
        let _ = write!(
            text,
            "\n[[nodes]]\nkey = \"2-2-1-{n}\"\ncode = \"{n}\"\ntitle = \"しわ{n}\"\ntext = \"折り方{n}\"\n"
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
    let house = TestHouse::new(kyodo::rooms()).on(TODAY).development().with_city("mihon").with_city(grown());
    let house = house.build().await;
    let (small, large) = (house.city("mihon"), house.city("oomihon"));
    for address in ["/", "/about", "/search", "/api/docs"] {
        let (few, many) = (asked(&small, address).await, asked(&large, address).await);
        assert_eq!(few, many, "{address}");
        assert!((1..=12).contains(&few), "{address} asks {few} times");
    }
    for address in ["/search?q=しわ", "/search?q=折り方", "/search?q=しわ 折り"] {
        let (few, many) = (asked(&small, address).await, asked(&large, address).await);
        // Titles that fill a page leave no question for the texts.
        assert!(many <= few && few <= 4, "{address} asks {few} and {many} times");
    }
}
