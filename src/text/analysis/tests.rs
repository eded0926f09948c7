//! What a query word finds in a text, pair by pair.

use std::collections::HashSet;

use super::{TextLanguage, index_terms, query::Query, query_terms, tokens};

/// Whether a text has a form of each word of a query.
fn finds(query: &str, text: &str, language: TextLanguage) -> bool {
    let terms: HashSet<String> = tokens(text).iter().flat_map(|token| index_terms(&token.form, language)).collect();
    let query = Query::parse(query).unwrap();
    let mut words = query.required.iter().flat_map(|clause| &clause.words).map(|word| &query.words[*word]);
    words.all(|word| query_terms(&word.form).iter().any(|term| terms.contains(term)))
}

fn assert_found(language: TextLanguage, pairs: &[(&str, &[&str])]) {
    for (query, texts) in pairs {
        for text in *texts {
            assert!(finds(query, text, language), "{query} finds {text}");
        }
    }
}

fn assert_not_found(language: TextLanguage, pairs: &[(&str, &[&str])]) {
    for (query, texts) in pairs {
        for text in *texts {
            assert!(!finds(query, text, language), "{query} does not find {text}");
        }
    }
}

#[test]
fn arabic_spellings_are_one_word() {
    assert_found(
        TextLanguage::English,
        &[
            ("طرابلس", &["طَرَابُلُس", "طرابـــلس"]),
            ("إنسان", &["انسان", "الأنسان"]),
            ("شئون", &["شؤون", "الشؤون"]),
            ("بنغازى", &["بنغازي"]),
            ("2014", &["٢٠١٤", "۲۰۱۴"]),
        ],
    );
}

#[test]
fn an_arabic_word_is_found_behind_letters_that_are_written_with_it() {
    assert_found(
        TextLanguage::English,
        &[
            ("مصراتة", &["بمصراتة", "ومصراتة", "وبمصراته", "لمصراتة"]),
            ("طبرق", &["وطبرق", "فطبرق", "كطبرق", "لطبرق"]),
            ("برلمان", &["البرلمان", "للبرلمان", "بالبرلمان", "والبرلمان", "برلمانها"]),
            ("الكويت", &["للكويت", "بالكويت", "وللكويت", "كويتي"]),
            ("وزارة", &["بوزارة", "الوزارة", "وزارتها", "ووزارته"]),
        ],
    );
}

#[test]
fn a_country_finds_its_people() {
    assert_found(
        TextLanguage::English,
        &[
            ("اليمن", &["يمني", "اليمنية", "اليمنيين", "واليمنيون"]),
            ("فرنسا", &["الفرنسية", "فرنسيين", "لفرنسا", "بفرنسي"]),
            ("إيطاليا", &["الإيطالي", "الايطاليين", "بإيطاليا"]),
            ("ألمانيا", &["الألمانية", "ألماني", "بألمانيا", "الألمان"]),
            ("السعودية", &["سعودي", "السعوديين", "سعودية"]),
            ("المغرب", &["مغربي", "المغاربة", "المغربية"]),
            ("تركيا", &["التركية", "أتراك"]),
            ("النمسا", &["نمساوي", "النمساوية"]),
            ("أمريكا", &["الأميركيين", "أميركا", "أمريكية"]),
        ],
    );
    assert_not_found(
        TextLanguage::English,
        &[("النيجر", &["نيجيرية"]), ("الأردن", &["أردية"]), ("مالي", &["مالية"]), ("تركيا", &["تركة"])],
    );
}

