// Searches the site: loads the parts of the index that a search needs, and shows what it found. src/search/ writes them.

const form = document.getElementById("search");
const { base } = form.dataset;
const words = JSON.parse(form.dataset.words);
const field = form.elements.q;
const found = document.getElementById("search-found");
const more = document.getElementById("search-more");
const filters = document.getElementById("search-filters");
const utf8 = new TextEncoder();
const text = new TextDecoder();

// Files, each loaded once.
const files = new Map();
const load = (name, read) => {
  if (!files.has(name)) {
    const loading = fetch(`${base}search/${name}`).then((answer) => {
      if (!answer.ok) throw new Error(answer.statusText);
      return name.endsWith(".json") ? answer.json() : answer.arrayBuffer().then((bytes) => read(new Uint8Array(bytes)));
    });
    loading.catch(() => files.delete(name));
    files.set(name, loading);
  }
  return files.get(name);
};

// A number in groups of seven bits at a cursor.
const take = (at) => {
  let number = 0, shift = 1, byte;
  do {
    byte = at.bytes[at.place++];
    number += (byte & 127) * shift;
    shift *= 128;
  } while (byte > 127);
  return number;
};
const slice = (at) => {
  const length = take(at);
  return at.bytes.subarray(at.place, at.place += length);
};
// Bytes shared with those before, and the bytes after them.
const after = (at, before) => {
  const shared = before.subarray(0, take(at)), rest = slice(at);
  const whole = new Uint8Array(shared.length + rest.length);
  whole.set(shared);
  whole.set(rest, shared.length);
  return whole;
};

const readWords = (bytes) => {
  const at = { bytes, place: 1 }, entries = [];
  if (bytes[0] !== 1) throw new Error("another version of the index");
  let before = new Uint8Array(0);
  while (at.place < bytes.length) {
    before = after(at, before);
    const entry = { word: text.decode(before) }, head = take(at);
    if (head === 0) entry.stem = text.decode(after(at, before));
    else {
      entry.count = head >> 1;
      if (head % 2 === 0) entry.list = slice(at);
    }
    entries.push(entry);
  }
  return entries;
};
const readLists = (bytes) => {
  const at = { bytes, place: 0 }, lists = new Map();
  while (at.place < bytes.length) lists.set(text.decode(slice(at)), slice(at));
  return lists;
};

// Shows each entry of a list: its number, which is its block's key × 128 + its place, and how much the term says of it.
const each = (bytes, see) => {
  const at = { bytes, place: 0 };
  let key = 0;
  while (at.place < bytes.length) {
    key += take(at);
    const head = bytes[at.place++], count = (head & 127) + 1, places = [];
    if (head > 127) {
      for (let place = 0; place < 128; place++) if (bytes[at.place + (place >> 3)] >> (place & 7) & 1) places.push(place);
      at.place += 16;
    } else for (let n = 0; n < count; n++) places.push(bytes[at.place++]);
    for (let n = 0; n < count; n++) see(key * 128 + places[n], bytes[at.place + (n >> 1)] >> (n & 1) * 4 & 15);
    at.place += count + 1 >> 1;
  }
};

// Letters of one term in scripts without spaces; the same as in words.rs, and so are folding and dividing.
const two = "\u3005-\u3007\u3040-\u30fa\u30fc-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\u{20000}-\u{323af}";
const three = "\u0e01-\u0e3a\u0e40-\u0e4e\u0e81-\u0ece\u1000-\u103f\u1780-\u17d3";
const ofTwo = new RegExp(`^[${two}]`, "u"), ofThree = new RegExp(`^[${three}]`, "u");
const gram = (run) => ofTwo.test(run) ? 2 : ofThree.test(run) ? 3 : 0;
const runs = new RegExp(`[${two}]+|[${three}]+|(?:(?![${two}${three}])[\\p{L}\\p{N}\\p{M}])+`, "gu");
const marks = /[\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u00ad\u200b-\u200f\u2060\ufeff]/g;
const letters = { ß: "ss", æ: "ae", œ: "oe", þ: "th", ø: "o", đ: "d", ð: "d", ł: "l", ı: "i", ς: "σ", ى: "ي", ة: "ه" };
const fold = (word) => word.toLowerCase().normalize("NFKD").toLowerCase().replace(marks, "")
  .replace(/[ßæœþøđðłıςىة]/g, (letter) => letters[letter]).normalize("NFC");
