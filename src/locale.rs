//! What the Unicode Common Locale Data Repository (CLDR) says of a language: how it writes dates and numbers, which plural it
//! takes, in which order it puts names, what it calls countries. And the direction that it is written in.

use std::{
    cmp::Ordering,
    collections::BTreeMap,
    sync::{Arc, Mutex, OnceLock, PoisonError},
};

use icu_calendar::Gregorian;
use icu_collator::{
    Collator, CollatorBorrowed,
    options::{CollatorOptions, Strength},
};
use icu_datetime::{
    DateTimeFormatterLoadError, FixedCalendarDateTimeFormatter, NoCalendarFormatter,
    fieldsets::{MD, T, Y, YM, YMD},
    input::{Date, Time},
};
use icu_decimal::{DecimalFormatter, input::Decimal};
use icu_plurals::{PluralCategory, PluralRules};
use jiff::civil;

use crate::date::Period;

/// A language, ready to write in.
///
/// Its dates are those of the Gregorian calendar in every language: they stand beside the sources' own.
pub struct Locale {
    /// Its BCP 47 tag, as the author wrote it.
    tag: String,
    /// English without a region: day before month, and no "Sept".
    is_plain_english: bool,
    /// `None` for a language whose dates CLDR does not know: ISO 8601 is right in all.
    dates: Option<Dates>,
    numbers: Option<DecimalFormatter>,
    plurals: Option<PluralRules>,
    order: Option<CollatorBorrowed<'static>>,
    /// Times of day, by the minute, once they were asked for: there are few of them, and each stands on many pages.
    times: Box<[OnceLock<String>]>,
    /// Which letters are one, whatever their accents and case.
    letters: Option<CollatorBorrowed<'static>>,
    /// What it calls countries, in the order of [`COUNTRIES`]' codes, once that was asked for.
    countries: OnceLock<&'static str>,
}

/// A line of ISO 3166-1 alpha-2 codes, then one of names for each language that CLDR knows well, by its tag.
/// `benches/countries/countries.py` makes it anew.
const COUNTRIES: &str = include_str!("locale/countries.tsv");

/// Minutes of a day.
const MINUTES: usize = 24 * 60;

/// Forms of dates. Making one costs as much as writing fifty dates.
struct Dates {
    day: FixedCalendarDateTimeFormatter<Gregorian, YMD>,
    day_of_year: FixedCalendarDateTimeFormatter<Gregorian, MD>,
    short: FixedCalendarDateTimeFormatter<Gregorian, MD>,
    month: FixedCalendarDateTimeFormatter<Gregorian, YM>,
    short_month: FixedCalendarDateTimeFormatter<Gregorian, YM>,
    year: FixedCalendarDateTimeFormatter<Gregorian, Y>,
    time: NoCalendarFormatter<T>,
}

impl Dates {
    fn new(locale: &icu_locale_core::Locale) -> Result<Self, DateTimeFormatterLoadError> {
        let prefs = || locale.into();
        Ok(Dates {
            day: FixedCalendarDateTimeFormatter::try_new(prefs(), YMD::long())?,
            day_of_year: FixedCalendarDateTimeFormatter::try_new(prefs(), MD::long())?,
            short: FixedCalendarDateTimeFormatter::try_new(prefs(), MD::medium())?,
            month: FixedCalendarDateTimeFormatter::try_new(prefs(), YM::long())?,
            short_month: FixedCalendarDateTimeFormatter::try_new(prefs(), YM::medium())?,
            year: FixedCalendarDateTimeFormatter::try_new(prefs(), Y::long())?,
            time: NoCalendarFormatter::try_new(prefs(), T::hm())?,
        })
    }

    /// Whether these are forms of a language, and not CLDR's way of saying that it knows none: "2022 M09 21".
    fn are_words(&self) -> bool {
        let day = civil::date(2022, 9, 21);
        gregorian(day).is_some_and(|day| !self.day.format(&day).to_string().contains("M09"))
    }
}

