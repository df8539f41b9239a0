//! What was read or worked out once and is good until something changes.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// So many values are kept of one state: of a few pages for each of the people who work at a time.
const MOST: usize = 1024;

/// Values by their type, and by whom or what they are of where one type has several.
#[derive(Debug, Default)]
pub struct Kept(Mutex<Values>);

type Values = HashMap<(TypeId, Box<str>), Arc<dyn Any + Send + Sync>>;

impl Kept {
    /// The value of this type, if somebody has put one here.
    #[must_use]
    pub fn get<T: Any + Send + Sync>(&self, of: &str) -> Option<Arc<T>> {
        let known = self.values().get(&(TypeId::of::<T>(), of.into())).cloned();
        known.and_then(|known| known.downcast().ok())
    }

    /// Keeps a value. Two who make it at the same time both put it here; that is cheaper than waiting for each other.
    pub fn put<T: Any + Send + Sync>(&self, of: &str, value: &Arc<T>) {
        let mut values = self.values();
        if values.len() >= MOST {
            values.clear();
        }
        values.insert((TypeId::of::<T>(), of.into()), Arc::clone(value) as Arc<dyn Any + Send + Sync>);
    }

    fn values(&self) -> MutexGuard<'_, Values> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_told_apart_by_type_and_by_whose_they_are() {
        let kept = Kept::default();
        kept.put("", &Arc::new(1_i64));
        kept.put("12/ja", &Arc::new(2_i64));
        kept.put("", &Arc::new("three"));
        assert_eq!((kept.get::<i64>(""), kept.get::<i64>("12/ja")), (Some(Arc::new(1)), Some(Arc::new(2))));
        assert_eq!(kept.get::<&str>(""), Some(Arc::new("three")));
        assert_eq!((kept.get::<&str>("12/ja"), kept.get::<u8>("")), (None, None));
    }

    #[test]
    fn however_much_is_asked_for_there_is_room_for_so_much_only() {
        let kept = Kept::default();
        for n in 0..=MOST {
            kept.put(&n.to_string(), &Arc::new(n));
        }
        assert_eq!(kept.get::<usize>(&MOST.to_string()), Some(Arc::new(MOST)));
        assert!(kept.values().len() < MOST);
    }
}