const divide = (query) => {
  const folded = fold(query)
    .replace(/(?<![\p{L}\p{N}\p{M}])(?:\p{L}\.)+\p{L}(?![\p{L}\p{N}\p{M}])/gu, (abbreviation) => abbreviation.replaceAll(".", ""))
    .replace(/(?<=[\u0400-\u052f])['\u2019\u02bc](?=[\u0400-\u052f])/g, "");
  const terms = [];
  for (const [run] of folded.matchAll(runs)) {
    const size = gram(run), points = [...run];
    if (size > 0 && points.length > size) {
      for (let n = 0; n + size <= points.length; n++) terms.push(points.slice(n, n + size).join(""));
    } else if (size > 0 || points.length > 1 || /\p{N}/u.test(run)) terms.push(run);
  }
  return [...new Set(terms)].slice(0, 24);
};

const hash = (term) => utf8.encode(term).reduce((hash, byte) => Math.imul(hash ^ byte, 0x01000193) >>> 0, 0x811c9dc5);
const padded = (number) => String(number).padStart(4, "0");
const shardOf = (term, shards) =>
  hash(term[0] === "\u0001" ? term : [...term].slice(0, gram(term) ? 1 : 4).join("")) % shards;
// Where words spelt backwards are that end as this one does and have up to so many letters more or less.
const shardsOfEnding = (word, most, shards) => {
  const end = [...word.replace(/[ijy]+$/, "")].reverse(), keys = new Set();
  for (let length = end.length - most; length <= end.length + most; length++) keys.add(end.slice(0, length > 5 ? 2 : 1).join(""));
  return [...new Set([...keys].map((key) => hash(key) % shards))];
};
const wordsOf = (shard) => load(`words/${padded(shard)}.bin`, readWords);

// The term of the index with this very name.
const termOf = async (name, shards) => {
  const shard = shardOf(name, shards);
  const entry = (await wordsOf(shard)).find((entry) => entry.word === name && entry.count);
  return entry && { ...entry, shard };
};
const listOf = async (term) => term.list
  ?? (await load(`words/${padded(term.shard)}-${hash(term.word) % 8}.bin`, readLists)).get(term.word)
  ?? new Uint8Array(0);

const shared = (a, b) => {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length++;
  return length;
};

// Letters that are wrong, missing, too many or in each other's place between two words.
const slips = (a, b) => {
  let before = [], row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
      if (a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) next[j] = Math.min(next[j], before[j - 2] + 1);
    }
    [before, row] = [row, next];
  }
  return row[b.length];
};

// The closest of some words that differ from one by no more than so many slips: those of the fewest.
const closest = (word, candidates, most) => {
  const alike = candidates.filter((candidate) => Math.abs(candidate.length - word.length) <= most)
    .map((candidate) => [slips(word, candidate), candidate]).filter(([count]) => count <= most);
  const least = Math.min(...alike.map(([count]) => count));
  return alike.filter(([count]) => count === least).map(([, candidate]) => candidate);
};

// A word with the letter at a place and the next in each other's.
const swapped = (word, at) => word.replace(new RegExp(`^(.{${at}})(.)(.)`, "u"), "$1$3$2");

// What a word with a slip of the fingers may have been meant to be. The beginning is right, or the fourth letter and the fifth
// are in each other's place, or the end is right: of headlines, names and frequent words the index has these spelt backwards.
const misspelt = async (word, most, shards) => {
  const beginnings = [word, swapped(word, 3)].map((start) => shardOf(start, shards));
  const words = new Set();
  for (const entries of await Promise.all(beginnings.map(wordsOf))) {
    for (const { word: name } of entries) if (name > "\u0003") words.add(name);
  }
  for (const entries of await Promise.all(shardsOfEnding(word, most, shards).map(wordsOf))) {
    for (const { word: name } of entries) if (name[0] === "\u0002") words.add([...name.slice(1)].reverse().join(""));
  }
  const near = closest(word, [...words], most);
  const others = near.filter((name) => !beginnings.includes(shardOf(name, shards)));
  // More than a few would be guessing, and each may want a file: those that begin with the same letter come first.
  others.sort((a, b) => (b[0] === word[0]) - (a[0] === word[0]));
  return [...near.filter((name) => !others.includes(name)), ...others.slice(0, 3)];
};

// Terms by their names, with how well they fit.
const termsOf = async (names, shards) => {
  const terms = [];
  for (const [name, fit] of names) {
    const term = await termOf(name, shards);
    if (term) terms.push({ ...term, fit });
  }
  return terms;
};
const adding = (names) => (entry, fit) => {
  const name = entry.stem ?? entry.word;
  names.set(name, Math.max(fit, names.get(name) ?? 0));
};
const entriesOf = async (word, shards) =>
  (await wordsOf(shardOf(word, shards))).filter((entry) => entry.word > "\u0003");