fn gregorian(date: civil::Date) -> Option<Date<Gregorian>> {
    Date::try_new_gregorian(date.year().into(), date.month().unsigned_abs(), date.day().unsigned_abs()).ok()
}

impl std::fmt::Debug for Locale {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Locale").field(&self.tag).finish()
    }
}

impl Locale {
    /// The language of a BCP 47 tag. It is made once in a process: what CLDR holds of it is made ready then.
    pub fn of(tag: &str) -> Arc<Self> {
        static KNOWN: Mutex<BTreeMap<String, Arc<Locale>>> = Mutex::new(BTreeMap::new());
        let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(locale) = known.get(tag) {
            return Arc::clone(locale);
        }
        let locale = Arc::new(Locale::new(tag));
        known.insert(tag.to_owned(), Arc::clone(&locale));
        locale
    }

    fn new(tag: &str) -> Self {
        let is_plain_english = tag.eq_ignore_ascii_case("en");
        let name = if is_plain_english { "en-GB" } else { tag };
        let locale = icu_locale_core::Locale::try_from_str(name).unwrap_or(icu_locale_core::Locale::UNKNOWN);
        let order = Collator::try_new((&locale).into(), CollatorOptions::default());
        let mut by_letter = CollatorOptions::default();
        by_letter.strength = Some(Strength::Primary);
        Locale {
            tag: tag.to_owned(),
            is_plain_english,
            dates: Dates::new(&locale).ok().filter(Dates::are_words),
            numbers: DecimalFormatter::try_new((&locale).into(), Default::default()).ok(),
            plurals: PluralRules::try_new_cardinal((&locale).into()).ok(),
            order: order.ok(),
            times: (0..MINUTES).map(|_| OnceLock::new()).collect(),
            letters: Collator::try_new((&locale).into(), by_letter).ok(),
            countries: OnceLock::new(),
        }
    }

    /// Its BCP 47 tag, as the author wrote it.
    pub fn tag(&self) -> &str {
        &self.tag
    }

    /// The tag by which a script writes dates as they are written here.
    pub fn script_tag(&self) -> &str {
        if self.is_plain_english { "en-GB" } else { &self.tag }
    }

    /// Its tag, then what the tag is a case of, and English in the end: `zh-Hant-TW`, `zh-Hant`, `zh`, `en`.
    pub fn fallbacks(&self) -> Vec<String> {
        let mut tags = vec![self.tag.clone()];
        let mut rest = self.tag.as_str();
        while let Some((shorter, _)) = rest.rsplit_once('-') {
            tags.push(shorter.to_owned());
            rest = shorter;
        }
        if rest != "en" {
            tags.push("en".to_owned());
        }
        tags
    }

    fn with<D>(&self, date: civil::Date, write: impl Fn(&Dates, &Date<Gregorian>) -> D, other: &str) -> String
    where
        D: ToString,
    {
        match (&self.dates, gregorian(date)) {
            (Some(dates), Some(date)) => write(dates, &date).to_string(),
            _ => date.strftime(other).to_string(),
        }
    }

    /// A day: "21 January 2022", "21 січня 2022 р.".
    pub fn day(&self, date: civil::Date) -> String {
        self.with(date, |dates, date| dates.day.format(date).to_string(), "%Y-%m-%d")
    }

    /// A day where the year is known: "21 Jan".
    pub fn short(&self, date: civil::Date) -> String {
        if self.is_plain_english {
            return date.strftime("%-d %b").to_string();
        }
        self.with(date, |dates, date| dates.short.format(date).to_string(), "%m-%d")
    }

    /// The month of a day: "January 2022", "січень 2022 р.".
    pub fn month(&self, day: civil::Date) -> String {
        self.with(day, |dates, date| dates.month.format(date).to_string(), "%Y-%m")
    }

    /// The month of a day, as short as it may be: "Jan 2022".
    pub fn short_month(&self, day: civil::Date) -> String {
        if self.is_plain_english {
            return day.strftime("%b %Y").to_string();
        }
        let short = self.with(day, |dates, date| dates.short_month.format(date).to_string(), "%Y-%m");
        // Digits with a bar between are no name of a month, and fall apart beside letters from right to left.
        let has_name = self.dates.is_none() || short.contains(char::is_alphabetic);
        if has_name { short } else { self.month(day) }
    }

