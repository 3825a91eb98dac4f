//! Names of months and weekdays in the languages that dates are read in.

use std::collections::HashMap;
use std::sync::LazyLock;

use jiff::civil::Weekday;

/// Month names and their usual short forms, lower case without the full stop, a space between them.
const MONTHS: [&str; 12] = [
    "january jan januar jän jänner janvier janv enero ene gennaio gen janeiro januari января январь янв \
     січня січень січ stycznia ocak",
    "february feb februar février févr fév febrero febbraio fevereiro fev februari февраля февраль фев \
     февр лютого лютий лют lutego şubat",
    "march mar märz mär mrz mars marzo março maart марта март мар березня березень бер marca mart",
    "april apr avril avr abril abr aprile апреля апрель апр квітня квітень кві квіт kwietnia nisan",
    "may mai mayo maggio mag maio mei мая май травня травень тра трав maja mayıs",
    "june jun juni juin junio giugno giu junho июня июнь июн червня червень чер черв czerwca haziran",
    "july jul juli juillet juil julio luglio lug julho июля июль июл липня липень лип lipca temmuz",
    "august aug août aout agosto ago augustus августа август авг серпня серпень сер серп sierpnia ağustos",
    "september sept sep septembre septiembre setiembre settembre setembro сентября сентябрь сен сент \
     вересня вересень вер września eylül",
    "october oct oktober okt octobre octubre ottobre ott outubro out октября октябрь окт жовтня жовтень \
     жов жовт października ekim",
    "november nov novembre noviembre novembro ноября ноябрь ноя нояб листопада листопад лис лист \
     listopada kasım",
    "december dec dezember dez décembre déc diciembre dic dicembre dezembro декабря декабрь дек грудня \
     грудень гру груд grudnia aralık",
];

/// Weekday names from Monday, lower case.
const WEEKDAYS: [&str; 7] = [
    "monday mon montag montags lundi lunes lunedì segunda-feira понедельник понеділок maandag \
     poniedziałek",
    "tuesday tue tues dienstag mardi martes martedì вторник вівторок dinsdag wtorek",
    "wednesday wed mittwoch mercredi miércoles mercoledì среда среду середа середу woensdag środa",
    "thursday thu thur thurs donnerstag jeudi jueves giovedì четверг четвер donderdag czwartek",
    "friday fri freitag vendredi viernes venerdì пятница пятницу п'ятниця п’ятниця п'ятницю п’ятницю \
     vrijdag piątek",
    "saturday sat samstag sonnabend samedi sábado sabato суббота субботу субота суботу zaterdag sobota",
    "sunday sun sonntag dimanche domingo domenica воскресенье неділя неділю zondag niedziela",
];

const DAYS: [Weekday; 7] = [
    Weekday::Monday,
    Weekday::Tuesday,
    Weekday::Wednesday,
    Weekday::Thursday,
    Weekday::Friday,
    Weekday::Saturday,
    Weekday::Sunday,
];

/// Every name with its place in its table, so that a word costs one look-up: each word of a text is asked about.
fn table(rows: &'static [&'static str]) -> HashMap<&'static str, usize> {
    rows.iter().enumerate().flat_map(|(i, names)| names.split(' ').map(move |name| (name, i))).collect()
}

static MONTH: LazyLock<HashMap<&str, usize>> = LazyLock::new(|| table(&MONTHS));
static WEEKDAY: LazyLock<HashMap<&str, usize>> = LazyLock::new(|| table(&WEEKDAYS));

/// The word in small letters, where it can be a name at all: letters, and no more of them than the longest has.
fn name(word: &str) -> Option<String> {
    (word.len() <= 40 && word.starts_with(char::is_alphabetic)).then(|| word.to_lowercase())
}

/// The number of the month that the word names, 1 to 12.
#[must_use]
pub fn month(word: &str) -> Option<i8> {
    let n = MONTH.get(name(word)?.as_str())?;
    i8::try_from(n + 1).ok()
}

/// The weekday that the word names in full, for checking a date against the story. Short forms (`Sun`) are not taken.
#[must_use]
pub fn weekday(word: &str) -> Option<Weekday> {
    (word.chars().take(5).count() > 4).then(|| weekday_any(word)).flatten()
}

/// The weekday that the word names, in full or short.
#[must_use]
pub fn weekday_any(word: &str) -> Option<Weekday> {
    WEEKDAY.get(name(word)?.as_str()).map(|i| DAYS[*i])
}

/// The weekday that a text without spaces between its words names: `星期五`, `金曜日`, `금요일`.
#[must_use]
pub fn weekday_unspaced(text: &str) -> Option<Weekday> {
    const NAMES: [[&str; 4]; 7] = [
        ["星期一", "周一", "月曜日", "월요일"],
        ["星期二", "周二", "火曜日", "화요일"],
        ["星期三", "周三", "水曜日", "수요일"],
        ["星期四", "周四", "木曜日", "목요일"],
        ["星期五", "周五", "金曜日", "금요일"],
        ["星期六", "周六", "土曜日", "토요일"],
        ["星期日", "周日", "日曜日", "일요일"],
    ];
    if text.is_ascii() {
        return None;
    }
    NAMES.iter().zip(DAYS).find(|(names, _)| names.iter().any(|name| text.contains(name))).map(|(_, day)| day)
}
