//! The land around a place, drawn from the coasts of Natural Earth (1:110m, public domain).
//!
//! `outlines.bin` is made by `benches/outlines/outlines.py`, which describes it. It has no borders: a map of where a place
//! lies takes no side in whose it is.

use std::{fmt::Write as _, sync::OnceLock};

use super::view;

static OUTLINES: &[u8] = include_bytes!("outlines.bin");

/// Units of the file in a degree.
const UNITS: f64 = 50.0;
/// The map's size, in units of its `viewBox`.
const WIDTH: f64 = 360.0;
const HEIGHT: f64 = 240.0;
/// Degrees of latitude from the middle to the upper edge.
const REACH: f64 = 20.0;
/// The least that a degree of longitude is drawn as, against one of latitude: near the poles a map would reach around the
/// globe more than once.
const NARROWEST: f64 = 0.35;

/// A point in degrees: longitude, latitude. Longitudes may lie beyond 180, for maps across the date line.
type Point = (f64, f64);

/// The map around a point in degrees (WGS 84).
pub fn around(latitude: f64, longitude: f64) -> view::Map {
    let squeeze = latitude.to_radians().cos().max(NARROWEST);
    let scale = HEIGHT / 2.0 / REACH;
    let reach = WIDTH / 2.0 / scale / squeeze;
    // The map does not go beyond the poles; the place is off its middle there.
    let middle = latitude.clamp(REACH - 90.0, 90.0 - REACH);
    let window =
        Window { left: longitude - reach, right: longitude + reach, bottom: middle - REACH, top: middle + REACH };
    let draw = |(x, y): Point| ((x - window.left) * scale * squeeze, (window.top - y) * scale);
    let mut land = String::new();
    for coast in coasts() {
        for turn in [-360.0, 0.0, 360.0] {
            if window.may_hold(coast, turn) {
                let points = coast.points.iter().map(|(x, y)| (x + turn, *y)).collect();
                path(&mut land, &window.clip(points), draw);
            }
        }
    }
    let mut graticule = String::new();
    let tenths = |from: f64, to: f64| {
        let first = (from / 10.0).ceil() as i32;
        let last = (to / 10.0).floor() as i32;
        (first..=last).map(|number| f64::from(number) * 10.0)
    };
    for meridian in tenths(window.left, window.right) {
        let (x, _) = draw((meridian, 0.0));
        let _ = write!(graticule, "M{} 0V{HEIGHT}", tenth(x));
    }
    for parallel in tenths(window.bottom, window.top) {
        let (_, y) = draw((0.0, parallel));
        let _ = write!(graticule, "M0 {}H{WIDTH}", tenth(y));
    }
    let (x, y) = draw((longitude, latitude));
    view::Map { width: WIDTH, height: HEIGHT, x: tenth(x), y: tenth(y), land, graticule }
}

/// A coast as a closed ring.
struct Coast {
    points: Vec<Point>,
    window: Window,
}

/// All coasts, read once.
fn coasts() -> &'static [Coast] {
    static COASTS: OnceLock<Vec<Coast>> = OnceLock::new();
    COASTS.get_or_init(|| {
        let mut bytes = OUTLINES.iter().copied();
        // The file is built in: its end is the only thing that can come too early, and then the map has less land.
        let mut number = || {
            let mut value: u32 = 0;
            for shift in (0..32).step_by(7) {
                let byte = bytes.next()?;
                value |= u32::from(byte & 127) << shift;
                if byte < 128 {
                    break;
                }
            }
            Some(value)
        };
        let signed = |value: u32| (value >> 1) as i32 ^ -((value & 1) as i32);
        let count = number().unwrap_or_default();
        let mut coasts = Vec::new();
        for _ in 0..count {
            let (mut x, mut y) = (0, 0);
            let mut points = Vec::new();
            for _ in 0..number().unwrap_or_default() {
                let (Some(right), Some(up)) = (number(), number()) else { break };
                x += signed(right);
                y += signed(up);
                points.push((f64::from(x) / UNITS, f64::from(y) / UNITS));
            }
            coasts.push(Coast { window: Window::of(&points), points });
        }
        coasts
    })
}

/// A part of the globe, in degrees.
#[derive(Clone, Copy)]
struct Window {
    left: f64,
    right: f64,
    bottom: f64,
    top: f64,
}

impl Window {
    fn of(points: &[Point]) -> Self {
        let empty = Window { left: f64::MAX, right: f64::MIN, bottom: f64::MAX, top: f64::MIN };
        points.iter().fold(empty, |window, (x, y)| Window {
            left: window.left.min(*x),
            right: window.right.max(*x),
            bottom: window.bottom.min(*y),
            top: window.top.max(*y),
        })
    }

