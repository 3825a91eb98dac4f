//! Places that datelines name, and capitals before a dash that are none.

/// Words in capitals before a dash that name no place, a space between them.
const FALSE_FRIENDS: &str = "FILE FILES WATCH UPDATE UPDATED UPDATES BREAKING LIVE EXCLUSIVE OPINION ANALYSIS EXPLAINER FACTBOX \
    VIDEO VIDEOS PHOTO PHOTOS CORRECTION CORRECTED CLARIFICATION NOTE NATO READ MORE REVIEW COMMENT \
    COMMENTARY EDITORIAL INTERVIEW FEATURE SPECIAL NEWS ALERT URGENT ADVISORY TIMELINE QUOTES QUOTE \
    INSIGHT FOCUS WRAPUP REFILE RECAST RPT ROUNDUP SPORT SPORTS WORLD POLITICS BUSINESS HEALTH SCIENCE \
    CULTURE TECH TECHNOLOGY ENTERTAINMENT CLIMATE ECONOMY NFL NBA MLB NHL FIFA UEFA UNESCO UNICEF OPEC \
    NASA OSCE ALSO RELATED ADVERTISEMENT PODCAST AUDIO GALLERY POLL QUIZ GRAPHIC MAP WARNING REPORT \
    HANDOUT COVID ARCHIVE ARCHIV ARCHIVO EILMELDUNG KOMMENTAR MEINUNG VIDÉO ÚLTIMA TOPSHOT COMBO THE \
    THIS WHY HOW WHAT";

/// Cities that news often comes from, lower case, a bar between them.
const CITIES: &str = "abidjan|abu dhabi|abuja|accra|addis ababa|aden|algiers|amman|amsterdam|ankara|astana|asunción|athen|\
    athens|atlanta|baghdad|bagdad|baku|bamako|bangkok|barcelona|basel|beijing|peking|beirut|belgrade|\
    belgrad|berlin|bern|bogotá|bogota|bonn|boston|brasília|brasilia|bratislava|brussels|brüssel|\
    bruxelles|bruselas|bucharest|bukarest|budapest|buenos aires|cairo|kairo|canberra|caracas|chennai|\
    chicago|chișinău|chisinau|colombo|copenhagen|kopenhagen|dakar|damascus|damaskus|davos|delhi|\
    den haag|dhaka|doha|donetsk|dresden|dubai|dublin|düsseldorf|edinburgh|frankfurt|frankfurt/main|gaza|\
    gaza city|geneva|genf|genève|ginebra|hamburg|hanoi|harare|havana|la habana|helsinki|hong kong|\
    houston|hyderabad|islamabad|istanbul|jakarta|jerusalem|johannesburg|kabul|kampala|karachi|kathmandu|\
    kharkiv|khartoum|kiev|kiew|kyiv|kigali|kinshasa|köln|kolkata|kuala lumpur|kuwait city|la paz|lagos|\
    lahore|leipzig|lima|lisbon|lisboa|lissabon|ljubljana|london|londres|los angeles|luanda|luxemburg|\
    luxembourg|lviv|madrid|manila|maputo|marseille|melbourne|mexico city|ciudad de méxico|miami|milan|\
    mailand|milano|minsk|mogadishu|monrovia|montevideo|montreal|moscow|moskau|moscou|moscú|mumbai|\
    münchen|munich|nairobi|new delhi|new york|nicosia|odesa|odessa|oslo|ottawa|ouagadougou|panama city|\
    paris|parís|phnom penh|podgorica|prague|prag|praha|pretoria|pristina|pyongyang|quito|rabat|ramallah|\
    reykjavik|riga|rio de janeiro|riyadh|rom|roma|rome|san francisco|san salvador|sanaa|santiago|\
    santo domingo|sao paulo|são paulo|sarajevo|seoul|shanghai|singapore|skopje|sofia|st. petersburg|\
    stockholm|straßburg|strasbourg|stuttgart|sydney|taipei|tallinn|tashkent|tbilisi|tegucigalpa|tehran|\
    teheran|tel aviv|the hague|tirana|tokyo|toronto|tripoli|tunis|ulaanbaatar|united nations|valencia|\
    vatican city|vienna|wien|vientiane|vilnius|warsaw|warschau|washington|wellington|windhoek|yangon|\
    yerevan|zagreb|zürich|zurich|москва|киев|київ|минск|санкт-петербург|харків|одеса|львів|вашингтон|\
    лондон|берлин|женева";

/// Whether any word of the text is one that stands before a dash and is no place: `FILE`, `WATCH`, `NATO`.
#[must_use]
pub fn is_false_friend(place: &str) -> bool {
    let upper = place.to_uppercase();
    upper.split([' ', ',', '/', '.']).any(|word| !word.is_empty() && FALSE_FRIENDS.split(' ').any(|f| f == word))
}

/// Whether this is a city that datelines often name: enough for a dateline with neither capitals nor an agency.
#[must_use]
pub fn is_city(name: &str) -> bool {
    let lower = name.trim().to_lowercase();
    CITIES.split('|').any(|city| city == lower)
}
