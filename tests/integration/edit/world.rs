//! A small set of records to edit.

use serde_json::{Value, json};

/// The body of the article `news`.
pub const BODY: &str =
    "Libya asked Egypt for help. The army of Egypt sent planes to Derna in Libya on Monday. Cairo did not confirm it.";
/// The body of the article `khabar`.
pub const ARABIC_BODY: &str =
    "قال الجيش المصري إن الطائرات ضربت درنة في ليبيا. وقال الجيش المصري إنه لن يترك ليبيا وحدها.";

/// Places in each other, an organization, people, two articles, an event with all kinds of parts, and relations.
pub fn world() -> Vec<Value> {
    let mention = |entity: &str, text: &str, nth: usize| {
        let (start, end) = span(BODY, text, nth);
        json!({ "entity": entity, "field": "BODY", "start": start, "end": end, "text": text, "origin": "EDITOR" })
    };
    let arabic = |entity: &str, text: &str, nth: usize| {
        let (start, end) = span(ARABIC_BODY, text, nth);
        json!({ "entity": entity, "field": "BODY", "start": start, "end": end, "text": text, "origin": "EDITOR" })
    };
    vec![
        json!({ "type": "PLACE", "key": "libya", "kind": "COUNTRY", "name": "Libya", "language": "en", "countryCode": "LY",
            "names": [{ "text": "ليبيا", "language": "ar", "kind": "MAIN" }],
            "descriptions": [{ "text": "A country in North Africa.", "language": "en" }],
            "sameAs": ["http://www.wikidata.org/entity/Q1016"], "location": { "latitude": 27.0, "longitude": 17.0 } }),
        json!({ "type": "PLACE", "key": "egypt", "kind": "COUNTRY", "name": "Egypt", "language": "en" }),
        json!({ "type": "PLACE", "key": "tunisia", "kind": "COUNTRY", "name": "Tunisia", "language": "en" }),
        json!({ "type": "PLACE", "key": "derna", "kind": "CITY", "name": "Derna", "containedIn": "libya" }),
        json!({ "type": "PLACE", "key": "cairo", "kind": "CITY", "name": "Cairo", "containedIn": "egypt" }),
        json!({ "type": "ORGANIZATION", "key": "army", "kind": "MILITARY", "name": "Egyptian army", "language": "en",
            "country": "egypt", "headquarters": "cairo" }),
        json!({ "type": "ORGANIZATION", "key": "agency", "kind": "MEDIA", "name": "News agency" }),
        json!({ "type": "PERSON", "key": "salma", "name": "Salma", "nationalities": ["egypt"] }),
        json!({ "type": "PERSON", "key": "omar", "name": "Omar", "nationalities": ["libya", "egypt"], "occupation": "reporter" }),
        json!({ "type": "ARTICLE", "key": "news", "headline": "Planes over Derna", "language": "en", "body": BODY,
            "url": "https://news.example/1", "publishedOn": "2015-02-17", "publisher": "agency", "authors": ["omar", "salma"],
            "dateline": "cairo", "mentions": [
                mention("libya", "Libya", 0), mention("egypt", "Egypt", 0), mention("egypt", "Egypt", 1),
                mention("derna", "Derna", 0), mention("libya", "Libya", 1)] }),
        json!({ "type": "ARTICLE", "key": "khabar", "headline": "طائرات فوق درنة", "language": "ar", "body": ARABIC_BODY,
            "mentions": [
                arabic("army", "الجيش المصري", 0), arabic("derna", "درنة", 0), arabic("libya", "ليبيا", 0),
                arabic("army", "الجيش المصري", 1), arabic("libya", "ليبيا", 1)] }),
        json!({ "type": "EVENT", "key": "strike", "kind": "AIRSTRIKE", "name": "Air strikes on Derna", "language": "en",
            "date": { "edtf": "2015-02-16", "original": "on Monday" }, "status": "REPORTED", "officiallyConfirmed": false,
            "places": [{ "place": "derna", "description": "the east of" }],
            "participants": [
                { "participant": "army", "role": "ATTACKER", "citations": [{ "article": "news", "quote": "sent planes" }] },
                { "description": "21 people", "count": 21, "role": "VICTIM" }],
            "citations": [
                { "article": "news", "quote": "The army of Egypt sent planes to Derna", "attributedTo": "army" },
                { "article": "khabar", "quote": "الطائرات ضربت درنة", "modality": "CLAIM" }] }),
        json!({ "type": "EVENT", "key": "answer", "kind": "STATEMENT", "name": "An answer", "partOf": "strike",
            "date": { "relative": { "anchor": "strike", "relation": "AFTER", "duration": "P1W" } },
            "participants": [{ "participant": "omar", "role": "SPEAKER" }] }),
        json!({ "type": "RELATION", "key": "border", "source": "libya", "kind": "BORDERS", "target": "egypt",
            "citations": [{ "article": "news", "quote": "Libya asked Egypt" }] }),
        json!({ "type": "RELATION", "key": "army-of", "source": "army", "kind": "ARMY_OF", "target": "egypt" }),
    ]
}

/// The span of the nth occurrence of a text in another, in code points.
pub fn span(whole: &str, text: &str, nth: usize) -> (usize, usize) {
    let (at, _) = whole.match_indices(text).nth(nth).expect("the text is there");
    let start = whole[..at].chars().count();
    (start, start + text.chars().count())
}
