//! A memory of fixed size: what it held for its time, and what no longer fits, is forgotten, oldest first.
//!
//! For things that strangers can make us remember. It reads no clock; every question brings the moment.

use std::collections::{HashMap, VecDeque};

use folkmoot_domain::Moment;

/// Values by name, each kept for the same time.
#[derive(Debug)]
pub(crate) struct Memory<V> {
    most: usize,
    keeps: i64,
    kept: HashMap<String, (Moment, V)>,
    /// Names in the order in which they were put; one that was put again stands here twice.
    order: VecDeque<(Moment, String)>,
}

impl<V> Memory<V> {
    /// A memory of at most `most` values, each for `keeps` milliseconds.
    pub(crate) fn new(most: usize, keeps: i64) -> Self {
        Self { most, keeps, kept: HashMap::new(), order: VecDeque::new() }
    }

    /// What is kept under this name, if its time is not over.
    pub(crate) fn get(&self, name: &str, now: Moment) -> Option<&V> {
        self.kept.get(name).filter(|(until, _)| now < *until).map(|(_, value)| value)
    }

    /// How many milliseconds it is kept yet.
    pub(crate) fn left(&self, name: &str, now: Moment) -> Option<i64> {
        self.kept.get(name).map(|(until, _)| until.0.saturating_sub(now.0)).filter(|left| *left > 0)
    }

    /// Keeps a value, in place of the one before.
    pub(crate) fn put(&mut self, name: &str, value: V, now: Moment) {
        let until = now.plus(self.keeps);
        let before = self.kept.insert(name.to_owned(), (until, value));
        if before.is_none_or(|(before, _)| before != until) {
            self.order.push_back((until, name.to_owned()));
        }
        self.forget_oldest(now);
        if self.order.len() > 2 * self.most {
            self.order.retain(|(until, name)| self.kept.get(name).is_some_and(|(kept, _)| kept == until));
        }
    }

    /// Forgets it at once.
    pub(crate) fn forget(&mut self, name: &str) {
        self.kept.remove(name);
    }

    fn forget_oldest(&mut self, now: Moment) {
        while let Some((until, name)) = self.order.front() {
            let current = self.kept.get(name).is_some_and(|(kept_until, _)| kept_until == until);
            if current && now < *until && self.kept.len() <= self.most {
                return;
            }
            if current {
                self.kept.remove(name);
            }
            self.order.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_has_its_time() {
        let mut memory = Memory::new(10, 100);
        memory.put("a", 1, Moment(0));
        assert_eq!(memory.get("a", Moment(99)), Some(&1));
        assert_eq!(memory.left("a", Moment(40)), Some(60));
        assert_eq!(memory.get("a", Moment(100)), None);
        assert_eq!(memory.left("a", Moment(100)), None);
        memory.put("a", 2, Moment(200));
        assert_eq!(memory.get("a", Moment(250)), Some(&2));
        memory.forget("a");
        assert_eq!(memory.get("a", Moment(250)), None);
    }

    #[test]
    fn it_never_grows() {
        let mut memory = Memory::new(3, 1_000);
        for n in 0..10_000 {
            memory.put(&n.to_string(), n, Moment(0));
        }
        assert_eq!((memory.kept.len(), memory.order.len()), (3, 3));
        assert_eq!(memory.get("9999", Moment(0)), Some(&9_999));
        assert_eq!(memory.get("9996", Moment(0)), None);
        for n in 0..900 {
            memory.put("same", n, Moment(n.into()));
            memory.put("same", n, Moment(n.into()));
            assert!(memory.kept.len() <= 3 && memory.order.len() <= 6, "{}", memory.order.len());
        }
    }
}