#[test]
fn forms_of_an_arabic_word_are_found() {
    assert_found(
        TextLanguage::English,
        &[
            ("طائرة", &["طائرات", "الطائرتين", "بطائراتها"]),
            ("مهاجر", &["المهاجرين", "مهاجرون", "مهاجرات"]),
            ("رئيس", &["الرؤساء", "رئيسها", "لرؤساء"]),
            ("سجن", &["السجون", "بسجون"]),
            ("قرية", &["القرى", "قرى"]),
            ("وزير", &["الوزراء", "وزيرة"]),
            ("اقتصاد", &["اقتصادية", "الاقتصادي"]),
        ],
    );
    assert_not_found(
        TextLanguage::English,
        &[
            ("اجتماع", &["اجتماعية", "الاجتماعيين"]),
            ("رئيس", &["رئيسية"]),
            ("قتيل", &["قتل"]),
            ("مدينة", &["مدنيين"]),
            ("نفط", &["نفطن"]),
            ("بحر", &["البحرين", "حر"]),
            ("ولاء", &["لاء"]),
        ],
    );
}

#[test]
fn forms_of_english_and_french_words_are_found() {
    assert_found(
        TextLanguage::English,
        &[
            ("meeting", &["Meetings"]),
            ("strikes", &["air strike"]),
            ("cafe", &["Café"]),
            ("Libya's", &["Libya"]),
            ("Ali", &["ʿAlī"]),
            ("Maʾrib", &["Marib"]),
            ("army", &["armies"]),
        ],
    );
    assert_found(
        TextLanguage::French,
        &[
            ("reunion", &["Réunions"]),
            ("état", &["l’Etat"]),
            ("libyenne", &["libyens"]),
            ("frontière", &["frontieres"]),
        ],
    );
    assert_not_found(TextLanguage::English, &[("news", &["new"]), ("Libya", &["Libyan"])]);
    assert_not_found(TextLanguage::French, &[("paris", &["pari"]), ("été", &["état"])]);
}

#[test]
fn words_of_other_languages_are_found_as_they_are() {
    assert_found(TextLanguage::of("de"), &[("häuser", &["HAUSER"]), ("straße", &["Strasse"])]);
    assert_found(TextLanguage::of("ru"), &[("ливия", &["Ливия"])]);
    assert_found(TextLanguage::of("ar-LY"), &[("meetings", &["meeting"])]);
}

// Queries, each with the words that it finds or does not find.

/// Letters that are written with a word, and endings.
#[rustfmt::skip]
const WITH_LETTERS_BEFORE: &[(&str, &str)] = &[
    ("سبها", "وسبها بسبها لسبها فسبها"), ("زوارة", "بزوارة وبزوارة زواره"),
    ("الخرطوم", "للخرطوم بالخرطوم والخرطوم خرطوم"), ("جنيف", "بجنيف لجنيف وجنيف"),
    ("مطار", "بالمطار للمطار والمطارات مطاراتها"), ("لجنة", "للجنة باللجنة اللجان لجنتها"),
    ("البرلمان", "برلمان وللبرلمان"),
];

/// Countries and their people.
#[rustfmt::skip]
const PEOPLE: &[(&str, &str)] = &[
    ("الصومال", "صومالي الصوماليين صومالية"), ("هولندا", "الهولندية هولنديين بهولندا"),
    ("موريتانيا", "الموريتاني موريتانيون"), ("بريطانيا", "البريطانية بريطاني بريطانيين"),
    ("إيران", "الإيرانيين ايرانية"), ("الإمارات", "الإماراتي إماراتية"), ("اليونان", "اليونانية يوناني"),
    ("أفغانستان", "أفغاني الأفغان"), ("الجزائر", "جزائريون الجزائرية"), ("تشاد", "التشاديين"),
];

/// Broken plurals.
#[rustfmt::skip]
const PLURALS: &[(&str, &str)] = &[
    ("حزب", "الأحزاب وأحزاب بالأحزاب"), ("صاروخ", "الصواريخ بصواريخ"), ("محكمة", "المحاكم"),
    ("قبيلة", "القبائل وقبائل"), ("سفير", "السفراء للسفراء"), ("جبل", "الجبال"), ("وفد", "الوفود"),
    ("ميناء", "الموانئ"), ("قانون", "القوانين"), ("كتيبة", "الكتائب"), ("سفينة", "السفن سفينتين"),
    ("شهر", "الأشهر شهور"),
];

