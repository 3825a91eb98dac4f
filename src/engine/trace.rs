//! What outputs were made from.

use std::{
    hash::Hash,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use hashbrown::{HashMap, HashTable};
use rayon::prelude::*;
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use super::{
    cache::{Cache, Packed, shard_of, shards_for},
    names::{Names, push},
};
use crate::{error::Result, fingerprint::Fingerprint};

/// A fact that an output can be made from: what kind of thing, and which.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Key<K> {
    /// What kind of thing.
    pub kind: K,
    /// Which: a name that means the same in the next build.
    pub name: Arc<str>,
}

/// Why an output is made again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason<K> {
    /// Nothing is known of it.
    New,
    /// This fact is not what it was.
    Changed(Key<K>),
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
    },
    /// It must be made.
    Make(Reason<K>),
}

/// The traces of a site's outputs, by their paths.
///
/// Every trace that is held is true of the facts as they are noted beside it: one that a changed fact makes untrue is
/// taken out at once. So a trace is the list of its facts' numbers, and each fact has one fingerprint, however many read
/// it. All of it lies in few columns, so that a hundred thousand traces are read in no time.
#[derive(Debug)]
pub struct Traces<K> {
    shards: Vec<Mutex<Shard<K>>>,
    /// What the facts followed from when they were last compared; empty when that is not known.
    basis: Vec<Fingerprint>,
    /// Whether the disk says the same.
    is_basis_saved: bool,
}

/// What one output was made from, and what it was.
#[derive(Clone, Copy, Debug)]
struct Trace {
    /// The path, by its number among the names.
    path: u32,
    /// Its facts' numbers, in the order of reading: so many of the column of reads, from here.
    from: u32,
    count: u32,
    output: Fingerprint,
}

/// The traces of some of the paths, with the facts that they read.
#[derive(Debug)]
struct Shard<K> {
    names: Names,
    /// Each fact's kind.
    kinds: Vec<K>,
    /// The number of each fact's name.
    key_names: Vec<u32>,
    /// Half of the fingerprint of each fact, as it was when last compared; [`Fingerprint::NONE`] of a thing that was not there.
    /// There are many facts, and that one changes to the same half is as likely as 64 coins that fall alike.
    values: Vec<u64>,
    /// Facts' numbers by their keys; made when they are first asked for.
    numbers: Option<HashTable<u32>>,
    reads: Vec<u32>,
    /// By the number of the path.
    traces: HashMap<u32, Trace>,
    /// Outputs whose trace was taken out, by the number of the path, and the first fact that made it untrue.
    untrue: HashMap<u32, u32>,
    /// Whether it differs from what is on the disk.
    is_unsaved: bool,
}

/// A shard on the disk.
#[derive(Serialize, Deserialize)]
#[serde(bound(serialize = "K: Serialize", deserialize = "K: Deserialize<'de>"))]
struct Saved<K> {
    names: Names,
    kinds: Vec<K>,
    key_names: Packed<u32>,
    values: Packed<u64>,
    paths: Packed<u32>,
    counts: Packed<u32>,
    outputs: Packed<Fingerprint>,
    reads: Packed<u32>,
}

impl<K> Default for Saved<K> {
    fn default() -> Self {
        Saved {
            names: Names::default(),
            kinds: Vec::new(),
            key_names: Packed::default(),
            values: Packed::default(),
            paths: Packed::default(),
            counts: Packed::default(),
            outputs: Packed::default(),
            reads: Packed::default(),
        }
    }
}

impl<K> Default for Shard<K> {
    fn default() -> Self {
        Shard {
            names: Names::default(),
            kinds: Vec::new(),
            key_names: Vec::new(),
            values: Vec::new(),
            numbers: None,
            reads: Vec::new(),
            traces: HashMap::new(),
            untrue: HashMap::new(),
            is_unsaved: false,
        }
    }
}

impl<K: Copy> Saved<K> {
    /// Whether every number leads to something: a cache may hold anything.
    fn is_sound(&self) -> bool {
        let names = self.names.len();
        let keys = self.kinds.len();
        let reads: u64 = self.counts.0.iter().map(|count| u64::from(*count)).sum();
        self.names.is_sound()
            && self.key_names.0.len() == keys
            && self.values.0.len() == keys
            && self.counts.0.len() == self.paths.0.len()
            && self.outputs.0.len() == self.paths.0.len()
            && reads == self.reads.0.len() as u64
            && self.key_names.0.iter().chain(&self.paths.0).all(|name| (*name as usize) < names)
            && self.reads.0.iter().all(|number| (*number as usize) < keys)
    }

