//! What changed at the source of an article since it was imported, and how that is taken over: three ways, as Git merges.
//!
//! `[import] base` holds a fingerprint of each field and each paragraph as they were first written. With it, three states can be
//! told apart: what the source said then, what it says now, and what the curator made of it. Where only the source
//! changed, its words can be taken; where the curator changed anything, theirs stay.

use std::{collections::BTreeMap, ops::Range};

use similar::{Algorithm, DiffOp, DiffTag, capture_diff_slices};
use toml_edit::{DocumentMut, Item, Table, TableLike, Value, value};

use super::{address, text::sha256};

/// Keys that say nothing of what the source wrote, or are the curator's.
const NOT_COMPARED: &[&str] = &["id", "slug", "topics", "retrieved", "import", "extra", "draft", "aliases"];

/// One thing that the source changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The key in front matter; `body` for a stretch of the text.
    pub key: String,
    /// How it stands in the article.
    pub old: String,
    /// How the source has it now.
    pub new: String,
}

/// An article and its source as it is now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    /// What the source changed, where the article is as it was imported.
    pub changes: Vec<Change>,
    /// What the source changed, where the curator did so too.
    pub kept: Vec<Change>,
    /// Whether the article tells how it was imported. Without that, everything in it may be the curator's, and is kept.
    pub has_base: bool,
    /// The article with [`changes`](Self::changes) taken over.
    pub text: String,
}

impl Comparison {
    /// Whether the source says what it said.
    #[must_use]
    pub fn is_same(&self) -> bool {
        self.changes.is_empty() && self.kept.is_empty()
    }
}

/// The fingerprints that go into `[import] base`: of each key of a front matter, and of each block of a body.
#[must_use]
pub fn base(front_matter: &Table, body: &str) -> String {
    let mut out = String::new();
    for (key, item) in front_matter.iter().filter(|(key, _)| !NOT_COMPARED.contains(key)) {
        out.push_str(&format!("{key}:{} ", short(&plain(item))));
    }
    out.push_str("body:");
    out.push_str(&blocks(body).iter().map(|block| print(block)).collect::<Vec<_>>().join(","));
    out
}

/// Compares an article, `file`, with the file that its source would make today.
///
/// # Errors
/// When the article has no TOML front matter that can be read, with a clause that goes after its path.
pub fn compare(file: &str, fresh: &str) -> Result<Comparison, String> {
    let (ours, our_body) = parse(file)?;
    let (theirs, their_body) = parse(fresh)?;
    let of_import = |doc: &DocumentMut, key: &str| doc.get("import")?.get(key).cloned();
    let base = of_import(&ours, "base").and_then(|item| item.as_str().map(parse_base));
    let has_base = base.is_some();
    let base = base.unwrap_or_default();
    let mut out = Comparison { changes: Vec::new(), kept: Vec::new(), has_base, text: String::new() };
    let mut result = ours.clone();
    for (key, fresh) in theirs.iter().filter(|(key, _)| !NOT_COMPARED.contains(key)) {
        let now = plain(fresh);
        let mine = ours.get(key).map(plain);
        let was = base.fields.get(key);
        let is_one_page = key.ends_with("url")
            && mine.as_deref().and_then(address::key).is_some_and(|mine| address::key(&now) == Some(mine));
        if mine.as_deref() == Some(&now) || was.is_some_and(|was| *was == short(&now)) || is_one_page {
            continue;
        }
        let change = Change { key: key.to_owned(), old: mine.clone().unwrap_or_default(), new: now };
        // A key that was never there and is not there now is untouched too; one that was removed is the curator's doing.
        let is_untouched = has_base && mine.as_deref().map(short).as_ref() == was;
        if is_untouched {
            put(&mut result, key, fresh);
            out.changes.push(change);
        } else {
            out.kept.push(change);
        }
    }
    let our_blocks = blocks(our_body);
    let merged = merge(&base.blocks, &our_blocks, &blocks(their_body), has_base, &mut out);
    // What is not changed keeps its form to the byte.
    let body = if merged == our_blocks { our_body.to_owned() } else { format!("\n{}\n", merged.join("\n\n")) };
    for key in ["sha256", "base"] {
        if let (Some(item), Some(import)) =
            (of_import(&theirs, key), result.get_mut("import").and_then(Item::as_table_like_mut))
        {
            import.insert(key, item);
        }
    }
    // What was to be checked of a key that is taken over is what its new source leaves in doubt.
    let checked = |doc: &DocumentMut| -> Vec<String> {
        let list = of_import(doc, "check").and_then(|item| item.as_array().cloned()).unwrap_or_default();
        list.iter().filter_map(|key| key.as_str().map(str::to_owned)).collect()
    };
    let is_taken = |key: &String| out.changes.iter().any(|change| change.key == *key);
    let mut check = checked(&ours);
    check.retain(|key| !is_taken(key));
    check.extend(checked(&theirs).into_iter().filter(is_taken));
    if let Some(import) = result.get_mut("import").and_then(Item::as_table_like_mut).filter(|_| check != checked(&ours))
    {
        if check.is_empty() {
            import.remove("check");
        } else {
            import.insert("check", value(check.iter().collect::<toml_edit::Array>()));
        }
    }
    out.text = format!("+++\n{result}+++\n{body}");
    Ok(out)
}

