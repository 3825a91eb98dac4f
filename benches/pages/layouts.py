#!/usr/bin/env python3
"""Say whether the story of a text stays as it is when the text is laid out otherwise, or other furniture follows it.

usage: layouts.py TRUTH.jsonl:CORPUS.jsonl... [--trees FOLDER] [--every N] [--only CHANGE...] [--show N]

CORPUS has a text a line: `id`, `lines`, and for each line its label (1 story). First build the program that reads the texts:
cargo build --release --example lines. FOLDER is what train_lines.py wrote with --folds: then each text is read by trees that have
not seen its domain.

Each change is made by itself. What follows the last line of story by its label is taken for the furniture at the end; what is added is
that of other texts, of other domains. Printed: the share of texts whose story has the same words in the same order (white space
and the forms of quotes aside), the share in which it has the same paragraphs as well, and the mean F1 of the words before and after.
"""
import argparse, json, os, random, re, subprocess, tempfile, textwrap
from collections import Counter
from pathlib import Path

from train_lines import LINES, NAMES, domain, words

QUOTES = str.maketrans("“”„‟«»‹›‘’‚‛", '""""""""' + "''''")


def furniture(page):
    """The lines of a text up to the last of its story, and those after it."""
    last = max(i for i, label in enumerate(page["labels"]) if label == 1)
    return page["lines"][:last + 1], page["lines"][last + 1:]


def wrapped(line, **how): return "\n".join(textwrap.wrap(line, 72, break_long_words=False, **how) or [line])


def broken(line): return wrapped(line, break_on_hyphens=True)


def wrap(line): return wrapped(line, break_on_hyphens=False)


def curly(line):
    line = re.sub(r"(^|[\s(\[–—])\"", r"\1“", line).replace('"', "”")
    return re.sub(r"(^|[\s(\[–—“])'", r"\1‘", line).replace("'", "’")


def straight(line): return line.translate(str.maketrans("“”„‘’‚", '"""' + "'''"))


def added(page, chance, foreign):
    lines = []
    while len(lines) < 12: lines += foreign(page)[:14]
    return page["lines"] + lines


def cut(page, chance, foreign): return furniture(page)[0]


def instead(page, chance, foreign): return furniture(page)[0] + added(dict(page, lines=[]), chance, foreign)


def shuffled(page, chance, foreign):
    story, rest = furniture(page)
    return story + chance.sample(rest, len(rest))


# What is compared with which text: lines joined by a line end, or with a blank line between them.
CHANGES = {
    "line ends of Windows": lambda page, *_: "\r\n".join(page["lines"]),
    "straight quotes": lambda page, *_: "\n".join(map(straight, page["lines"])),
    "curly quotes": lambda page, *_: "\n".join(map(curly, page["lines"])),
    "spaces at line ends": lambda page, *_: "".join(line + "   \n" for line in page["lines"]),
    "indented by tabs": lambda page, *_: "\n".join("\t" + line for line in page["lines"]),
    "indented by no-break spaces": lambda page, *_: "\n".join("\u00a0\u00a0" + line for line in page["lines"]),
    "blank lines between": lambda page, *_: "\n\n".join(page["lines"]),
    "wrapped, with blank lines": lambda page, *_: "\n\n".join(map(wrap, page["lines"])),
    "wrapped, broken at hyphens": lambda page, *_: "\n\n".join(map(broken, page["lines"])),
    "wrapped, without blank lines": lambda page, *_: "\n".join(map(wrap, page["lines"])),
    "furniture added": lambda *a: "\n".join(added(*a)),
    "furniture shuffled": lambda *a: "\n".join(shuffled(*a)),
    "furniture of others instead": lambda *a: "\n".join(instead(*a)),
    "no furniture": lambda *a: "\n".join(cut(*a)),
}


def plain(text): return " ".join(text.translate(QUOTES).split())


def f1(before, after):
    a, b = Counter(before.split()), Counter(after.split())
    if not a and not b: return 1.0
    return 2 * sum((a & b).values()) / (sum(a.values()) + sum(b.values()))


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("sets", nargs="+")
    ap.add_argument("--trees", metavar="FOLDER")
    ap.add_argument("--every", type=int, default=1, help="take one text in so many")
    ap.add_argument("--only", nargs="*", help="changes to make")
    ap.add_argument("--show", type=int, default=0, help="paragraphs that came or went to print, for each change")
    a = ap.parse_args()
    pages, after = [], []
    for pair in a.sets:
        truth, corpus = pair.split(":")
        domains = {t["id"]: domain(t) for t in map(json.loads, open(truth, encoding="utf-8"))}
        mine = [dict(page, set=Path(corpus).stem, domain=domains[page["id"]]) for page in map(json.loads, open(corpus, encoding="utf-8"))]
        after += [(page["domain"], rest) for page in mine if (rest := [line for line in furniture(page)[1] if words(line) <= 60])]
        pages += mine[::a.every]
    fold_of = json.loads(Path(a.trees, "folds.json").read_text()) if a.trees else {}

    def read(texts):
        """The paragraphs of the story of each text, by trees that have not seen it."""
        out = [None] * len(texts)
        with tempfile.TemporaryDirectory() as folder:
            folds = [fold_of.get(page["domain"], 0) for page in pages]
            for fold in sorted(set(folds)):
                mine = [k for k, f in enumerate(folds) if f == fold]
                with open(f"{folder}/in", "w", encoding="utf-8") as file:
                    for k in mine: file.write(json.dumps({"id": k, "text": texts[k]}) + "\n")
                trees = ["--trees", *(f"{a.trees}/{name}.{fold}" for name in NAMES)] if a.trees else []
                subprocess.run([LINES, f"{folder}/in", f"{folder}/out", *trees], check=True)
                for found in map(json.loads, open(f"{folder}/out", encoding="utf-8")): out[found["id"]] = found["body"] or []
        return out

    print("%-16s %-30s %7s %7s %7s" % ("", "", "words", "paragr.", "F1"))
    before = read(["\n".join(page["lines"]) for page in pages])
    for name, change in CHANGES.items():
        if a.only and name not in a.only: continue
        chance = random.Random(11)

        def foreign(page):
            while True:
                other, lines = chance.choice(after)
                if other != page["domain"]: return lines

        now = read([change(page, chance, foreign) for page in pages])
        found = {}
        shown = []
        for page, old, new in zip(pages, before, now):
            old, new = list(map(plain, old)), list(map(plain, new))
            same = " ".join(old) == " ".join(new)
            found.setdefault(page["set"], []).append((same, old == new, f1(" ".join(old), " ".join(new))))
            if old != new:
                gone, come = Counter(old) - Counter(new), Counter(new) - Counter(old)
                shown += [(page["set"], page["id"], sign, text[:150]) for sign, texts in (("-", gone), ("+", come)) for text in texts]
        for name_of_set, scores in found.items():
            print("%-16s %-30s" % (name_of_set, name), *("%7.4f" % (sum(s[i] for s in scores) / len(scores)) for i in range(3)), flush=True)
        for line in chance.sample(shown, min(a.show, len(shown))): print("    ", *line)


if __name__ == "__main__":
    main()
