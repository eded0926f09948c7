//! Countries and their people: the name of a country finds its demonyms.

use super::word::{count, folded, without_article};

/// Marks the term of a country.
const MARK: char = '#';

/// The Arabic names of countries, from CLDR, where they are one word; and of continents.
const NAMES: &[&str] = &[
    "أندورا",
    "أفغانستان",
    "أنغويلا",
    "ألبانيا",
    "أرمينيا",
    "كوراساو",
    "أنغولا",
    "الأرجنتين",
    "النمسا",
    "أستراليا",
    "أروبا",
    "أذربيجان",
    "بربادوس",
    "بنغلاديش",
    "بلجيكا",
    "بلغاريا",
    "البحرين",
    "بوروندي",
    "بنين",
    "برمودا",
    "بروناي",
    "بوليفيا",
    "البرازيل",
    "بوتان",
    "بوتسوانا",
    "بيلاروس",
    "بيلاروسيا",
    "بليز",
    "كندا",
    "سويسرا",
    "تشيلي",
    "الكاميرون",
    "الصين",
    "كولومبيا",
    "كوستاريكا",
    "صربيا",
    "كوبا",
    "قبرص",
    "التشيك",
    "ألمانيا",
    "جيبوتي",
    "الدانمرك",
    "الدنمارك",
    "دومينيكا",
    "الجزائر",
    "الإكوادور",
    "إستونيا",
    "مصر",
    "إريتريا",
    "إسبانيا",
    "إثيوبيا",
    "فنلندا",
    "فيجي",
    "ميكرونيزيا",
    "فرنسا",
    "الغابون",
    "غرينادا",
    "جورجيا",
    "غانا",
    "غرينلاند",
    "غامبيا",
    "غينيا",
    "اليونان",
    "غواتيمالا",
    "غيانا",
    "هندوراس",
    "كرواتيا",
    "هايتي",
    "هنغاريا",
    "إندونيسيا",
    "أيرلندا",
    "إسرائيل",
    "الهند",
    "العراق",
    "إيران",
    "آيسلندا",
    "إيطاليا",
    "جامايكا",
    "الأردن",
    "اليابان",
    "كينيا",
    "قيرغيزستان",
    "كمبوديا",
    "كيريباتي",
    "الكويت",
    "كازاخستان",
    "لاوس",
    "لبنان",
    "ليختنشتاين",
    "سريلانكا",
    "ليبيريا",
    "ليسوتو",
    "ليتوانيا",
    "لوكسمبورغ",
    "لاتفيا",
    "ليبيا",
    "المغرب",
    "موناكو",
    "مولدوفا",
    "مدغشقر",
    "منغوليا",
    "موريتانيا",
    "مالطا",
    "موريشيوس",
    "ملاوي",
    "المكسيك",
    "ماليزيا",
    "موزمبيق",
    "ناميبيا",
    "النيجر",
    "نيجيريا",
    "نيكاراغوا",
    "هولندا",
    "النرويج",
    "نيبال",
    "نيوزيلندا",
    "عمان",
    "بنما",
    "بيرو",
    "الفلبين",
    "باكستان",
    "بولندا",
    "بورتوريكو",
    "البرتغال",
    "باراغواي",
    "قطر",
    "زيمبابوي",
    "رومانيا",
    "روسيا",
    "رواندا",
    "سيشل",
    "السودان",
    "السويد",
    "سنغافورة",
    "سلوفينيا",
    "سلوفاكيا",
    "سيراليون",
    "السنغال",
    "الصومال",
    "سورينام",
    "السلفادور",
    "سوريا",
    "إسواتيني",
    "تشاد",
    "توغو",
    "تايلاند",
    "طاجيكستان",
    "تركمانستان",
    "تونس",
    "تركيا",
    "تايوان",
    "تنزانيا",
    "أوكرانيا",
    "أوغندا",
    "أورغواي",
    "أوزبكستان",
    "الفاتيكان",
    "فيتنام",
    "فنزويلا",
    "ساموا",
    "كوسوفو",
    "اليمن",
    "زامبيا",
    "السعودية",
    "الإمارات",
    "بريطانيا",
    "إنجلترا",
    "فلسطين",
    "كوريا",
    "البوسنة",
    "مقدونيا",
    "أفريقيا",
    "آسيا",
    "أوروبا",
];

