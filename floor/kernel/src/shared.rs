//! A question that many ask at the same time and one answer serves, without anybody hearing old news.

use std::future::Future;
use std::pin::pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex as Lock, PoisonError};

use tokio::sync::{Mutex, Notify};

/// The last answer, with the number of the first asker it is too old for.
#[derive(Debug)]
pub(crate) struct Shared<T> {
    askers: AtomicU64,
    last: Lock<Option<(u64, T)>>,
    looking: Mutex<()>,
    /// Calls everybody at once: one after the other they would all be served by the same thread.
    over: Notify,
}

impl<T> Default for Shared<T> {
    fn default() -> Self {
        Self { askers: AtomicU64::default(), last: Lock::default(), looking: Mutex::default(), over: Notify::default() }
    }
}

/// Tells those who wait that a look is over, however it went.
struct Over<'a>(&'a Notify);

impl Drop for Over<'_> {
    fn drop(&mut self) {
        self.0.notify_waiters();
    }
}

impl<T: Clone> Shared<T> {
    /// An answer that was looked up after this call began. Who comes while somebody else is looking waits for the
    /// next look, which then serves everybody who waits.
    pub(crate) async fn answer<E, F: Future<Output = Result<T, E>>>(&self, look: impl FnOnce() -> F) -> Result<T, E> {
        let me = self.askers.fetch_add(1, Ordering::SeqCst);
        loop {
            let mut over = pin!(self.over.notified());
            // From here on no end of a look is missed.
            over.as_mut().enable();
            if let Some(answer) = self.known(me) {
                return Ok(answer);
            }
            let Ok(looking) = self.looking.try_lock() else {
                over.await;
                continue;
            };
            let (_over, _looking) = (Over(&self.over), looking);
            let until = self.askers.load(Ordering::SeqCst);
            let answer = look().await?;
            *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Some((until, answer.clone()));
            return Ok(answer);
        }
    }

    fn known(&self, me: u64) -> Option<T> {
        let last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        last.as_ref().filter(|(until, _)| me < *until).map(|(_, answer)| answer.clone())
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    #[tokio::test]
    async fn everybody_who_waits_is_served_by_one_look_that_began_after_they_came() {
        let (shared, looks) = (Shared::default(), Cell::new(0));
        let ask = || {
            shared.answer(async || {
                looks.set(looks.get() + 1);
                let seen = looks.get();
                tokio::task::yield_now().await;
                Ok::<i32, ()>(seen)
            })
        };
        let (first, second, third) = tokio::join!(ask(), ask(), ask());
        assert_eq!(first, Ok(1));
        assert_eq!((second, third), (Ok(2), Ok(2)));
        assert_eq!(ask().await, Ok(3));
    }

    #[tokio::test]
    async fn a_look_that_failed_or_was_given_up_holds_nobody_up() {
        let (shared, release) = (Shared::default(), Notify::new());
        let asks = |answer| {
            shared.answer(move || async move {
                tokio::task::yield_now().await;
                answer
            })
        };
        let (first, second) = tokio::join!(asks(Err("away")), asks(Ok(7)));
        assert_eq!((first, second), (Err("away"), Ok(7)));
        let given_up = shared.answer(async || {
            release.notified().await;
            Ok::<_, &str>(0)
        });
        tokio::select! {
            biased;
            _ = given_up => unreachable!("nobody releases it"),
            () = tokio::task::yield_now() => {}
        }
        assert_eq!(asks(Ok(8)).await, Ok(8));
    }

    #[tokio::test]
    async fn a_look_that_failed_serves_nobody_else() {
        let shared = Shared::default();
        assert_eq!(shared.answer(async || Err::<i32, _>("away")).await, Err("away"));
        assert_eq!(shared.answer(async || Ok::<_, &str>(7)).await, Ok(7));
    }
}