    fn into_shard(self) -> Shard<K> {
        if !self.is_sound() {
            return Shard::default();
        }
        let mut from = 0;
        let traces = self.paths.0.iter().zip(&self.counts.0).zip(&self.outputs.0).map(|((path, count), output)| {
            let trace = Trace { path: *path, from, count: *count, output: *output };
            from += count;
            (*path, trace)
        });
        Shard {
            traces: traces.collect(),
            names: self.names,
            kinds: self.kinds,
            key_names: self.key_names.0,
            values: self.values.0,
            reads: self.reads.0,
            ..Shard::default()
        }
    }
}

/// What the files of traces are called.
const NAME: &str = "traces";
/// What the file of their basis is called.
const BASIS: &str = "basis";

impl<K: Copy + Eq + Hash + Sync + Send + Serialize + DeserializeOwned> Traces<K> {
    /// No traces yet, for about so many outputs.
    pub fn new(outputs: usize) -> Self {
        let count = shards_for(outputs, 0);
        let shards = (0..count).map(|_| Mutex::new(Shard::with_room(outputs / count)));
        Traces { shards: shards.collect(), basis: Vec::new(), is_basis_saved: false }
    }

    /// Those in a cache; `None` where it has none.
    pub fn load(cache: &Cache) -> Option<Self> {
        let saved: Vec<Saved<K>> = cache.load(NAME)?;
        let basis = cache.load(BASIS).and_then(|basis| basis.into_iter().next()).unwrap_or_default();
        let shards = saved.into_par_iter().map(|saved| Mutex::new(saved.into_shard())).collect();
        Some(Traces { shards, basis, is_basis_saved: true })
    }

