//! A question that many ask at the same time and one answer serves, without anybody hearing old news.

use std::future::Future;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::Mutex;

/// The last answer, with the number of the first asker it is too old for.
#[derive(Debug)]
pub(crate) struct Shared<T> {
    askers: AtomicU64,
    last: Mutex<Option<(u64, T)>>,
}

impl<T> Default for Shared<T> {
    fn default() -> Self {
        Self { askers: AtomicU64::default(), last: Mutex::new(None) }
    }
}

impl<T: Clone> Shared<T> {
    /// An answer that was looked up after this call began. Who comes while somebody else is looking waits for the
    /// next look, which then serves everybody who waits.
    pub(crate) async fn answer<E, F: Future<Output = Result<T, E>>>(&self, look: impl FnOnce() -> F) -> Result<T, E> {
        let me = self.askers.fetch_add(1, Ordering::SeqCst);
        let mut last = self.last.lock().await;
        if let Some((until, answer)) = &*last
            && me < *until
        {
            return Ok(answer.clone());
        }
        let until = self.askers.load(Ordering::SeqCst);
        let answer = look().await?;
        *last = Some((until, answer.clone()));
        Ok(answer)
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
    async fn a_look_that_failed_serves_nobody_else() {
        let shared = Shared::default();
        assert_eq!(shared.answer(async || Err::<i32, _>("away")).await, Err("away"));
        assert_eq!(shared.answer(async || Ok::<_, &str>(7)).await, Ok(7));
    }
}