    /// A year: "2022", "2022年".
    pub fn year(&self, year: i16) -> String {
        match civil::Date::new(year, 1, 1) {
            Ok(first) => self.with(first, |dates, date| dates.year.format(date).to_string(), "%Y"),
            Err(_) => format!("{year:04}"),
        }
    }

    /// A time of day: "14:05", "2:05 PM".
    pub fn time(&self, time: civil::Time) -> String {
        let write = || {
            let parts = Time::try_new(time.hour().unsigned_abs(), time.minute().unsigned_abs(), 0, 0);
            match (&self.dates, parts) {
                (Some(dates), Ok(time)) => dates.time.format(&time).to_string(),
                _ => time.strftime("%H:%M").to_string(),
            }
        };
        let minute = usize::from(time.hour().unsigned_abs()) * 60 + usize::from(time.minute().unsigned_abs());
        self.times.get(minute).map_or_else(write, |known| known.get_or_init(write).clone())
    }

    /// "January 2022", "10–13 January 2022", "30 January – 2 February 2022", "March 2021 – February 2022", "2022".
    pub fn period(&self, period: Period) -> String {
        let Period { first, last } = period;
        if first == last {
            return self.day(first);
        }
        if Period::month(first.year(), first.month()) == Some(period) {
            return self.month(first);
        }
        if Period::parse(&format!("{:04}", first.year())) == Some(period) {
            return self.year(first.year());
        }
        if first.day() == 1 && last == last.last_of_month() {
            return format!("{} – {}", self.month(first), self.month(last));
        }
        let (start, end) = (self.day(first), self.day(last));
        if self.dates.is_none() || first.year() != last.year() {
            return format!("{start} – {end}");
        }
        if first.month() == last.month() {
            return days_of_one_month(&start, &end);
        }
        // The year is said once, at the end that it stands at.
        let without_year = |date| self.with(date, |dates, date| dates.day_of_year.format(date).to_string(), "%m-%d");
        let (short_start, short_end) = (without_year(first), without_year(last));
        if end.starts_with(&short_end) {
            format!("{short_start} – {end}")
        } else if end.ends_with(&short_end) {
            format!("{start} – {short_end}")
        } else {
            format!("{start} – {end}")
        }
    }

    /// A number, in the language's digits and groups: "12,345".
    pub fn number(&self, number: i64) -> String {
        match &self.numbers {
            Some(numbers) => numbers.format_to_string(&Decimal::from(number)),
            None => number.to_string(),
        }
    }

    /// A number with a fraction: "46.2".
    pub fn fraction(&self, number: f64) -> String {
        self.decimal(&number.to_string())
    }

    /// A number that is given by its digits, with a point before those of a fraction; anything else stays as it is.
    pub fn decimal(&self, digits: &str) -> String {
        match (&self.numbers, Decimal::try_from_str(digits)) {
            (Some(numbers), Ok(decimal)) => numbers.format_to_string(&decimal),
            _ => digits.to_owned(),
        }
    }

