#!/usr/bin/env python3
"""Grow the trees of src/import/text/forest.bin from labelled lines, and say how well they do on unseen sites.

usage: train_lines.py TRUTH.jsonl:CORPUS.jsonl:FEATURES.jsonl... [--write src/import/text/forest.bin]

TRUTH has `id` and `url`; CORPUS has a text a line: `id`, `lines`, and for each line its label (1 story, 0 not, anything else
not asked about). FEATURES comes from the same corpus by
  cargo run --release --example lines -- CORPUS.jsonl FEATURES.jsonl --features

What is learned: whether a block is of the story, from its numbers (src/import/text/features.rs). A block weighs as much as its
share of its text. The trees see numbers alone. Held out: texts of one domain, over all sets, are always on the same side; the
printed figures, weighted by words, are those of five such folds. Needs lightgbm, numpy.
"""
import argparse, json, random, re, statistics, sys
from pathlib import Path

import lightgbm as lgb
import numpy as np

sys.path.insert(0, str(Path(__file__).parent))
from train import FOLDS, domain, write

WORD = re.compile(r"\w+")
PARAMS = dict(objective="cross_entropy", num_leaves=16, learning_rate=0.1, feature_fraction=0.3, min_data_in_leaf=80,
              bagging_fraction=0.8, bagging_freq=1, lambda_l2=5, max_bin=127, verbose=-1, num_threads=2, seed=1)
ROUNDS = 110
# News counts double: that is what is imported.
NEWS = ("n4k", "fundus")
# From what share on a block is kept, and a line that is no sentence and that the rules leave out, as in src/import/text/mod.rs.
BOUND, BARE = 0.4, 0.75
# Which numbers say that a block ends a sentence, and that the rules keep it.
SENTENCE, RULES = 13, 32


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


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("sets", nargs="+")
    ap.add_argument("--write")
    a = ap.parse_args()
    pages, X, Y, W, who, where = [], [], [], [], [], []
    for triple in a.sets:
        truth, corpus, features = triple.split(":")
        domains = {t["id"]: domain(t) for t in map(json.loads, open(truth, encoding="utf-8"))}
        name = Path(corpus).stem
        for page, found in zip(map(json.loads, open(corpus, encoding="utf-8")), map(json.loads, open(features, encoding="utf-8"))):
            lines, labels = page["lines"], page["labels"]
            k = len(pages)
            pages.append((name, domains[page["id"]], lines, labels, found["keep"], found["blocks"]))
            total = 1 + sum(words(l) for l, y in zip(lines, labels) if y == 1)
            for i, (first, count, is_open, _, row) in enumerate(found["blocks"]):
                if not is_open: continue
                at = range(first - 1, first - 1 + count)
                asked = [(words(lines[j]), labels[j]) for j in at if labels[j] in (0, 1)]
                size = sum(n for n, _ in asked)
                if not size:
                    X.append(row); Y.append(0.0); W.append(0.0); who.append(k); where.append(i)
                    continue
                X.append(row)
                Y.append(sum(n for n, y in asked if y == 1) / size)
                W.append((min(1.0, size / total) * 100 + 0.5) * (2 if name.startswith(NEWS) else 1))
                who.append(k); where.append(i)
    X, Y, W, who = np.array(X, dtype=np.float32), np.array(Y), np.array(W), np.array(who)
    domains = sorted({p[1] for p in pages})
    random.Random(0).shuffle(domains)
    place = {d: i % FOLDS for i, d in enumerate(domains)}
    fold = np.array([place[pages[k][1]] for k in who])
    asked = W > 0
    unseen = np.zeros(len(Y))
    for f in range(FOLDS):
        mine = (fold != f) & asked
        model = lgb.train(PARAMS, lgb.Dataset(X[mine], Y[mine], weight=W[mine]), ROUNDS)
        unseen[fold == f] = model.predict(X[fold == f])
    keeps = [list(p[4]) for p in pages]
    for k, i, odds, row in zip(who, where, unseen, X):
        first, count = pages[k][5][i][:2]
        bound = BOUND if row[SENTENCE] or row[RULES] else BARE
        for j in range(first - 1, first - 1 + count): keeps[k][j] = int(odds > bound)
    for name in dict.fromkeys(p[0] for p in pages):
        mine = [k for k, p in enumerate(pages) if p[0] == name]
        print(f"{name:16} now    ", summary([score(pages[k][2], pages[k][3], pages[k][4]) for k in mine]))
        print(f"{name:16} unseen ", summary([score(pages[k][2], pages[k][3], keeps[k]) for k in mine]), flush=True)
    if a.write:
        model = lgb.train(PARAMS, lgb.Dataset(X[asked], Y[asked], weight=W[asked]), ROUNDS)
        write(model, a.write)
        gain = model.feature_importance("gain")
        print("most asked:", [(int(i), round(float(gain[i] / gain.sum()), 3)) for i in np.argsort(-gain)[:20]])


if __name__ == "__main__":
    main()