    /// Writes what is new to a cache.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn save(&mut self, cache: &Cache) -> Result<()> {
        let unsaved: Vec<usize> =
            self.shards_mut().enumerate().filter(|(_, shard)| shard.is_unsaved).map(|(at, _)| at).collect();
        if unsaved.is_empty() && self.is_basis_saved {
            return Ok(());
        }
        let save_basis = |basis: &[Fingerprint]| cache.save(BASIS, 1, [(0, basis)].into_par_iter());
        // While some shards are older than others, they are not all true of one basis.
        save_basis(&[])?;
        let shards = unsaved.into_par_iter().map(|at| (at, self.lock(at).to_save()));
        cache.save(NAME, self.shards.len(), shards)?;
        save_basis(&self.basis)?;
        self.is_basis_saved = true;
        self.shards_mut().for_each(|shard| shard.is_unsaved = false);
        Ok(())
    }

    /// What the facts followed from when they were last compared; empty when that is not known.
    pub fn basis(&self) -> &[Fingerprint] {
        &self.basis
    }

    /// Asks what those facts are now whose kind may have changed and whose name is suspect, and takes out the traces that are
    /// no longer true. From here on, all facts follow from `basis`.
    pub fn compare(
        &mut self,
        basis: Vec<Fingerprint>,
        may_have_changed: impl Fn(K) -> bool + Sync,
        is_suspect: impl Fn(K, &str) -> bool + Sync,
        now: impl Fn(K, &str) -> Option<Fingerprint> + Sync,
    ) {
        self.is_basis_saved &= self.basis == basis;
        self.basis = basis;
        self.shards.par_iter_mut().for_each(|shard| {
            let shard = shard.get_mut().unwrap_or_else(PoisonError::into_inner);
            let mut is_changed = Vec::new();
            let Shard { names, kinds, key_names, values, .. } = &mut *shard;
            for (number, kind) in kinds.iter().enumerate() {
                // Of a million facts, the names are not even looked at.
                if !may_have_changed(*kind) {
                    continue;
                }
                let name = names.get(key_names[number]);
                if !is_suspect(*kind, name) {
                    continue;
                }
                let now = now(*kind, name).unwrap_or(Fingerprint::NONE).half();
                if values[number] != now {
                    values[number] = now;
                    is_changed.resize(kinds.len(), false);
                    is_changed[number] = true;
                }
            }
            if !is_changed.is_empty() {
                shard.take_out(&is_changed);
            }
        });
    }

    /// Whether an output is as it was.
    pub fn verify(&self, path: &str) -> Verdict<K> {
        let mut shard = self.shard(path);
        let Some(path) = shard.names.find(path) else { return Verdict::Make(Reason::New) };
        if let Some(trace) = shard.traces.get(&path) {
            return Verdict::Same { output: trace.output };
        }
        Verdict::Make(match shard.untrue.get(&path) {
            Some(number) => {
                let (kind, name) = shard.key(*number);
                Reason::Changed(Key { kind, name: name.into() })
            }
            None => Reason::New,
        })
    }

    /// The outputs whose trace was taken out since the last build ended, in no order.
    pub fn untrue(&self) -> Vec<String> {
        let of = |at: usize| -> Vec<String> {
            let shard = self.lock(at);
            shard.untrue.keys().map(|path| shard.names.get(*path).to_owned()).collect()
        };
        (0..self.shards.len()).flat_map(of).collect()
    }

    /// Notes what an output was made from. `now` says what a fact is that was not known before.
    pub fn note(
        &self,
        path: &str,
        reads: &[Key<K>],
        output: Fingerprint,
        now: impl Fn(K, &str) -> Option<Fingerprint>,
    ) {
        let mut shard = self.shard(path);
        let from = shard.reads.len();
        for Key { kind, name } in reads {
            let number = shard.number(*kind, name, || now(*kind, name).unwrap_or(Fingerprint::NONE).half());
            push(&mut shard.reads, number);
        }
        shard.insert(path, from, output);
    }

    /// Forgets an output: a page that said something wrong is made each time, so that it is said each time.
    pub fn forget(&self, path: &str) {
        let mut shard = self.shard(path);
        let Some(path) = shard.names.find(path) else { return };
        if shard.traces.remove(&path).is_some() {
            shard.is_unsaved = true;
        }
    }

    /// Ends a build of the same outputs as the one before.
    pub fn finish_same(&mut self) {
        self.shards_mut().for_each(Shard::end);
    }

    /// Ends a build: forgets the outputs that `keep` does not have, and spreads the rest over as many shards as they want.
    pub fn finish(&mut self, outputs: usize, keep: impl Fn(&str) -> bool + Sync) {
        self.shards.par_iter_mut().for_each(|shard| {
            let shard = shard.get_mut().unwrap_or_else(PoisonError::into_inner);
            let before = shard.traces.len();
            let Shard { names, traces, .. } = &mut *shard;
            traces.retain(|path, _| keep(names.get(*path)));
            shard.is_unsaved |= shard.traces.len() != before;
            shard.end();
        });
        let wanted = shards_for(outputs, self.shards.len());
        if wanted != self.shards.len() {
            let other = Traces {
                shards: (0..wanted).map(|_| Mutex::default()).collect(),
                basis: self.basis.clone(),
                is_basis_saved: false,
            };
            self.shards_mut().for_each(|shard| shard.copy(|path| other.shard(path)));
            *self = other;
        }
    }

    fn shard(&self, path: &str) -> MutexGuard<'_, Shard<K>> {
        self.lock(shard_of(path, self.shards.len()))
    }

    fn lock(&self, at: usize) -> MutexGuard<'_, Shard<K>> {
        // What a panic may have left behind is whole: every change of a shard is.
        self.shards[at].lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn shards_mut(&mut self) -> impl Iterator<Item = &mut Shard<K>> {
        self.shards.iter_mut().map(|shard| shard.get_mut().unwrap_or_else(PoisonError::into_inner))
    }
}

impl<K: Copy + Eq + Hash> Shard<K> {
    /// An empty shard with room for the names and facts that so many outputs are likely to read: tables that grow take each
    /// name into their hands again, and columns that grow leave what they had behind. Room that is not needed is no memory.
    fn with_room(outputs: usize) -> Self {
        let facts = 8 * outputs;
        Shard {
            names: Names::with_room(5 * outputs, 300 * outputs),
            kinds: Vec::with_capacity(facts),
            key_names: Vec::with_capacity(facts),
            values: Vec::with_capacity(facts),
            numbers: Some(HashTable::with_capacity(facts)),
            reads: Vec::with_capacity(2 * facts),
            traces: HashMap::with_capacity(outputs + outputs / 16),
            ..Shard::default()
        }
    }

