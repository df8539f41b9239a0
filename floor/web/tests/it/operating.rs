//! For those who run Kyodo.

use kyodo_testkit::TestHouse;

use crate::rooms::{kagami, mihon, rooms};

#[tokio::test]
async fn health_readiness_and_figures_are_on_every_host() {
    let house = TestHouse::new(rooms()).with_city(mihon()).with_city(kagami()).measuring().build().await;
    for host in ["mihon.localhost", "kagami.localhost:8080", "localhost", "10.0.0.1"] {
        let keeper = house.visitor_at(host, "番人");
        keeper.gets("/healthz").await.ok().says("ok");
        keeper.gets("/readyz").await.ok().says("ready");
        keeper.gets("/notes").await;
        let figures = keeper.gets("/metrics").await;
        figures.ok().says("kyodo_requests_total").says("kyodo_request_seconds");
        assert!(figures.header("content-type").starts_with("text/plain; version=0.0.4"));
    }
    let figures = house.visitor_at("localhost", "番人").gets("/metrics").await;
    figures.says("city=\"mihon\"").says("city=\"kagami\"").says("status=\"200\"").says("status=\"404\"");
}

#[tokio::test]
async fn a_process_that_records_nothing_has_no_figures() {
    let house = TestHouse::new(rooms()).with_city(mihon()).build().await;
    house.city("mihon").visitor("番人").gets("/metrics").await.is(404);
}
