"""Makes src/locale/countries.tsv: the names of countries in many languages.

    npm install cldr-core@48.2.0 cldr-localenames-full@48.2.0
    python3 benches/countries/countries.py node_modules src/locale/countries.tsv

The source is the Unicode Common Locale Data Repository, whose licence (Unicode-3.0) stands beside the result. It holds the
languages of which CLDR has all that a modern program needs, in each script that they are written in, and European Portuguese.

The file: a line of ISO 3166-1 alpha-2 codes, then a line for each language, sorted: its BCP 47 tag and the names in the order of
the codes, all divided by tabs.
"""

import json
import pathlib
import sys

NO_COUNTRIES = {"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"}

root, target = pathlib.Path(sys.argv[1]), sys.argv[2]
levels = json.loads((root / "cldr-core/coverageLevels.json").read_text())["effectiveCoverageLevels"]


def names(tag):
    path = root / "cldr-localenames-full/main" / tag / "territories.json"
    if not path.exists():
        return None
    return json.loads(path.read_text())["main"][tag]["localeDisplayNames"]["territories"]


codes = sorted(code for code in names("en") if len(code) == 2 and code.isalpha() and code not in NO_COUNTRIES)
rows = {}
for tag in sorted(tag for tag, level in levels.items() if level == "modern"):
    regions = tag.split("-")[1:]
    if tag != "pt-PT" and (len(regions) > 1 or regions and len(regions[0]) != 4):
        continue
    known = names(tag)
    if known is None or any(code not in known for code in codes):
        continue
    row = [known[code] for code in codes]
    if row != rows.get(tag.split("-")[0]):
        rows[tag] = row

assert not any("\t" in name or "\n" in name for row in rows.values() for name in row)
with open(target, "w", encoding="utf-8", newline="\n") as file:
    for first, row in [("", codes), *rows.items()]:
        print(first, *row, sep="\t", file=file)
print(len(rows), "languages,", len(codes), "countries")
