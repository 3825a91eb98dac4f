#!/usr/bin/env python3
"""Grow the trees of src/import/text/{forest,again}.bin from labelled lines, and say how well they do on unseen sites.

usage: train_lines.py TRUTH.jsonl:CORPUS.jsonl... [--folds FOLDER] [--write src/import/text]

TRUTH has `id` and `url`; CORPUS has a text a line: `id`, `lines`, and for each line its label (1 story, 0 not, anything else
not asked about). First build the program that reads the texts: cargo build --release --example lines

What is learned: whether a block is of the story, from its numbers (src/import/text/{features,whole}.rs), in two passes; the second
knows what the first said of a block and of those around it. A block weighs as much as its share of its text. The trees see
numbers alone. Held out: texts of one domain, over all sets, are always on the same side. The second pass is shown only what
trees said that had not seen the domain, and the printed figures, weighted by words, are of texts read by trees that had not.

Beside the texts of a corpus whose name ends with `main` stand others made from them: with the furniture after the story in
another order and some of other texts after it, or none (`more`); and short ones, of the first paragraphs (`short`): how much
follows a story, and in what order, should not matter. Texts wrapped at a column were tried as well, and changed nothing for the
better. `layouts.py` says how much a story depends on what follows it and on how it is set.
Needs lightgbm, numpy.
"""
import argparse, json, os, random, re, statistics, subprocess, sys, tempfile
from pathlib import Path

import lightgbm as lgb
import numpy as np

sys.path.insert(0, str(Path(__file__).parent))
from train import FOLDS, domain, write

ROOT = Path(__file__).resolve().parents[2]
# What the trees of the first and of the second pass are called.
NAMES = ("forest.bin", "again.bin")
# The program that reads the texts.
LINES = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "release/examples/lines"
WORD = re.compile(r"\w+")
COMMON = dict(objective="cross_entropy", num_leaves=31, feature_fraction=0.2, min_data_in_leaf=40, max_bin=63, bagging_fraction=0.8,
              bagging_freq=1, lambda_l2=5, verbose=-1, num_threads=int(os.environ.get("THREADS", 1)), seed=1)
FIRST = dict(COMMON, learning_rate=0.08, rounds=220)
SECOND = dict(COMMON, learning_rate=0.06, rounds=350)
# A page is right only if its short lines are, too: beside its share of its text each block has a weight of its own.
EACH = 6
# News counts double: that is what is imported. Texts made from others count less.
NEWS = ("n4k", "fundus")
MADE = (".more", ".short")
# Which numbers say how much speaks for a block, and that the rules hold it for story.
WEIGHT, RULES = 51, 52
# Most of a page is far from any story: of blocks that hold none and that few would take for it one in some is enough.
THINNED = 4


def weight(name): return (2 if name.startswith(NEWS) else 1) * (0.35 if name.endswith(MADE) else 1)


def words(line): return len(WORD.findall(line))


def score(lines, labels, keep):
    tp = fp = fn = 0
    for line, label, kept in zip(lines, labels, keep):
        if kept and label == 1: tp += words(line)
        elif kept and label == 0: fp += words(line)
        elif not kept and label == 1: fn += words(line)
    return (tp / (tp + fp) if tp + fp else 0, tp / (tp + fn) if tp + fn else 0, fp == 0 and fn == 0)


def summary(scores):
    p, r = statistics.mean(s[0] for s in scores), statistics.mean(s[1] for s in scores)
    return "P %.4f R %.4f F1 %.4f perfect %.3f" % (p, r, 2 * p * r / (p + r), statistics.mean(s[2] for s in scores))


def made(corpora, folder):
    """Writes texts made from those of the corpora, and returns where: a truth with their domains is that of their source."""
    chance = random.Random(7)
    out, after = [], []
    sources = [(truth, corpus, [json.loads(line) for line in open(corpus, encoding="utf-8")])
               for truth, corpus in corpora if Path(corpus).stem.endswith("main")]

    def parts(page):
        lines = list(zip(page["lines"], page["labels"]))
        last = max(i for i, (_, label) in enumerate(lines) if label == 1)
        return lines[:last + 1], lines[last + 1:]

    def text(page, lines): return dict(page, lines=[l for l, _ in lines], labels=[y for _, y in lines])

    for _, _, pages in sources:
        for page in pages: after.append([(l, 0) for l, y in parts(page)[1] if y == 0 and words(l) <= 60])

    def more(page):
        head, tail = parts(page)
        chance.shuffle(tail)
        if chance.random() < 0.4: return text(page, head)
        foreign = []
        while len(foreign) < 10: foreign += chance.choice(after)[:14]
        return text(page, head + tail + foreign)

    def short(page):
        head, tail = parts(page)
        told = [i for i, (l, y) in enumerate(head) if y == 1 and words(l) >= 8]
        count = chance.randint(2, 6)
        if len(told) < count + 2: return None
        tail = [] if chance.random() < 0.5 else tail[:chance.randint(1, 12)]
        return text(page, head[:told[count - 1] + 1] + tail)

    for truth, corpus, pages in sources:
        # Of guides and other texts that are no news a quarter is enough.
        pages = pages if Path(corpus).stem.startswith(NEWS) else pages[::4]
        for kind, make in (("more", more), ("short", short)):
            if kind == "more" and not Path(corpus).stem.startswith(NEWS): continue
            path = Path(folder) / f"{Path(corpus).stem}.{kind}.jsonl"
            with open(path, "w", encoding="utf-8") as file:
                for page in filter(None, map(make, pages)): file.write(json.dumps(page, ensure_ascii=False) + "\n")
            out.append((truth, str(path)))
    return out