    fn may_hold(&self, coast: &Coast, turn: f64) -> bool {
        let other = coast.window;
        other.left + turn < self.right
            && other.right + turn > self.left
            && other.bottom < self.top
            && other.top > self.bottom
    }

    /// What of a ring lies in the window, by cutting it at one edge after the other (Sutherland and Hodgman, 1974).
    fn clip(&self, ring: Vec<Point>) -> Vec<Point> {
        let ring = cut(&ring, |(x, _)| x - self.left);
        let ring = cut(&ring, |(x, _)| self.right - x);
        let ring = cut(&ring, |(_, y)| y - self.bottom);
        cut(&ring, |(_, y)| self.top - y)
    }
}

/// The part of a ring on the side of a line where `side` is not negative.
fn cut(ring: &[Point], side: impl Fn(Point) -> f64) -> Vec<Point> {
    let mut kept = Vec::with_capacity(ring.len());
    let Some(mut before) = ring.last().copied() else { return kept };
    for point in ring.iter().copied() {
        let (a, b) = (side(before), side(point));
        if (a < 0.0) != (b < 0.0) {
            let share = a / (a - b);
            kept.push((before.0 + (point.0 - before.0) * share, before.1 + (point.1 - before.1) * share));
        }
        if b >= 0.0 {
            kept.push(point);
        }
        before = point;
    }
    kept
}

/// Adds a ring to an SVG path, in steps of a tenth of a unit.
fn path(out: &mut String, ring: &[Point], draw: impl Fn(Point) -> Point) {
    let tenths = |point: Point| {
        let (x, y) = draw(point);
        ((x * 10.0).round() as i32, (y * 10.0).round() as i32)
    };
    let mut points: Vec<(i32, i32)> = ring.iter().map(|point| tenths(*point)).collect();
    points.dedup();
    if points.len() < 3 {
        return;
    }
    let number = |tenths: i32| f64::from(tenths) / 10.0;
    let mut before: Option<(i32, i32)> = None;
    for (x, y) in points {
        let _ = match before {
            None => write!(out, "M{} {}", number(x), number(y)),
            Some((a, b)) => write!(out, "l{} {}", number(x - a), number(y - b)),
        };
        before = Some((x, y));
    }
    out.push('z');
}

fn tenth(number: f64) -> f64 {
    (number * 10.0).round() / 10.0
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether a point in degrees is on land, by the rule that the maps are filled by.
    fn is_land(longitude: f64, latitude: f64) -> bool {
        let crosses = |((ax, ay), (bx, by)): (Point, Point), turn: f64| {
            (ay > latitude) != (by > latitude) && longitude < turn + ax + (bx - ax) * (latitude - ay) / (by - ay)
        };
        let crossings = |coast: &Coast| -> usize {
            let sides = || coast.points.iter().zip(coast.points.iter().cycle().skip(1));
            let of_turn = |turn| sides().filter(|(a, b)| crosses((**a, **b), turn)).count();
            [-360.0, 0.0, 360.0].into_iter().map(of_turn).sum()
        };
        coasts().iter().map(crossings).sum::<usize>() % 2 == 1
    }

    #[test]
    fn the_outlines_are_those_of_the_world() {
        for (place, longitude, latitude) in
            [("Geneva", 6.14, 46.2), ("Kyiv", 30.52, 50.45), ("Kansas", -98.0, 38.5), ("Alice Springs", 133.9, -23.7)]
        {
            assert!(is_land(longitude, latitude), "{place}");
        }
        for (place, longitude, latitude) in [
            ("Atlantic", -35.0, 30.0),
            ("Black Sea", 34.0, 43.3),
            ("Caspian Sea", 51.0, 40.0),
            ("Pacific", -150.0, 0.0),
        ] {
            assert!(!is_land(longitude, latitude), "{place}");
        }
    }

    #[test]
    fn every_place_is_on_its_map() {
        for (latitude, longitude) in [(46.2, 6.1), (-21.1, -175.2), (90.0, 0.0), (-90.0, 180.0), (0.0, -180.0)] {
            let map = around(latitude, longitude);
            assert!(
                (0.0..=map.width).contains(&map.x) && (0.0..=map.height).contains(&map.y),
                "{latitude} {longitude}"
            );
        }
        // Both sides of the date line are there: New Zealand lies in the west of Tonga, at 178 degrees east.
        assert!(!around(-21.1, -175.2).land.is_empty());
        assert_eq!(around(-38.0, -125.0).land, "", "far from any coast there is none");
    }
}