    /// What the language calls a country, by its ISO 3166-1 alpha-2 code: `ZA` is "South Africa", "Afrique du Sud". English, where
    /// CLDR has no names in the language; the code, where it is no country's.
    pub fn country<'a>(&self, code: &'a str) -> &'a str {
        let countries = self.countries.get_or_init(|| {
            let of = |tag: String| {
                COUNTRIES.lines().skip(1).find_map(|line| {
                    let (known, names) = line.split_once('\t')?;
                    known.eq_ignore_ascii_case(&tag).then_some(names)
                })
            };
            self.fallbacks().into_iter().find_map(of).unwrap_or_default()
        });
        let mut codes = COUNTRIES.lines().next().unwrap_or_default().split('\t').skip(1);
        codes.position(|known| known == code).and_then(|at| countries.split('\t').nth(at)).unwrap_or(code)
    }

    /// Which form a number of things takes: `zero`, `one`, `two`, `few`, `many` or `other`.
    pub fn plural(&self, count: u64) -> &'static str {
        self.plurals.as_ref().map_or("other", |rules| word_of(rules.category_for(count)))
    }

    /// The forms that numbers of things take, `other` last.
    pub fn plurals(&self) -> Vec<&'static str> {
        self.plurals.as_ref().map_or_else(|| vec!["other"], |rules| rules.categories().map(word_of).collect())
    }

    /// Whether two letters are one to the language: `Å` is an `A` in German, and a letter of its own in Swedish.
    pub fn is_same_letter(&self, a: &str, b: &str) -> bool {
        match &self.letters {
            Some(letters) => letters.compare(a, b) == Ordering::Equal,
            None => a.to_lowercase() == b.to_lowercase(),
        }
    }

    /// The order of two names in a list.
    pub fn compare(&self, a: &str, b: &str) -> Ordering {
        match &self.order {
            Some(order) => order.compare(a, b),
            None => a.to_lowercase().cmp(&b.to_lowercase()),
        }
    }
}

fn word_of(category: PluralCategory) -> &'static str {
    match category {
        PluralCategory::Zero => "zero",
        PluralCategory::One => "one",
        PluralCategory::Two => "two",
        PluralCategory::Few => "few",
        PluralCategory::Many => "many",
        PluralCategory::Other => "other",
    }
}

/// Two days that differ in their number alone: what they have in common is said once.
fn days_of_one_month(start: &str, end: &str) -> String {
    let common = |mut pairs: Box<dyn Iterator<Item = (char, char)> + '_>| -> usize {
        let mut length = 0;
        while let Some((a, b)) = pairs.next().filter(|(a, b)| a == b) {
            debug_assert_eq!(a, b);
            length += a.len_utf8();
        }
        length
    };
    let before = &start[..common(Box::new(start.chars().zip(end.chars())))];
    let before = before.trim_end_matches(char::is_numeric);
    let after = &start[start.len() - common(Box::new(start.chars().rev().zip(end.chars().rev())))..];
    let after = after.trim_start_matches(char::is_numeric);
    let number = |text: &str| text.get(before.len()..text.len() - after.len()).unwrap_or_default().to_owned();
    // The dot of "10." belongs to the number.
    let dot = if after.starts_with('.') { "." } else { "" };
    format!("{before}{}{dot}–{}{after}", number(start), number(end))
}

/// The writing direction of a language, for `dir`: `ltr` or `rtl`.
pub fn direction(language: &str) -> &'static str {
    if is_right_to_left(language) { "rtl" } else { "ltr" }
}