    /// The number of a fact; one that has none yet gets one, and what `value` says.
    fn number(&mut self, kind: K, name: &str, value: impl FnOnce() -> u64) -> u32 {
        let Shard { names, kinds, key_names, numbers, .. } = self;
        let name = names.number(name);
        let hash = |name: u32| u64::from(name).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let numbers = numbers.get_or_insert_with(|| {
            let mut table = HashTable::with_capacity(key_names.len());
            for (number, name) in (0..).zip(&*key_names) {
                table.insert_unique(hash(*name), number, |number| hash(key_names[*number as usize]));
            }
            table
        });
        let is_it = |number: &u32| key_names[*number as usize] == name && kinds[*number as usize] == kind;
        if let Some(number) = numbers.find(hash(name), is_it) {
            return *number;
        }
        // More facts than numbers would not fit in memory.
        let number = u32::try_from(kinds.len()).unwrap_or(u32::MAX);
        push(kinds, kind);
        push(key_names, name);
        numbers.insert_unique(hash(name), number, |number| hash(key_names[*number as usize]));
        push(&mut self.values, value());
        number
    }

    /// A fact's kind and name.
    fn key(&self, number: u32) -> (K, &str) {
        (self.kinds[number as usize], self.names.get(self.key_names[number as usize]))
    }

    /// Adds a trace, whose reads are the last of their column.
    fn insert(&mut self, path: &str, from: usize, output: Fingerprint) {
        let path = self.names.number(path);
        let number = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        let trace = Trace { path, from: number(from), count: number(self.reads.len() - from), output };
        self.traces.insert(path, trace);
        self.untrue.remove(&path);
        self.is_unsaved = true;
    }

    fn reads_of(&self, trace: &Trace) -> &[u32] {
        &self.reads[trace.from as usize..][..trace.count as usize]
    }

    /// Takes out the traces that read a changed fact.
    fn take_out(&mut self, is_changed: &[bool]) {
        let Shard { reads, traces, untrue, .. } = self;
        let first = |trace: &Trace| {
            let reads = &reads[trace.from as usize..][..trace.count as usize];
            reads.iter().copied().find(|number| is_changed[*number as usize])
        };
        untrue.extend(
            traces
                .extract_if(|_, trace| first(trace).is_some())
                .map(|(path, trace)| (path, first(&trace).unwrap_or_default())),
        );
        self.is_unsaved = true;
    }

    /// A build has ended: what was taken out in it was made again, or is no more.
    fn end(&mut self) {
        self.untrue.clear();
        if self.is_unsaved {
            self.compact();
        }
    }

    /// Drops what no trace has any more, once it is the greater part.
    fn compact(&mut self) {
        let used: usize = self.traces.values().map(|trace| trace.count as usize).sum();
        if self.reads.len() <= 2 * used + 1000 {
            return;
        }
        let compact = Mutex::new(Shard::default());
        self.copy(|_| compact.lock().unwrap_or_else(PoisonError::into_inner));
        *self = compact.into_inner().unwrap_or_else(PoisonError::into_inner);
    }

