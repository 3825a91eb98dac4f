#!/usr/bin/env python3
"""Is one extractor better than the others on a set, or is it chance? Paired bootstrap over the pages.

usage: compare.py TRUTH.jsonl OURS.jsonl PEER.jsonl...

TRUTH has `id` and `text`, the others what an extractor found. F1 is that of 4-word shingles: each page's hits, misses and false ones are
shares of their sum, precision and recall are means over the pages. Printed are both F1, their difference, and between what it lies for 95 of
100 sets that are drawn from the pages of this one, with replacement. `train.py --unseen FOLDER` in `benches/pages` writes OURS for
pages whose domain the trees have not seen.
"""
import json, random, re, statistics, sys
from collections import Counter
from pathlib import Path

WORD = re.compile(r"\w+")
DRAWN = 1000


def shingles(text):
    words = WORD.findall(text or "")
    return Counter(tuple(words[i:i + 4]) for i in range(max(1, len(words) - 3)) if words[i:i + 4])


def page(true, found):
    a, b = shingles(true), shingles(found)
    hit, false, missed = (sum(x.values()) for x in (a & b, b - a, a - b))
    return hit, false, missed


def f1(pages):
    p = statistics.mean(h / (h + f) if h + f else 0 for h, f, m in pages if h + f)
    r = statistics.mean(h / (h + m) if h + m else 0 for h, f, m in pages if h + m)
    return 2 * p * r / (p + r) if p + r else 0


def main():
    truth, *files = sys.argv[1:]
    texts = {t["id"]: t["text"] for t in map(json.loads, open(truth, encoding="utf-8")) if t.get("text")}
    scored = []
    for file in files:
        found = {o["id"]: o.get("text") for o in map(json.loads, open(file, encoding="utf-8"))}
        scored.append([page(text, found.get(id)) for id, text in texts.items()])
    ours = scored[0]
    for file, peer in zip(files[1:], scored[1:]):
        chance, drawn = random.Random(1), []
        for _ in range(DRAWN):
            at = [chance.randrange(len(ours)) for _ in ours]
            drawn.append(f1([ours[i] for i in at]) - f1([peer[i] for i in at]))
        drawn.sort()
        low, high = drawn[DRAWN // 40], drawn[-DRAWN // 40 - 1]
        print(f"{f1(ours):.4f} against {f1(peer):.4f}  {f1(ours) - f1(peer):+.4f} [{low:+.4f}, {high:+.4f}]  {Path(file).stem}")


if __name__ == "__main__":
    main()