// The terms that a word of the query stands for: itself, or the beginning of others.
const resolve = async (word, shards) => {
  const entries = await entriesOf(word, shards), size = gram(word), length = [...word].length;
  const names = new Map(), add = adding(names);
  for (const entry of entries) if (entry.word === word) add(entry, 1);
  if (size > 0 ? length < size : names.size === 0 && length > 3) {
    // Of many, the most frequent.
    const longer = entries.filter((entry) => entry.word.startsWith(word)).sort((a, b) => (b.count ?? 0) - (a.count ?? 0));
    for (const entry of longer.slice(0, 32)) add(entry, size > 0 ? 1 : 0.8);
  }
  return termsOf(names, shards);
};

// The terms that a word which is in no text may stand for. Slips of the fingers are looked for where that is still allowed.
const guess = async (word, shards, withSlips) => {
  const entries = await entriesOf(word, shards), length = [...word].length;
  const names = new Map(), add = adding(names);
  if (withSlips && length > 3 && gram(word) === 0 && !/\p{N}/u.test(word)) {
    // Of four letters too many words differ by one, but few by the order of two.
    const meant = length > 4 ? await misspelt(word, length < 8 ? 1 : 2, shards) : [0, 1, 2].map((at) => swapped(word, at));
    for (const name of meant) {
      for (const entry of await wordsOf(shardOf(name, shards))) if (entry.word === name) add(entry, 0.6);
    }
  }
  if (names.size === 0 && length > 3) {
    // A form that no text has: those that begin alike.
    const best = Math.max(0, ...entries.map((entry) => shared(word, entry.word)));
    const near = entries.filter((entry) => shared(word, entry.word) === best && entry.word.length - best < 4);
    if (best >= Math.max(4, length - 3)) for (const entry of near.slice(0, 8)) add(entry, 0.5);
  }
  return termsOf(names, shards);
};

// Whether an entry is of a day from one to another, or for no days, all entries of these days.
const daysOf = async (from, until) => {
  const ranges = new Map();
  const day = (date, none) => date ? Number(date.replaceAll("-", "")) : none;
  const [first, last] = [day(from, 0), day(until, Infinity)];
  let key = 0;
  for (const [gap, month, ...runs] of await load("days.json")) {
    key += gap;
    let place = 0, low = -1, high = 0;
    for (let n = 0; n < runs.length; n += 2) {
      const date = month * 100 + runs[n];
      if (date >= first && date <= last) {
        if (low < 0) low = place;
        high = place + runs[n + 1];
      }
      place += runs[n + 1];
    }
    if (low >= 0) ranges.set(key, [low, high]);
  }
  return ranges;
};

// What a search finds, the best first, and whether all words are in it.
const search = async ({ query, terms: filterTerms, from, until }) => {
  const [count, shards] = await load("overview.json");
  const asked = divide(query), groups = await Promise.all(asked.map((word) => resolve(word, shards)));
  // Each guess loads several files: a search has two.
  let guesses = 0;
  for (const [at, word] of asked.entries()) if (groups[at].length === 0) groups[at] = await guess(word, shards, guesses++ < 2);
  const weigh = (group) => group.reduce((sum, term) => sum + term.count, 0);
  // Words that are nearly everywhere tell nothing beside others, and their lists are long.
  const rare = groups.filter((group) => count < 1000 || weigh(group) < count * 0.4);
  const used = rare.length > 0 ? rare : groups;
  const allowed = [];
  for (const name of filterTerms) {
    const term = await termOf(name, shards), entries = new Set();
    if (term) each(await listOf(term), (entry) => entries.add(entry));
    allowed.push(entries);
  }
  if (from || until) {
    const ranges = await daysOf(from, until);
    allowed.push({
      has: (entry) => {
        const range = ranges.get(Math.floor(entry / 128));
        return range !== undefined && entry % 128 >= range[0] && entry % 128 < range[1];
      },
      *[Symbol.iterator]() {
        for (const [key, [low, high]] of ranges) for (let place = low; place < high; place++) yield key * 128 + place;
      },
    });
  }
  const isAllowed = (entry) => allowed.every((entries) => entries.has(entry));
  const scores = new Map();
  const lists = await Promise.all(used.map((group) => Promise.all(group.map(listOf))));
  used.forEach((group, at) => {
    const total = Math.min(weigh(group), count);
    const idf = Math.log(1 + (count - total + 0.5) / (total + 0.5));
    const best = new Map();
    group.forEach((term, n) => each(lists[at][n], (entry, level) => {
      const mentions = 2 ** (level / 3) - 1, score = term.fit * idf * mentions / (mentions + 4);
      if (score > (best.get(entry) ?? 0)) best.set(entry, score);
    }));
    for (const [entry, score] of best) {
      if (!isAllowed(entry)) continue;
      const sum = scores.get(entry) ?? { words: 0, score: 0 };
      sum.words++;
      sum.score += score;
      scores.set(entry, sum);
    }
  });
  if (groups.length === 0 && allowed.length > 0) {
    for (const entry of allowed[0]) if (isAllowed(entry)) scores.set(entry, { words: 0, score: 0 });
  }
  let most = 0;
  for (const { words } of scores.values()) most = Math.max(most, words);
  const entries = [...scores].filter(([, sum]) => sum.words === most);
  // Of equals the newest first: later articles have higher numbers.
  entries.sort(([a, one], [b, other]) => other.score - one.score || b - a);
  return { entries: entries.map(([entry]) => entry), isWhole: most === used.length };
};

