//! What outputs were made from.

use std::{
    collections::{BTreeMap, HashMap},
    hash::Hash,
};

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::fingerprint::Fingerprint;

/// What one output was made from, and what it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trace {
    /// Facts by their numbers, in the order of reading, each as it was then; `None` for a thing that was not there.
    reads: Vec<(u32, Option<Fingerprint>)>,
    /// The bytes that were made.
    pub output: Fingerprint,
    /// How many they were.
    pub size: u64,
}

/// Why an output is made again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason<K> {
    /// Nothing is known of it.
    New,
    /// This fact is not what it was.
    Changed(K),
    /// It is not where it was written.
    Gone,
}

/// What comparing said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict<K> {
    /// Every fact is as it was.
    Same {
        /// The bytes that were made.
        output: Fingerprint,
        /// How many they were.
        size: u64,
    },
    /// It must be made.
    Make(Reason<K>),
}

/// The traces of a site's outputs, by their paths.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(bound(serialize = "K: Serialize", deserialize = "K: Deserialize<'de>"))]
pub struct Traces<K> {
    keys: Vec<K>,
    #[serde(skip, default = "HashMap::new")]
    numbers: HashMap<K, u32>,
    traces: BTreeMap<String, Trace>,
}

impl<K> Default for Traces<K> {
    fn default() -> Self {
        Traces { keys: Vec::new(), numbers: HashMap::new(), traces: BTreeMap::new() }
    }
}

/// Facts as they are now, by their numbers.
pub struct Now(Vec<Option<Fingerprint>>);

impl<K: Clone + Eq + Hash + Sync + Send> Traces<K> {
    /// Asks what every known fact is now.
    pub fn now(&self, fingerprint: impl Fn(&K) -> Option<Fingerprint> + Sync + Send) -> Now {
        Now(self.keys.par_iter().map(fingerprint).collect())
    }

    /// Whether an output is as it was.
    pub fn verify(&self, path: &str, now: &Now) -> Verdict<K> {
        let Some(trace) = self.traces.get(path) else { return Verdict::Make(Reason::New) };
        for (number, then) in &trace.reads {
            let number = *number as usize;
            match (now.0.get(number), self.keys.get(number)) {
                (Some(now), _) if now == then => {}
                (_, Some(key)) => return Verdict::Make(Reason::Changed(key.clone())),
                // A number without a key: the cache was damaged.
                (_, None) => return Verdict::Make(Reason::New),
            }
        }
        Verdict::Same { output: trace.output, size: trace.size }
    }

    /// Notes what outputs were made from, and forgets those that `keep` does not have.
    pub fn update(
        &mut self,
        now: Now,
        made: impl Iterator<Item = (String, Vec<K>, Fingerprint, u64)>,
        keep: impl Fn(&str) -> bool,
        fingerprint: impl Fn(&K) -> Option<Fingerprint>,
    ) {
        let Now(mut current) = now;
        if self.numbers.len() != self.keys.len() {
            self.numbers = (0..).zip(&self.keys).map(|(number, key)| (key.clone(), number)).collect();
        }
        self.traces.retain(|path, _| keep(path));
        for (path, reads, output, size) in made {
            let reads = reads
                .into_iter()
                .map(|key| {
                    let number = match self.numbers.get(&key) {
                        Some(number) => *number,
                        None => {
                            let number = u32::try_from(self.keys.len()).unwrap_or(u32::MAX);
                            current.push(fingerprint(&key));
                            self.keys.push(key.clone());
                            self.numbers.insert(key, number);
                            number
                        }
                    };
                    (number, current.get(number as usize).copied().flatten())
                })
                .collect();
            self.traces.insert(path, Trace { reads, output, size });
        }
        self.compact();
    }

    /// Forgets an output: a page that said something wrong is made each time, so that it is said each time.
    pub fn forget(&mut self, path: &str) {
        self.traces.remove(path);
    }

    /// Drops facts that no trace has any more, once they are the greater part.
    fn compact(&mut self) {
        let mut used = vec![false; self.keys.len()];
        for (number, _) in self.traces.values().flat_map(|trace| &trace.reads) {
            if let Some(used) = used.get_mut(*number as usize) {
                *used = true;
            }
        }
        let count = used.iter().filter(|used| **used).count();
        if self.keys.len() <= 2 * count + 1000 {
            return;
        }
        let mut renumbered = vec![0; self.keys.len()];
        let mut keys = Vec::with_capacity(count);
        for (number, key) in self.keys.drain(..).enumerate() {
            if used[number] {
                renumbered[number] = u32::try_from(keys.len()).unwrap_or(u32::MAX);
                keys.push(key);
            }
        }
        self.keys = keys;
        self.numbers.clear();
        for trace in self.traces.values_mut() {
            for (number, _) in &mut trace.reads {
                *number = renumbered.get(*number as usize).copied().unwrap_or(u32::MAX);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Fingerprint {
        Fingerprint::of(text.as_bytes())
    }

    fn traced(reads: &[&'static str]) -> Traces<&'static str> {
        let mut traces = Traces::default();
        let now = traces.now(|_| None);
        let made = [("page".to_owned(), reads.to_vec(), of("page"), 4)];
        traces.update(now, made.into_iter(), |_| true, |key| Some(of(key)));
        traces
    }

    #[test]
    fn an_output_is_kept_while_all_it_read_is_as_it_was() {
        let traces = traced(&["a", "b"]);
        let now = traces.now(|key| Some(of(key)));
        assert_eq!(traces.verify("page", &now), Verdict::Same { output: of("page"), size: 4 });
        assert_eq!(traces.verify("other", &now), Verdict::Make(Reason::New));
    }

    #[test]
    fn the_first_fact_that_differs_is_the_reason() {
        let traces = traced(&["a", "b", "c"]);
        let now = traces.now(|key| (*key == "a").then(|| of(key)));
        assert_eq!(traces.verify("page", &now), Verdict::Make(Reason::Changed("b")));
    }

    #[test]
    fn what_is_gone_from_the_plan_is_forgotten_with_its_facts() {
        let mut traces = traced(&["a"]);
        for round in 0..3000 {
            let now = traces.now(|key| Some(of(key)));
            let key: &'static str = Box::leak(format!("key {round}").into_boxed_str());
            let made = [("page".to_owned(), vec![key], of("page"), 4)];
            traces.update(now, made.into_iter(), |path| path == "page", |key| Some(of(key)));
        }
        assert!(traces.keys.len() < 1100, "{}", traces.keys.len());
        let now = traces.now(|key| Some(of(key)));
        assert!(matches!(traces.verify("page", &now), Verdict::Same { .. }));
    }
}