/// Other forms of a name: another spelling, or people whose name does not follow the rule.
const OTHER_FORMS: &[(&str, &[&str])] = &[
    ("أمريكا", &["أميركا", "أمريكي", "أميركي", "أمريكان", "أميركان"]),
    ("المغرب", &["مغاربة"]),
    ("تركيا", &["أتراك"]),
    ("الهند", &["هنود"]),
    ("روسيا", &["روس"]),
    ("ألمانيا", &["ألمان"]),
    ("إسبانيا", &["إسبان"]),
    ("إنجلترا", &["إنكلترا", "إنجليز", "إنكليز", "إنجليزي", "إنكليزي"]),
    ("الصومال", &["صوماليا"]),
    ("أفغانستان", &["أفغان", "أفغاني"]),
    ("كازاخستان", &["كازاخ", "كازاخي"]),
    ("أوزبكستان", &["أوزبك", "أوزبكي"]),
    ("طاجيكستان", &["طاجيك", "طاجيكي"]),
    ("تركمانستان", &["تركمان", "تركماني"]),
    ("قيرغيزستان", &["قيرغيز", "قيرغيزي"]),
    ("البوسنة", &["بوسني", "بوسنيا"]),
    ("سوريا", &["سورية"]),
    ("النيجر", &["نيجري"]),
    ("آسيا", &["آسيوي"]),
    ("أفريقيا", &["أفارقة"]),
    ("إيطاليا", &["طليان"]),
];

/// A demonym of these names means something else.
const WITHOUT_DEMONYM: &[&str] = &["توغو"];

const PEOPLE_ENDINGS: [&str; 9] = ["", "ه", "ا", "ون", "ين", "ان", "ات", "تين", "تان"];

/// Whether a term is that of a country.
pub(super) fn is_key(term: &str) -> bool {
    term.starts_with(MARK)
}

/// The folded forms of names and demonyms, with the term of their country.
pub(super) fn words() -> impl Iterator<Item = (String, String)> {
    let names = NAMES.iter().map(|name| (*name, &[] as &[&str])).chain(OTHER_FORMS.iter().copied());
    names.flat_map(|(name, others)| {
        let full = folded(name);
        let bare = without_article(&full).unwrap_or(&full).to_owned();
        let term = format!("{MARK}{bare}");
        let mut demonyms = if WITHOUT_DEMONYM.contains(&name) { vec![] } else { demonyms(&bare) };
        // A name that begins with the letters of the article, such as ألمانيا, is stored with them as well.
        if name.starts_with('أ') && full != bare {
            demonyms.extend(demonyms_of_name(&full));
        }
        let mut forms = vec![full, bare];
        for other in others.iter().map(|other| folded(other)) {
            if other.ends_with('ي') { demonyms.push(other) } else { forms.push(other) }
        }
        forms.extend(
            demonyms.iter().flat_map(|demonym| PEOPLE_ENDINGS.iter().map(move |ending| format!("{demonym}{ending}"))),
        );
        forms.into_iter().map(|form| (form, term.clone())).collect::<Vec<_>>()
    })
}

fn demonyms(bare: &str) -> Vec<String> {
    if count(bare) < 3 { vec![] } else { demonyms_of_name(bare) }
}

/// ليبيا gives ليبي and ليبياوي, فرنسا gives فرنسي, السعودية gives سعودي, مصر gives مصري.
fn demonyms_of_name(name: &str) -> Vec<String> {
    if let Some(short) = name.strip_suffix("يا") {
        return vec![format!("{short}ي"), format!("{name}وي")];
    }
    if let Some(short) = name.strip_suffix("يه") {
        return vec![format!("{short}ي")];
    }
    if let Some(short) = name.strip_suffix('ا') {
        return vec![format!("{short}ي"), format!("{name}وي")];
    }
    if let Some(short) = name.strip_suffix("ات").filter(|short| count(short) >= 4) {
        return vec![format!("{short}اتي"), format!("{short}ي")];
    }
    if name.ends_with('ي') {
        return vec![name.to_owned()];
    }
    vec![format!("{}ي", name.strip_suffix('ه').unwrap_or(name))]
}