/// Whether a language is written from right to left, by the script that its tag names or that it is usually written in.
fn is_right_to_left(tag: &str) -> bool {
    let mut parts = tag.split('-');
    let language = parts.next().unwrap_or_default().to_ascii_lowercase();
    let script = parts.find(|part| part.len() == 4);
    match script.map(str::to_ascii_lowercase).as_deref() {
        Some(script) => matches!(script, "arab" | "hebr" | "thaa" | "syrc" | "nkoo" | "adlm" | "rohg" | "mand"),
        None => matches!(
            language.as_str(),
            "ar" | "arz" | "ary" | "ckb" | "dv" | "fa" | "he" | "iw" | "ks" | "ps" | "sd" | "syr" | "ug" | "ur" | "yi"
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn period(tag: &str, iso: &str) -> String {
        Locale::of(tag).period(Period::parse(iso).unwrap())
    }

    #[test]
    fn english_periods_say_no_more_than_they_need() {
        assert_eq!(period("en", "2022-01-21"), "21 January 2022");
        assert_eq!(period("en", "2022-01"), "January 2022");
        assert_eq!(period("en", "2022"), "2022");
        assert_eq!(period("en", "2022-01-10/2022-01-13"), "10–13 January 2022");
        assert_eq!(period("en", "2022-01-30/2022-02-02"), "30 January – 2 February 2022");
        assert_eq!(period("en", "2021-12-30/2022-01-02"), "30 December 2021 – 2 January 2022");
        assert_eq!(period("en", "2021-03/2022-02"), "March 2021 – February 2022");
        assert_eq!(period("en", "2021-03-02/2022-02-28"), "2 March 2021 – 28 February 2022");
        assert_eq!(Locale::of("en").short(civil::date(2022, 9, 21)), "21 Sep");
        assert_eq!(Locale::of("en").time(civil::time(14, 5, 0, 0)), "14:05");
    }

    #[test]
    fn countries_have_their_names_in_every_language() {
        let names = [
            ("ar", "جنوب أفريقيا"),
            ("de-AT", "Südafrika"),
            ("en", "South Africa"),
            ("es", "Sudáfrica"),
            ("fr", "Afrique du Sud"),
            ("hi", "दक्षिण अफ़्रीका"),
            ("pl", "Republika Południowej Afryki"),
            ("ru", "Южно-Африканская Республика"),
            ("uk", "Південно-Африканська Республіка"),
            ("zh", "南非"),
            // A language that nobody speaks.
            ("tlh", "South Africa"),
        ];
        for (tag, name) in names {
            assert_eq!(Locale::of(tag).country("ZA"), name, "{tag}");
        }
        assert_eq!(Locale::of("fr").country("QZ"), "QZ");
        let width = |line: &str| line.split('\t').filter(|name| !name.is_empty()).count();
        let mut lines = COUNTRIES.lines();
        let codes = lines.next().map(width);
        assert!(codes > Some(250) && lines.all(|line| Some(width(line) - 1) == codes));
    }

    /// Of CLDR 44 and later, with its no-break spaces.
    #[test]
    fn dates_are_those_of_cldr() {
        let day = civil::date(2022, 1, 21);
        let forms = [
            ("en", "21 January 2022", "21 Jan", "January 2022", "2022"),
            ("en-US", "January 21, 2022", "Jan 21", "January 2022", "2022"),
            ("es", "21 de enero de 2022", "21 ene", "enero de 2022", "2022"),
            ("fr", "21 janvier 2022", "21 janv.", "janvier 2022", "2022"),
            ("de", "21. Januar 2022", "21. Jan.", "Januar 2022", "2022"),
            ("uk", "21 січня 2022\u{202f}р.", "21 січ.", "січень 2022\u{202f}р.", "2022"),
            ("ru", "21 января 2022\u{202f}г.", "21 янв.", "январь 2022\u{202f}г.", "2022"),
            ("ar", "21 يناير 2022", "21 يناير", "يناير 2022", "2022"),
            ("ar-EG", "٢١ يناير ٢٠٢٢", "٢١ يناير", "يناير ٢٠٢٢", "٢٠٢٢"),
            ("hi", "21 जनवरी, 2022", "21 जन॰", "जनवरी 2022", "2022"),
            ("zh", "2022年1月21日", "1月21日", "2022年1月", "2022年"),
        ];
        for (tag, long, short, month, year) in forms {
            let locale = Locale::of(tag);
            let found = (locale.day(day), locale.short(day), locale.month(day), locale.year(2022));
            assert_eq!(found, (long.to_owned(), short.to_owned(), month.to_owned(), year.to_owned()), "{tag}");
        }
    }

    #[test]
    fn days_of_one_month_and_of_one_year_say_the_rest_once() {
        let forms = [
            ("en-US", "January 10–13, 2022", "January 30 – February 2, 2022"),
            ("es", "10–13 de enero de 2022", "30 de enero – 2 de febrero de 2022"),
            ("fr", "10–13 janvier 2022", "30 janvier – 2 février 2022"),
            ("de", "10.–13. Januar 2022", "30. Januar – 2. Februar 2022"),
            ("uk", "10–13 січня 2022\u{202f}р.", "30 січня – 2 лютого 2022\u{202f}р."),
            ("ru", "10–13 января 2022\u{202f}г.", "30 января – 2 февраля 2022\u{202f}г."),
            ("ar", "10–13 يناير 2022", "30 يناير – 2 فبراير 2022"),
            ("hi", "10–13 जनवरी, 2022", "30 जनवरी – 2 फ़रवरी, 2022"),
            ("zh", "2022年1月10–13日", "2022年1月30日 – 2月2日"),
        ];
        for (tag, days, months) in forms {
            assert_eq!(period(tag, "2022-01-10/2022-01-13"), days, "{tag}");
            assert_eq!(period(tag, "2022-01-30/2022-02-02"), months, "{tag}");
        }
        // One day's number begins as the other's ends.
        assert_eq!(period("zh", "2022-01-01/2022-01-11"), "2022年1月1–11日");
        assert_eq!(period("en", "2022-02-02/2022-02-22"), "2–22 February 2022");
    }

    #[test]
    fn a_short_month_has_a_name() {
        let short = |tag: &str| Locale::of(tag).short_month(civil::date(2023, 8, 16));
        assert_eq!([short("en"), short("de"), short("zh")], ["Aug 2023", "August 2023", "2023年8月"]);
        assert_eq!(short("ar"), "أغسطس 2023");
    }

    #[test]
    fn a_language_without_forms_gets_iso_8601() {
        let day = civil::date(2022, 1, 21);
        let locale = Locale::of("tlh");
        assert_eq!(
            (locale.day(day), locale.month(day), locale.short(day)),
            ("2022-01-21".into(), "2022-01".into(), "01-21".into())
        );
        assert_eq!(locale.period(Period::parse("2022-01-10/2022-01-13").unwrap()), "2022-01-10 – 2022-01-13");
        assert_eq!(locale.time(civil::time(14, 5, 0, 0)), "14:05");
    }

    #[test]
    fn numbers_and_plurals_follow_the_language() {
        assert_eq!(Locale::of("en").number(12_345), "12,345");
        assert_eq!(Locale::of("de").number(12_345), "12.345");
        assert_eq!(Locale::of("de").fraction(46.2), "46,2");
        assert_eq!(Locale::of("ar-EG").number(12_345), "١٢٬٣٤٥");
        let forms = |tag: &str| [0, 1, 2, 3, 11, 21, 100].map(|count| Locale::of(tag).plural(count));
        assert_eq!(forms("en"), ["other", "one", "other", "other", "other", "other", "other"]);
        assert_eq!(forms("uk"), ["many", "one", "few", "few", "many", "one", "many"]);
        assert_eq!(forms("ar"), ["zero", "one", "two", "few", "many", "many", "other"]);
        assert_eq!(Locale::of("zh").plurals(), ["other"]);
    }

    #[test]
    fn names_stand_in_the_order_of_the_language() {
        let sorted = |tag: &str, mut names: Vec<&'static str>| {
            names.sort_by(|a, b| Locale::of(tag).compare(a, b));
            names
        };
        assert_eq!(sorted("fr", vec!["Zola", "Élysée", "eau"]), ["eau", "Élysée", "Zola"]);
        assert_eq!(
            sorted("uk", vec!["Їжак", "Іван", "Андрій", "Єва", "Ґанок", "Яна"]),
            ["Андрій", "Ґанок", "Єва", "Іван", "Їжак", "Яна"]
        );
        assert_eq!(sorted("sv", vec!["Öland", "Zorn", "Ånge"]), ["Zorn", "Ånge", "Öland"]);
    }

    #[test]
    fn a_tag_falls_back_to_what_it_is_a_case_of() {
        assert_eq!(Locale::of("zh-Hant-TW").fallbacks(), ["zh-Hant-TW", "zh-Hant", "zh", "en"]);
        assert_eq!(Locale::of("en-US").fallbacks(), ["en-US", "en"]);
    }

    #[test]
    fn scripts_decide_the_direction() {
        assert!(is_right_to_left("ar"));
        assert!(is_right_to_left("az-Arab"));
        assert!(!is_right_to_left("az"));
        assert!(!is_right_to_left("ur-Latn"));
    }
}
