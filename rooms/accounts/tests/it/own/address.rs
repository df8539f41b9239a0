//! A new address.

use kyodo_kernel::people;
use kyodo_kernel::people::Role;
use kyodo_testkit::{Page, Visitor};

use super::{hana, letters, mihon, noted};
use crate::world::{links_to, opened};

async fn asks(visitor: &Visitor, email: &str) -> Page {
    let page = visitor.gets("/account/address").await;
    visitor.fills(&page, "/account/address", &[("email", email)]).await
}

#[tokio::test]
async fn a_new_address_counts_once_it_was_read_there() {
    let city = mihon().await;
    let hana = hana(&city).await;
    let asked = asks(&hana, "ｈａｎａ２＠mihon.example").await;
    let page = hana.is_led(&asked).await;
    page.says("新しいアドレスを確かめています").says("確認を待っているアドレス").says("hana2@mihon.example");
    let sent = letters(&city, hana.account()).await;
    let to: Vec<&str> = sent.iter().map(|mail| mail.address.as_str()).collect();
    assert_eq!(to, ["hana@mihon.example", "hana2@mihon.example"]);
    assert!(sent[0].text.contains("手続きがはじまりました"), "{}", sent[0].text);
    assert!(!sent[0].text.contains("/address/"), "the old address could confirm the new one");
    hana.gets("/account").await.says("hana@mihon.example").does_not_say("hana2@mihon.example");

    let links = links_to(&city, hana.account()).await;
    let link = links.iter().find(|link| link.starts_with("/address/")).unwrap();
    let page = hana.gets(link).await;
    let moved = hana.fills(&page, link, &[]).await;
    hana.is_led(&moved).await.says("hana2@mihon.example");
    hana.gets("/account/address").await.does_not_say("確認を待っているアドレス");
    assert_eq!(noted(&city, "account.address-asked", hana.account()).await, 1);
}

#[tokio::test]
async fn a_taken_address_looks_the_same_and_gets_no_letter() {
    let city = mihon().await;
    let hana = hana(&city).await;
    let taro = opened(&city, "鈴木太郎", "taro@mihon.example", &[(Role::Resident, None)]).await;
    let free = asks(&hana, "hana2@mihon.example").await;
    let free_page = hana.is_led(&free).await.text().replace("hana2@", "@");
    let taken = asks(&hana, "taro@mihon.example").await;
    assert_eq!(taken.is(303).header("location"), free.header("location"));
    let taken_page = hana.is_led(&taken).await.text().replace("taro@", "@");
    assert_eq!(free_page, taken_page);
    assert!(letters(&city, taro).await.is_empty());
    assert!(letters(&city, hana.account()).await.iter().all(|mail| mail.address != "taro@mihon.example"));
    let account = people::account(city.db(), hana.account()).await.unwrap().unwrap();
    assert_eq!(account.email.as_deref(), Some("hana@mihon.example"));
}

#[tokio::test]
async fn what_is_no_address_or_the_same_is_said_beside_the_field() {
    let city = mihon().await;
    let hana = hana(&city).await;
    for (typed, said) in [
        ("", "メールアドレスの形になっていません"),
        ("hana", "メールアドレスの形になっていません"),
        ("花@example.jp", "メールアドレスの形になっていません"),
        ("Hana@mihon.example", "いまと同じアドレスです"),
    ] {
        let page = asks(&hana, typed).await;
        page.is(422).says(said);
        assert!(typed.is_empty() || page.source().contains(typed), "what was typed is gone");
    }
    assert!(letters(&city, hana.account()).await.is_empty());
}

#[tokio::test]
async fn nobody_can_be_flooded_with_letters() {
    let city = mihon().await;
    let hana = hana(&city).await;
    for at in 0..5 {
        asks(&hana, &format!("somebody{at}@mihon.example")).await.is(303);
    }
    asks(&hana, "somebody5@mihon.example").await.is(429);
}
