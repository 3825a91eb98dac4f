#!/usr/bin/env python3
"""Grow the trees of src/import/html/forest.bin from pages with known text, and say how well they do on unseen sites.

usage: train.py SET_DIR... [--write src/import/html/forest.bin]

SET_DIR holds `truth.jsonl` (id, url, text) and `html/<id>.html.gz`. For each set, first:
  cargo run --release --example extract -- SET_DIR SET_DIR-name.features.jsonl --features
and put the result beside this script's working folder as `<name>.features.jsonl`.

What is learned: for each block of a page, the share of its 4-word shingles that stand in the true text, from the block's
numbers (src/import/html/features.rs). A block weighs as much as its share of its page's text. The trees see numbers alone.
Held out: pages of one domain, over all sets, are always on the same side; the printed F1 is that of five such folds.
Needs lightgbm, numpy.
"""
import argparse, json, random, re, statistics, struct
from collections import Counter
from pathlib import Path
from urllib.parse import urlparse

import lightgbm as lgb
import numpy as np

WORD = re.compile(r"\w+")
PARAMS = dict(objective="cross_entropy", num_leaves=24, learning_rate=0.05, feature_fraction=0.3, min_data_in_leaf=100,
              bagging_fraction=0.8, bagging_freq=1, lambda_l2=5, max_bin=127, verbose=-1)
ROUNDS = 240
FOLDS = 5
# Sets of news count double: that is what is imported.
NEWS = {"n4k", "fundus"}


def domain(truth):
    host = urlparse(truth.get("url") or "http://" + truth["id"]).netloc.removeprefix("www.")
    short = ".".join(host.split(".")[-2:])
    return short if len(short) >= 7 else ".".join(host.split(".")[-3:])


def shares(text, blocks):
    words = WORD.findall(text)
    grams = {n: {tuple(words[i:i + n]) for i in range(len(words) - n + 1)} for n in (3, 4)}
    lines = {" ".join(WORD.findall(line)) for line in text.split("\n")}
    out = []
    for block, _, _ in blocks:
        w = WORD.findall(block)
        if len(w) < 4:
            out.append(0.0 if not w else 1.0 if " ".join(w) in lines else 0.6 if tuple(w) in grams[3] else 0.0)
        else:
            g = [tuple(w[i:i + 4]) for i in range(len(w) - 3)]
            out.append(sum(x in grams[4] for x in g) / len(g))
    return out


def shingles(text):
    w = WORD.findall(text)
    return Counter(tuple(w[i:i + 4]) for i in range(max(1, len(w) - 3)) if w[i:i + 4])


def f1(pairs):
    P, R = [], []
    for true, found in pairs:
        a, b = shingles(true), shingles(found)
        hit = sum((a & b).values())
        if b: P.append(hit / sum(b.values()))
        if a: R.append(hit / sum(a.values()))
    p, r = statistics.mean(P), statistics.mean(R)
    return p, r, 2 * p * r / (p + r)


def write(model, path):
    """Little endian: trees; of each the numbers of questions and answers, the questions, the answers."""
    out = b""
    trees = model.dump_model()["tree_info"]
    out += struct.pack("<H", len(trees))
    for tree in trees:
        questions, answers = [], []

        def walk(node):
            if "leaf_value" in node:
                answers.append(node["leaf_value"])
                return -len(answers)
            at = len(questions)
            questions.append(None)
            bound = np.float32(node["threshold"])
            if float(bound) > node["threshold"]: bound = np.nextafter(bound, np.float32(-np.inf))
            yes, no = walk(node["left_child"]), walk(node["right_child"])
            questions[at] = (node["split_feature"], bound, yes, no)
            return at

        walk(tree["tree_structure"])
        out += struct.pack("<BB", len(questions), len(answers))
        for number, bound, yes, no in questions: out += struct.pack("<Bfbb", number, bound, yes, no)
        for answer in answers: out += struct.pack("<f", answer)
    Path(path).write_bytes(out)
    print(f"{path}: {len(trees)} trees, {len(out)} bytes")


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("sets", nargs="+")
    ap.add_argument("--write")
    ap.add_argument("--unseen", metavar="FOLDER", help="write the texts found on unseen sites, for the scorer")
    a = ap.parse_args()
    pages = []
    for directory in a.sets:
        name = Path(directory).name
        truth = {t["id"]: t for t in map(json.loads, open(f"{directory}/truth.jsonl", encoding="utf-8"))}
        for page in map(json.loads, open(f"{name}.features.jsonl", encoding="utf-8")):
            t = truth[page["id"]]
            if t.get("text"):
                pages.append((name, domain(t), t["text"], page["blocks"], page["id"]))
    X, Y, W, who, where = [], [], [], [], []
    for k, (name, _, text, blocks, _) in enumerate(pages):
        y = shares(text, blocks)
        total = 1 + sum(len(WORD.findall(b[0])) for b, s in zip(blocks, y) if s > 0.5)
        for i, (block, is_open, row) in enumerate(blocks):
            if is_open:
                X.append(row)
                Y.append(y[i])
                W.append((min(1.0, len(WORD.findall(block)) / total) * 100 + 0.3) * (2 if name in NEWS else 1))
                who.append(k)
                where.append(i)
    X, Y, W, who = np.array(X, dtype=np.float32), np.array(Y), np.array(W), np.array(who)
    domains = sorted({p[1] for p in pages})
    random.Random(0).shuffle(domains)
    fold = np.array([domains.index(pages[k][1]) % FOLDS for k in who])
    unseen = np.zeros(len(Y))
    for f in range(FOLDS):
        model = lgb.train(PARAMS, lgb.Dataset(X[fold != f], Y[fold != f], weight=W[fold != f]), ROUNDS)
        unseen[fold == f] = model.predict(X[fold == f])
    kept = {}
    for k, i, odds in zip(who, where, unseen):
        if odds > 0.5: kept.setdefault(k, []).append(i)
    for name in dict.fromkeys(p[0] for p in pages):
        pairs, found = [], []
        for k, (set_name, _, text, blocks, id) in enumerate(pages):
            if set_name == name:
                seen, lines = set(), []
                for i in kept.get(k, []):
                    if len(blocks[i][0]) > 60 and blocks[i][0] in seen: continue
                    seen.add(blocks[i][0])
                    lines.append(blocks[i][0])
                pairs.append((text, "\n".join(lines)))
                found.append(json.dumps({"id": id, "text": pairs[-1][1]}, ensure_ascii=False))
        if a.unseen: Path(f"{a.unseen}/{name}-unseen.jsonl").write_text("\n".join(found), encoding="utf-8")
        print(name, len(pairs), "pages of unseen sites: precision %.4f recall %.4f F1 %.4f" % f1(pairs))
    if a.write:
        write(lgb.train(PARAMS, lgb.Dataset(X, Y, weight=W), ROUNDS), a.write)


if __name__ == "__main__":
    main()