    /// Copies every trace to the shard that is to have it.
    fn copy<'a>(&self, to: impl Fn(&str) -> MutexGuard<'a, Shard<K>>)
    where
        K: 'a,
    {
        for trace in self.sorted() {
            let path = self.names.get(trace.path);
            let mut to = to(path);
            let from = to.reads.len();
            for number in self.reads_of(trace) {
                let ((kind, name), value) = (self.key(*number), self.values[*number as usize]);
                let number = to.number(kind, name, || value);
                push(&mut to.reads, number);
            }
            to.insert(path, from, trace.output);
        }
    }

    fn sorted(&self) -> Vec<&Trace> {
        let mut traces: Vec<&Trace> = self.traces.values().collect();
        traces.sort_unstable_by_key(|trace| trace.from);
        traces
    }

    fn to_save(&self) -> Saved<K> {
        let traces = self.sorted();
        Saved {
            names: self.names.clone(),
            kinds: self.kinds.clone(),
            key_names: Packed(self.key_names.clone()),
            values: Packed(self.values.clone()),
            paths: Packed(traces.iter().map(|trace| trace.path).collect()),
            counts: Packed(traces.iter().map(|trace| trace.count).collect()),
            outputs: Packed(traces.iter().map(|trace| trace.output).collect()),
            reads: Packed(traces.iter().flat_map(|trace| self.reads_of(trace)).copied().collect()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Fingerprint {
        Fingerprint::of(text.as_bytes())
    }

    fn key(name: &str) -> Key<u8> {
        Key { kind: 1, name: name.into() }
    }

    fn keys(names: &[&str]) -> Vec<Key<u8>> {
        names.iter().map(|name| key(name)).collect()
    }

    fn now(_: u8, name: &str) -> Option<Fingerprint> {
        Some(of(name))
    }

    fn traced(reads: &[&str]) -> Traces<u8> {
        let traces = Traces::new(10);
        traces.note("page", &keys(reads), of("page"), now);
        traces
    }

    #[test]
    fn an_output_is_kept_while_all_it_read_is_as_it_was() {
        let mut traces = traced(&["a", "b"]);
        traces.compare(vec![of("1")], |_| true, |_, _| true, now);
        assert_eq!(traces.verify("page"), Verdict::Same { output: of("page") });
        assert_eq!(traces.verify("other"), Verdict::Make(Reason::New));
        assert_eq!(traces.basis(), [of("1")]);
    }

    #[test]
    fn the_first_fact_that_differs_is_the_reason() {
        let mut traces = traced(&["a", "b", "c"]);
        traces.compare(vec![of("1")], |_| true, |_, _| true, |_, name| (name == "a").then(|| of(name)));
        assert_eq!(traces.verify("page"), Verdict::Make(Reason::Changed(key("b"))));
        // A trace that was untrue once does not come back when the fact does: its output may have been made anew.
        traces.compare(vec![of("1")], |_| true, |_, _| true, now);
        assert_eq!(traces.verify("page"), Verdict::Make(Reason::Changed(key("b"))));
    }

    #[test]
    fn only_those_are_asked_who_are_suspect() {
        let mut traces = traced(&["a", "b"]);
        let is_suspect = |_: u8, name: &str| name == "b";
        traces.compare(
            vec![of("1")],
            |_| true,
            is_suspect,
            |kind, name| {
                assert_eq!(name, "b");
                now(kind, name)
            },
        );
        assert!(matches!(traces.verify("page"), Verdict::Same { .. }));
        traces.compare(vec![of("1")], |_| true, is_suspect, |_, _| None);
        assert_eq!(traces.verify("page"), Verdict::Make(Reason::Changed(key("b"))));
    }

    #[test]
    fn what_is_gone_from_the_plan_is_forgotten_with_its_facts() {
        let mut traces = traced(&["a"]);
        for round in 0..3000 {
            traces.note("page", &keys(&[&format!("key {round}")]), of("page"), now);
            traces.note("gone", &keys(&[&format!("gone {round}")]), of("gone"), now);
            traces.finish(1, |path| path == "page");
        }
        let shard = traces.shard("page");
        assert!(shard.kinds.len() < 3100, "{}", shard.kinds.len());
        drop(shard);
        traces.compare(vec![of("1")], |_| true, |_, _| true, now);
        assert!(matches!(traces.verify("page"), Verdict::Same { .. }));
    }

    #[test]
    fn a_growing_site_is_spread_and_nothing_is_lost_on_the_disk() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::new(folder.path().to_owned());
        let mut traces: Traces<u8> = Traces::new(1);
        traces.compare(vec![of("1")], |_| true, |_, _| true, now);
        for at in 0..20_000 {
            traces.note(&format!("page-{at}"), &keys(&["shared", &format!("own {at}")]), of("page"), now);
        }
        traces.finish(20_000, |_| true);
        assert!(traces.shards.len() > 1);
        traces.save(&cache).unwrap();
        let mut traces: Traces<u8> = Traces::load(&cache).unwrap();
        assert_eq!(traces.basis(), [of("1")]);
        traces.compare(vec![of("2")], |_| true, |_, _| true, |_, name| (name != "own 7").then(|| of(name)));
        let made = (0..20_000).filter(|at| matches!(traces.verify(&format!("page-{at}")), Verdict::Make(_)));
        assert_eq!(made.collect::<Vec<_>>(), [7]);
    }
}
