//! Datelines of agencies that write without spaces, or with their own brackets: `新华社北京1月21日电（记者…）`,
//! `【パリ時事】`, `(서울=연합뉴스) … 기자 =`.

use regex::Regex;
use std::sync::LazyLock;

use super::dateline::Dateline;
use super::dates::Found;
use super::{agency, re};

static CHINESE: LazyLock<Regex> = LazyLock::new(|| {
    re(concat!(
        r"^(?P<dateline>(?P<agency>新华社|新華社|中新社|中新网|中央社)(?:记者|記者)?(?P<place>[^\d\s，。、（(]{1,14}?)(?P<month>\d{1,2})月(?P<day>\d{1,2})日[电電])",
        r"(?:[（(](?:(?:总社|總社)?(?:记者|記者))[:：\s]?(?P<names>[^）)]{2,60})[）)])?[\s\u{3000}:：]*"
    ))
});
static JAPANESE: LazyLock<Regex> = LazyLock::new(|| {
    re(r"^(?P<dateline>【(?P<place>[^】=＝\s]{1,16}?)[\s＝=]?(?P<agency>共同|時事|AFP|ロイター)】)\s*")
});
static KOREAN: LazyLock<Regex> = LazyLock::new(|| {
    re(concat!(
        r"^(?P<dateline>[(（【\[](?P<place>[^=)\]】]{1,16})=(?P<agency>연합뉴스|뉴시스|뉴스1)[)）】\]])\s*",
        r"(?:(?P<names>[\p{Hangul}·, ]{2,40}?)\s*(?:특파원|통신원|기자)\s*=\s*)?"
    ))
});

/// The dateline that the paragraph begins with.
pub(super) fn read(text: &str) -> Option<Dateline> {
    // Every one of them begins with a sign of its own.
    if !text.starts_with(['新', '中', '【', '(', '（', '[']) {
        return None;
    }
    let found = CHINESE.captures(text).or_else(|| JAPANESE.captures(text)).or_else(|| KOREAN.captures(text))?;
    let dateline = found.name("dateline")?;
    let number = |name| found.name(name).and_then(|m| m.as_str().parse::<i8>().ok());
    let date = match (number("month"), number("day")) {
        (Some(month), Some(day)) if (1..=12).contains(&month) && (1..=31).contains(&day) => {
            let (start, end) = (found.name("month")?.start(), dateline.end());
            Some(Found { year: None, month, day, or: None, weekday: None, start, end, time: None })
        }
        _ => None,
    };
    let reporters = found.name("names").map_or("", |m| m.as_str());
    Some(Dateline {
        verbatim: dateline.as_str().to_owned(),
        place: Some(found["place"].to_owned()),
        agency: agency::by_mark(&found["agency"]),
        date,
        rest: found.get(0)?.end(),
        start: 0,
        reporters: reporters
            .split(['、', '，', ',', '·', ' ', '\u{3000}'])
            .filter(|name| name.chars().nth(1).is_some())
            .map(str::to_owned)
            .collect(),
    })
}