/// Sets a key before the first table, where TOML wants it.
fn put(doc: &mut DocumentMut, key: &str, item: &Item) {
    match doc.get_mut(key) {
        Some(Item::Value(known)) if item.is_value() => {
            if let Some(new) = item.as_value() {
                let decor = known.decor().clone();
                *known = new.clone();
                *known.decor_mut() = decor;
            }
        }
        _ => {
            let mut item = item.clone();
            if let Item::Value(new) = &item {
                item = value(undecorated(new));
            }
            doc.insert(key, item);
        }
    }
}

fn undecorated(value: &Value) -> Value {
    let mut value = value.clone();
    value.decor_mut().clear();
    value
}

#[derive(Default)]
struct Base {
    fields: BTreeMap<String, String>,
    blocks: Vec<String>,
}

fn parse_base(text: &str) -> Base {
    let mut base = Base::default();
    for (key, print) in text.split_whitespace().filter_map(|part| part.split_once(':')) {
        if key == "body" {
            base.blocks = print.split(',').filter(|print| !print.is_empty()).map(str::to_owned).collect();
        } else {
            base.fields.insert(key.to_owned(), print.to_owned());
        }
    }
    base
}

fn parse(file: &str) -> Result<(DocumentMut, &str), String> {
    const NO_TOML: &str = "has no TOML front matter that can be read";
    let file = file.trim_start_matches('\u{feff}');
    let rest = file.strip_prefix("+++").and_then(|rest| rest.split_once('\n')).map(|(_, rest)| rest).ok_or(NO_TOML)?;
    let mut at = 0;
    for line in rest.split_inclusive('\n') {
        if line.trim_end() == "+++" {
            let doc = rest[..at].parse().map_err(|_| NO_TOML)?;
            return Ok((doc, &rest[at + line.len()..]));
        }
        at += line.len();
    }
    Err(NO_TOML.to_owned())
}

/// A value as text, whatever its form in the file.
fn plain(item: &Item) -> String {
    match item {
        Item::None => String::new(),
        Item::Value(value) => plain_value(value),
        Item::Table(table) => plain_table(table),
        Item::ArrayOfTables(tables) => tables.iter().map(|table| plain_table(table)).collect::<Vec<_>>().join("\n"),
    }
}

fn plain_value(value: &Value) -> String {
    match value {
        Value::String(text) => text.value().clone(),
        Value::Array(values) => values.iter().map(plain_value).collect::<Vec<_>>().join(", "),
        Value::InlineTable(table) => plain_table(table),
        other => undecorated(other).to_string(),
    }
}