const date = new Intl.DateTimeFormat(words.numbers, { dateStyle: "long", timeZone: "UTC" });
const plural = new Intl.PluralRules(words.plurals);
const counted = (count) => (words.found[plural.select(count)] ?? words.found.other).replace("{count}", count.toLocaleString(words.numbers));
const element = (name, properties, ...children) => {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
};
const show = async (entry) => {
  const place = entry % 128, key = Math.floor(entry / 128);
  const cards = await load(`cards/${key}-${place >> 4}.json`);
  const [kind, title, address, day = "", source = "", summary = "", lang = ""] = cards[place % 16];
  const link = element("a", { href: base + encodeURI(address), textContent: title });
  const head = element("h2", lang ? { lang } : {}, link);
  if (kind === "retracted") head.prepend(element("span", { className: "flag", lang: document.documentElement.lang, textContent: words.retracted }), " ");
  const item = element("li", { className: "card", dir: "auto" }, head);
  if (summary) item.append(element("p", { ...lang && { lang }, textContent: summary }));
  const meta = element("p", { className: "meta" });
  if (words.kinds[kind]) meta.append(element("span", { textContent: words.kinds[kind] }));
  if (source) meta.append(element("span", { dir: "auto", textContent: source }));
  if (day) meta.append(element("time", { dateTime: day, dir: "auto", textContent: date.format(new Date(day)) }));
  item.append(meta);
  return item;
};

let last = 0, results = [], shown = 0;
const status = (message) => { document.getElementById("search-status").textContent = message; };
const showMore = async () => {
  const number = last, next = results.slice(shown, shown + 10);
  const items = await Promise.all(next.map(show));
  if (number !== last) return;
  found.append(...items);
  shown += next.length;
  more.hidden = shown >= results.length;
  return items[0];
};

const values = () => Object.fromEntries(["q", "topic", "publisher", "person", "from", "until"]
  .map((name) => [name, form.elements[name].value.trim()]).filter(([, value]) => value));

const run = async () => {
  const number = ++last, { q = "", topic, publisher, person, from, until } = values();
  const terms = [["t", topic], ["s", publisher], ["p", person]].filter(([, slug]) => slug)
    .map(([letter, slug]) => `\u0001${letter}/${slug}`);
  history.replaceState(null, "", `?${new URLSearchParams(values())}`);
  if (!q && terms.length === 0 && !from && !until) {
    found.replaceChildren();
    more.hidden = true;
    return status("");
  }
  status(words.searching);
  try {
    const { entries, isWhole } = await search({ query: q, terms, from, until });
    if (number !== last) return;
    [results, shown] = [entries, 0];
    const first = await Promise.all(entries.slice(0, 10).map(show));
    if (number !== last) return;
    found.replaceChildren(...first);
    shown = first.length;
    more.hidden = shown >= entries.length;
    const said = entries.length === 0 ? words.none : counted(entries.length);
    status(entries.length > 0 && !isWhole ? `${words.some} ${said}` : said);
  } catch (error) {
    if (number === last) status(words.failed);
    throw error;
  }
};

// What can be chosen is loaded when somebody wants to choose.
let filling;
const fill = () => {
  filling ??= Promise.all([["topic", "topics"], ["publisher", "publishers"], ["person", "people"]].map(async ([name, file]) => {
    const list = form.elements[name], chosen = list.dataset.chosen;
    for (const [slug, title, count] of await load(`${file}.json`)) list.append(new Option(`${title} (${count.toLocaleString(words.numbers)})`, slug));
    if (chosen) list.value = chosen;
    list.closest("label").hidden = list.options.length < 2;
  }));
  return filling;
};

const start = async () => {
  const asked = new URLSearchParams(location.search);
  filters.hidden = false;
  filters.addEventListener("toggle", fill);
  field.value = asked.get("q") ?? "";
  for (const name of ["from", "until"]) {
    form.elements[name].value = asked.get(name) ?? "";
    filters.open ||= form.elements[name].value !== "";
  }
  for (const name of ["topic", "publisher", "person"]) {
    const value = asked.get(name);
    if (!value) continue;
    form.elements[name].dataset.chosen = value;
    filters.open = true;
  }
  if (filters.open) await fill();
  filters.addEventListener("change", run);
  let waiting;
  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(run, 200);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(waiting);
    run();
  });
  more.addEventListener("click", async () => (await showMore())?.querySelector("a").focus());
  await run();
};
start();