/// Forms of hamza, alef, ya and ta marbuta.
#[rustfmt::skip]
const SPELLINGS: &[(&str, &str)] = &[
    ("إسرائيل", "اسرائيل الإسرائيلي"), ("أنباء", "انباء الأنباء"), ("قرآن", "قران القرآن"),
    ("مؤسسة", "المؤسسات مؤسساتها"), ("هيئة", "الهيئات هيئه"), ("ليبيه", "ليبية الليبيه"), ("مبنى", "مبني المبنى"),
    ("امارة", "إمارة"),
];

/// Other forms.
#[rustfmt::skip]
const OTHER_FORMS: &[(&str, &str)] = &[
    ("اتفاق", "الاتفاقات اتفاقية باتفاقه"), ("عسكري", "العسكرية عسكريين"), ("سياسة", "السياسي سياساتها"),
    ("معركة", "المعركة معاركهم"), ("لاجئ", "اللاجئين لاجئون"),
];

/// Words that only look alike.
#[rustfmt::skip]
const OTHER_WORDS: &[(&str, &str)] = &[
    ("نهر", "نهار"), ("كتاب", "كاتب"), ("شركة", "شارك"), ("حكم", "حاكم"), ("جيش", "جشع"), ("قصف", "قصيدة"),
    ("تونس", "تنس"), ("العراق", "عراك"), ("ألمانيا", "آلام"), ("اليابان", "يابس"), ("سلام", "إسلام"), ("مال", "مالي"),
    ("دين", "دينار"), ("عمل", "عميل"), ("سبها", "سبيه"), ("غزة", "غزال"), ("مالطا", "مال"), ("كندا", "كنز"),
    ("السعودية", "سعيد"), ("بلجيكا", "بلح"), ("الكويت", "كويكب"),
];

#[rustfmt::skip]
const ENGLISH: &[(&str, &str)] = &[
    ("soldier", "soldiers"), ("ceasefire", "ceasefires"), ("killed", "killing"), ("city", "Cities"),
    ("militia", "militias"), ("election", "elections"), ("naïve", "naive"), ("Tripoli's", "Tripoli"),
    ("hostages", "hostage"),
];
#[rustfmt::skip]
const OTHER_ENGLISH_WORDS: &[(&str, &str)] = &[
    ("arm", "army"), ("port", "report"), ("general", "generous"), ("Libya", "Liberia"), ("war", "warning"),
];
#[rustfmt::skip]
const FRENCH: &[(&str, &str)] = &[
    ("soldat", "soldats"), ("frappe", "frappes"), ("accord", "accords"), ("élection", "elections"),
    ("armée", "armées"), ("négociation", "négociations"), ("otage", "l’otage"), ("œuvre", "oeuvres"),
    ("libyen", "libyenne"),
];
#[rustfmt::skip]
const OTHER_FRENCH_WORDS: &[(&str, &str)] = &[
    ("gare", "guerre"), ("cour", "coureur"), ("pays", "paysage"), ("main", "maintien"),
];

#[test]
fn a_query_finds_the_forms_of_its_word_and_no_other_words() {
    let english = TextLanguage::English;
    for (language, pairs, are_found) in [
        (english, WITH_LETTERS_BEFORE, true),
        (english, PEOPLE, true),
        (english, PLURALS, true),
        (english, SPELLINGS, true),
        (english, OTHER_FORMS, true),
        (english, OTHER_WORDS, false),
        (english, ENGLISH, true),
        (english, OTHER_ENGLISH_WORDS, false),
        (TextLanguage::French, FRENCH, true),
        (TextLanguage::French, OTHER_FRENCH_WORDS, false),
    ] {
        for (query, words) in pairs {
            for word in words.split(' ') {
                assert_eq!(finds(query, word, language), are_found, "{query} {word}");
            }
        }
    }
}