def read(corpora, odds=None):
    """What the program says of each text, and the numbers of the blocks that it asks about, one after another."""
    found, numbers = [], []
    with tempfile.TemporaryDirectory() as folder:
        for i, (corpus, texts) in enumerate(corpora):
            out = f"{folder}/{i}"
            args = [LINES, corpus, out]
            if odds:
                with open(f"{out}.odds", "w") as file:
                    for answers in odds[len(found):len(found) + texts]: file.write(json.dumps(answers) + "\n")
                args += ["--odds", f"{out}.odds"]
            else: args.append("--features")
            subprocess.run(args, check=True)
            found += map(json.loads, open(out))
            numbers.append(np.fromfile(f"{out}.rows", dtype="<f4"))
    return found, np.concatenate(numbers)


def split(values, counts):
    at = 0
    for n in counts:
        yield values[at:at + n]
        at += n


def logit(odds): return np.log(np.clip(odds, 1e-6, 1 - 1e-6) / (1 - np.clip(odds, 1e-6, 1 - 1e-6)))


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("sets", nargs="+")
    ap.add_argument("--write")
    ap.add_argument("--folds", metavar="FOLDER", help="write trees that have not seen the domains of a fold, and which they are, for layouts.py")
    a = ap.parse_args()
    pages, corpora = [], []
    made_in = tempfile.TemporaryDirectory()
    given = [tuple(pair.split(":")) for pair in a.sets]
    for truth, corpus in given + made(given, made_in.name):
        domains = {t["id"]: domain(t) for t in map(json.loads, open(truth, encoding="utf-8"))}
        mine = [(Path(corpus).stem, domains[p["id"]], p) for p in map(json.loads, open(corpus, encoding="utf-8"))]
        corpora.append((corpus, len(mine)))
        pages += mine
    found, first = read(corpora)
    counts = [sum(1 for b in f["blocks"] if b[2]) for f in found]
    first = first.reshape(sum(counts), -1)
    Y, W, who = [], [], []
    for k, ((name, _, page), f) in enumerate(zip(pages, found)):
        sizes = [words(line) for line in page["lines"]]
        total = 1 + sum(n for n, y in zip(sizes, page["labels"]) if y == 1)
        for line, n, is_open in f["blocks"]:
            if not is_open: continue
            told = sum(sizes[j] for j in range(line - 1, line - 1 + n) if page["labels"][j] == 1)
            # The headline is no story, though it is not asked about when a text is scored.
            rest = sum(sizes[j] for j in range(line - 1, line - 1 + n) if page["labels"][j] in (0, 2))
            Y.append(told / max(1, told + rest))
            W.append(0 if told + rest == 0 else (min(1, (told + rest) / total) * 100 + EACH) * weight(name))
            who.append(k)
    Y, W, who = np.array(Y), np.array(W), np.array(who)
    domains = sorted({p[1] for p in pages})
    random.Random(0).shuffle(domains)
    fold_of = {name: i % FOLDS for i, name in enumerate(domains)}
    fold = np.array([fold_of[p[1]] for p in pages])[who]
    folds = a.folds or made_in.name
    Path(folds, "folds.json").write_text(json.dumps(fold_of))

    def grow(X, at, odds, params):
        easy = (Y == 0) & (odds < -3)
        at = at & (W > 0) & (~easy | (np.random.default_rng(0).random(len(Y)) * THINNED < 1))
        params = dict(params)
        rounds = params.pop("rounds")
        return lgb.train(params, lgb.Dataset(X[at], Y[at], weight=np.where(easy, THINNED, 1)[at] * W[at]), rounds)

    def unseen(X, odds, params, name):
        out = np.zeros(len(Y))
        for f in range(FOLDS):
            model = grow(X, fold != f, odds, params)
            write(model, f"{folds}/{name}.{f}")
            out[fold == f] = logit(model.predict(X[fold == f]))
        return out

    def judge():
        for (corpus, _), mine in zip(corpora, split(pages, [n for _, n in corpora])):
            scores = []
            for f in range(FOLDS):
                texts = [page for _, domain, page in mine if fold_of[domain] == f]
                with open(f"{folds}/in", "w", encoding="utf-8") as file:
                    for page in texts: file.write(json.dumps(page) + "\n")
                trees = [f"{folds}/{name}.{f}" for name in NAMES]
                subprocess.run([LINES, f"{folds}/in", f"{folds}/out", "--trees", *trees], check=True)
                found = map(json.loads, open(f"{folds}/out", encoding="utf-8"))
                scores += [score(page["lines"], page["labels"], kept["keep"]) for page, kept in zip(texts, found)]
            print(f"{Path(corpus).stem:20} unseen", summary(scores), flush=True)

    rough = np.where((first[:, RULES] == 0) & (first[:, WEIGHT] < -1), -9.0, 0.0)
    odds = unseen(first, rough, FIRST, NAMES[0])
    _, second = read(corpora, [{"first": x.tolist()} for x in split(odds, counts)])
    second = second.reshape(sum(counts), -1)
    unseen(second, odds, SECOND, NAMES[1])
    judge()
    if a.write:
        for X, thin, params, name in [(first, rough, FIRST, NAMES[0]), (second, odds, SECOND, NAMES[1])]:
            model = grow(X, np.ones(len(Y), dtype=bool), thin, params)
            write(model, f"{a.write}/{name}")
            gain = model.feature_importance("gain")
            print("most asked:", [(int(i), round(float(gain[i] / gain.sum()), 3)) for i in np.argsort(-gain)[:30]])


if __name__ == "__main__":
    main()
