"""Makes src/render/outlines.bin: the coasts of the world for the maps of places.

    npm install world-atlas@2.0.2
    python3 benches/outlines/outlines.py node_modules/world-atlas/land-110m.json src/render/outlines.bin

The source is Natural Earth (https://www.naturalearthdata.com/), 1:110m, which is in the public domain, as TopoJSON in the
npm package `world-atlas` (ISC licence). Borders are left out: a map of where a place lies takes no side in whose it is.

The file: the number of coasts, then each coast as a closed ring: the number of its points, then the points, in units of
1/50 degree, longitude first: the first point as it is, the others as steps from the one before. The first is not said
again at the end. A coast that crosses the date line goes on beyond 180 degrees; that of Antarctica is closed along the
pole. All numbers are varints (LEB128), signed ones in zigzag.
"""

import json
import sys

UNITS = 50  # of a degree


def varint(number):
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    out.append(number)
    return bytes(out)


def zigzag(number):
    return varint(number << 1 if number >= 0 else (-number << 1) - 1)


def ring(points):
    units = []
    for longitude, latitude in points:
        unit = (round(longitude * UNITS), round(latitude * UNITS))
        if not units or units[-1] != unit:
            units.append(unit)
    out = varint(len(units))
    x = y = 0
    for a, b in units:
        out += zigzag(a - x) + zigzag(b - y)
        x, y = a, b
    return out


source, target = sys.argv[1:]
atlas = json.load(open(source))
scale, shift = atlas["transform"]["scale"], atlas["transform"]["translate"]


def unpack(arc):
    x = y = 0
    points = []
    for dx, dy in arc:
        x, y = x + dx, y + dy
        points.append((x * scale[0] + shift[0], y * scale[1] + shift[1]))
    return points


arcs = [unpack(arc) for arc in atlas["arcs"]]


def along(number):
    return arcs[number] if number >= 0 else arcs[~number][::-1]


def polygons(geometry):
    if geometry["type"] == "GeometryCollection":
        for part in geometry["geometries"]:
            yield from polygons(part)
    elif geometry["type"] == "Polygon":
        yield geometry["arcs"]
    elif geometry["type"] == "MultiPolygon":
        yield from geometry["arcs"]


def unroll(points):
    """The same ring without jumps from one side of the map to the other."""
    out, turn = [points[0]], 0
    for (before, _), (longitude, latitude) in zip(points, points[1:] + points[:1]):
        if longitude - before > 180:
            turn -= 360
        elif longitude - before < -180:
            turn += 360
        out.append((longitude + turn, latitude))
    first, last = out[0], out.pop()
    if last[0] != first[0]:
        out += [last, (last[0], -90), (first[0], -90)]
    return out


coasts = []
for polygon in polygons(atlas["objects"]["land"]):
    for part in polygon:
        points = []
        for number in part:
            points += along(number)[1:]
        coasts.append(unroll(points))

out = varint(len(coasts)) + b"".join(map(ring, coasts))
open(target, "wb").write(out)
print(f"{len(coasts)} coasts, {len(out)} bytes")