fn plain_table(table: &dyn TableLike) -> String {
    let mut rows: Vec<String> = table.iter().map(|(key, item)| format!("{key}: {}", plain(item))).collect();
    rows.sort();
    rows.join("; ")
}

fn short(text: &str) -> String {
    sha256(text.as_bytes())[..8].to_owned()
}

/// The fingerprint of a block: spacing aside.
fn print(block: &str) -> String {
    short(&block.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// The parts of a text between empty lines.
fn blocks(body: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut open = String::new();
    for line in body.lines().map(str::trim_end).chain([""]) {
        if line.is_empty() {
            if !open.is_empty() {
                out.push(std::mem::take(&mut open));
            }
            continue;
        }
        if !open.is_empty() {
            open.push('\n');
        }
        open.push_str(line);
    }
    out
}

/// Merges three states of a text, block by block.
fn merge(base: &[String], ours: &[String], theirs: &[String], has_base: bool, out: &mut Comparison) -> Vec<String> {
    if theirs.is_empty() {
        return ours.to_vec();
    }
    let prints = |blocks: &[String]| blocks.iter().map(|block| print(block)).collect::<Vec<_>>();
    let (our_prints, their_prints) = (prints(ours), prints(theirs));
    // What is not known to have been there may be the curator's: then every difference is kept, and shown.
    let base = if has_base { base } else { &their_prints };
    let (in_ours, in_theirs) = (matching(base, &our_prints), matching(base, &their_prints));
    let stable = (0..base.len()).filter_map(|at| Some((at, in_ours[at]?, in_theirs[at]?)));
    let mut body = Vec::new();
    let (mut b, mut o, mut t) = (0, 0, 0);
    for (next_b, next_o, next_t) in stable.chain([(base.len(), ours.len(), theirs.len())]) {
        let (bs, os, ts) = (&base[b..next_b], &our_prints[o..next_o], &their_prints[t..next_t]);
        let text = |blocks: &[String], range: Range<usize>| blocks[range].join("\n\n");
        let change = || Change { key: "body".into(), old: text(ours, o..next_o), new: text(theirs, t..next_t) };
        if has_base && bs != ts && bs == os {
            out.changes.push(change());
            body.extend_from_slice(&theirs[t..next_t]);
        } else if has_base && bs.len() == ts.len() && os != ts {
            // The source changed paragraphs and moved none: each is a matter of its own.
            let mut blocks = ours[o..next_o].to_vec();
            for at in (0..bs.len()).filter(|at| bs[*at] != ts[*at]) {
                let new = theirs[t + at].clone();
                match in_ours[b + at].filter(|mine| (o..next_o).contains(mine)) {
                    Some(mine) => {
                        out.changes.push(Change { key: "body".into(), old: ours[mine].clone(), new: new.clone() });
                        blocks[mine - o] = new;
                    }
                    None if !os.contains(&ts[at]) => {
                        let old = if os.len() == bs.len() { ours[o + at].clone() } else { text(ours, o..next_o) };
                        out.kept.push(Change { key: "body".into(), old, new });
                    }
                    None => {}
                }
            }
            body.extend(blocks);
        } else {
            if os != ts && (bs != ts || !has_base) {
                out.kept.push(change());
            }
            body.extend_from_slice(&ours[o..next_o]);
        }
        if let Some(block) = ours.get(next_o) {
            body.push(block.clone());
        }
        (b, o, t) = (next_b + 1, next_o + 1, next_t + 1);
    }
    body
}

/// For each of the first list's entries, where the second has it.
fn matching(base: &[String], other: &[String]) -> Vec<Option<usize>> {
    let mut out = vec![None; base.len()];
    for op in diff(base, other) {
        if let DiffOp::Equal { old_index, new_index, len } = op {
            for at in 0..len {
                out[old_index + at] = Some(new_index + at);
            }
        }
    }
    out
}

/// Beyond this many entries two lists are compared as wholes: the time for a difference grows with their product.
const LONGEST: usize = 8_000;

fn diff<T: Eq + std::hash::Hash + Ord>(old: &[T], new: &[T]) -> Vec<DiffOp> {
    if old.len() + new.len() > LONGEST {
        return vec![DiffOp::Replace { old_index: 0, old_len: old.len(), new_index: 0, new_len: new.len() }];
    }
    capture_diff_slices(Algorithm::Myers, old, new)
}

/// How a stretch of a word difference stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// In both.
    Both,
    /// Only in the old text.
    Old,
    /// Only in the new one.
    New,
}

/// The difference of two texts, word by word: stretches that are in both, in the old alone and in the new alone. Long
/// stretches that are in both are cut down to the words beside a change.
#[must_use]
pub fn words(old: &str, new: &str) -> Vec<(Side, String)> {
    let (a, b) = (tokens(old), tokens(new));
    if a.len() + b.len() > LONGEST {
        return vec![(Side::Both, format!("{} words before, {} now: too many to show", a.len(), b.len()))];
    }
    let mut out: Vec<(Side, String)> = Vec::new();
    let ops = diff(&a, &b);
    let count = ops.len();
    for (at, op) in ops.into_iter().enumerate() {
        let (tag, old_range, new_range) = op.as_tag_tuple();
        match tag {
            DiffTag::Equal => out.push((Side::Both, shortened(&a[old_range], at == 0, at + 1 == count))),
            DiffTag::Delete | DiffTag::Insert | DiffTag::Replace => {
                if !old_range.is_empty() {
                    out.push((Side::Old, a[old_range].concat()));
                }
                if !new_range.is_empty() {
                    out.push((Side::New, b[new_range].concat()));
                }
            }
        }
    }
    out
}

/// A word with the blanks after it; of scripts that write without blanks, a sign.
fn tokens(text: &str) -> Vec<&str> {
    let is_sign = |c: char| {
        ('\u{2e80}'..'\u{a000}').contains(&c)
            || ('\u{f900}'..'\u{fb00}').contains(&c)
            || ('\u{e00}'..'\u{e80}').contains(&c)
    };
    let mut out = Vec::new();
    let mut start = 0;
    let mut before: Option<char> = None;
    for (at, c) in text.char_indices() {
        let begins = match before {
            None => false,
            Some(before) => {
                before.is_whitespace() && !c.is_whitespace() || !c.is_whitespace() && (is_sign(c) || is_sign(before))
            }
        };
        if begins {
            out.push(&text[start..at]);
            start = at;
        }
        before = Some(c);
    }
    if start < text.len() {
        out.push(&text[start..]);
    }
    out
}

/// Six words beside each change are enough to find it.
fn shortened(tokens: &[&str], is_first: bool, is_last: bool) -> String {
    const SHOWN: usize = 6;
    let head = if is_first { 0 } else { SHOWN };
    let tail = if is_last { 0 } else { SHOWN };
    if tokens.len() <= head + tail + 3 {
        return tokens.concat();
    }
    let head: String = tokens[..head].concat();
    let tail: String = tokens[tokens.len() - tail..].concat();
    format!("{head}{}… {tail}", if head.is_empty() || head.ends_with(char::is_whitespace) { "" } else { " " })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file with a title and paragraphs, as an import writes it.
    fn file(title: &str, paragraphs: &[&str]) -> String {
        let body = format!("{}\n", paragraphs.join("\n\n"));
        let mut doc = DocumentMut::new();
        doc["title"] = value(title);
        let base = base(doc.as_table(), &body);
        format!(
            "+++\ntitle = \"{title}\"\n\n[import]\nsha256 = \"{title}{}\"\nbase = \"{base}\"\n+++\n\n{body}",
            paragraphs.len()
        )
    }

    /// What becomes of the curator's paragraphs (written over an import of `base`) when the source says `theirs`: the paragraphs, how
    /// many changes were taken, how many kept.
    fn merged(base: &[&str], ours: &[&str], theirs: &[&str]) -> (String, usize, usize) {
        let imported = file("T", base);
        let (head, _) = imported.rsplit_once("+++\n").expect("front matter");
        let edited = format!("{head}+++\n\n{}\n", ours.join("\n\n"));
        let found = compare(&edited, &file("T", theirs)).expect("front matter");
        let (_, body) = found.text.rsplit_once("+++\n").expect("front matter");
        (blocks(body).join(" "), found.changes.len(), found.kept.len())
    }

    #[test]
    fn three_states_of_a_text() {
        type Row =
            (&'static [&'static str], &'static [&'static str], &'static [&'static str], &'static str, usize, usize);
        let table: &[Row] = &[
            // Nobody changed anything; only the source; only the curator; both the same.
            (&["a", "b", "c"], &["a", "b", "c"], &["a", "b", "c"], "a b c", 0, 0),
            (&["a", "b", "c"], &["a", "b", "c"], &["a", "B", "c"], "a B c", 1, 0),
            (&["a", "b", "c"], &["a", "x", "c"], &["a", "b", "c"], "a x c", 0, 0),
            (&["a", "b", "c"], &["a", "B", "c"], &["a", "B", "c"], "a B c", 0, 0),
            // Both, in different places, side by side, and in the same place.
            (&["a", "b", "c"], &["x", "b", "c"], &["a", "b", "C"], "x b C", 1, 0),
            (&["a", "b", "c"], &["x", "b", "c"], &["a", "B", "c"], "x B c", 1, 0),
            (&["a", "b", "c"], &["a", "x", "c"], &["a", "B", "c"], "a x c", 0, 1),
            // Paragraphs added, by either and by both.
            (&["a", "b"], &["a", "b"], &["a", "n", "b"], "a n b", 1, 0),
            (&["a", "b"], &["a", "m", "b"], &["a", "b", "n"], "a m b n", 1, 0),
            (&["a", "b"], &["a", "m", "b"], &["a", "n", "b"], "a m b", 0, 1),
            // Taken away at the source; taken away by the curator, changed at the source.
            (&["a", "b", "c"], &["a", "b", "c"], &["a", "c"], "a c", 1, 0),
            (&["a", "b", "c"], &["a", "c"], &["a", "B", "c"], "a c", 0, 1),
            // A source that says nothing takes nothing away.
            (&["a", "b"], &["a", "b"], &[], "a b", 0, 0),
        ];
        for (base, ours, theirs, text, taken, kept) in table {
            assert_eq!(merged(base, ours, theirs), ((*text).to_owned(), *taken, *kept), "{base:?} {ours:?} {theirs:?}");
        }
    }

    #[test]
    fn what_is_not_changed_keeps_its_form() {
        let imported = file("T", &["a", "b"]);
        let own = imported.replace("a\n\nb", "a   \n\n\n\nb").replace("title = \"T\"", "title = 'T' # mine");
        let found = compare(&own, &file("U", &["a", "b"])).expect("front matter");
        assert!(found.text.contains("a   \n\n\n\nb") && found.text.contains("title = \"U\" # mine"), "{}", found.text);
    }

    #[test]
    fn differences_are_shown_by_word_and_by_sign() {
        let shown = |old: &str, new: &str| -> String {
            words(old, new)
                .into_iter()
                .map(|(side, text)| match side {
                    Side::Both => text,
                    Side::Old => format!("[-{text}-]"),
                    Side::New => format!("{{+{text}+}}"),
                })
                .collect()
        };
        assert_eq!(shown("the old ferry runs", "the new ferry runs"), "the [-old -]{+new +}ferry runs");
        assert_eq!(shown("渡轮停航", "渡轮开航"), "渡轮[-停-]{+开+}航");
        assert_eq!(shown("", "all new"), "{+all new+}");
        let long = "one two three four five six seven eight nine ten eleven twelve thirteen";
        assert_eq!(
            shown(&format!("{long} a"), &format!("{long} b")),
            "… eight nine ten eleven twelve thirteen [-a-]{+b+}"
        );
    }
}
