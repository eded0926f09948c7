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
