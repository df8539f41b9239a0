//! People with passwords, for the stories of this room.

use kyodo_accounts::password::{keep, two_at_a_time};
use kyodo_accounts::store;
use kyodo_kernel::mail;
use kyodo_kernel::people::{self, AccountId, NewAccount, NewDuty, Role};
use kyodo_testkit::{RunningHouse, TestCity, TestHouse};

/// A password that every rule accepts.
pub(crate) const PASSWORD: &str = "かさを持った 3びきの くま";

/// The house with this room alone, and the made-up city.
pub(crate) async fn house() -> RunningHouse {
    TestHouse::new(vec![kyodo_accounts::room()]).with_city("mihon").build().await
}

/// Somebody with an address and a password.
pub(crate) async fn opened(city: &TestCity, name: &str, email: &str, duties: &[(Role, Option<&str>)]) -> AccountId {
    let (now, today) = (city.house().house().clock.now(), city.house().house().clock.today());
    let kept = two_at_a_time(|| keep(PASSWORD, [7; 16])).await;
    let mut tx = city.db().begin().await.unwrap();
    let new = NewAccount { name: name.to_owned(), email: Some(email.to_owned()), ..NewAccount::default() };
    let id = people::open(&mut tx, &new, now).await.unwrap();
    for (role, department) in duties {
        let mut duty = NewDuty::new(*role, today);
        duty.department = department.map(str::to_owned);
        people::give(&mut tx, id, &duty, now).await.unwrap();
    }
    store::put_password(&mut tx, id, kept.as_str(), now).await.unwrap();
    tx.commit().await.unwrap();
    id
}

/// The links in the letters somebody was sent, the latest first.
pub(crate) async fn links_to(city: &TestCity, account: AccountId) -> Vec<String> {
    let mails = mail::mails_of(city.db(), account.0, None, 50).await.unwrap();
    let links = mails.iter().flat_map(|mail| mail.text.lines()).filter(|line| line.trim().starts_with("http"));
    links.map(|line| line.trim().split_once(".localhost").map_or("", |(_, path)| path).to_owned()).collect()
}
