//! The demo corpus, embedded in the program: JSON Lines as `dateline import` reads them.

macro_rules! seeds {
    ($($file:literal)*) => {
        /// The files and their contents, in the order in which they are read.
        pub const FILES: &[(&str, &str)] = &[$(($file, include_str!(concat!("../seeds/", $file)))),*];
    };
}

seeds! {
    "10-regions.jsonl"
    "20-countries.jsonl"
    "21-borders.jsonl"
    "30-cities.jsonl"
    "40-organizations.jsonl"
    "41-people.jsonl"
    "50-events.jsonl"
    "60-articles.jsonl"
    "70-relations.jsonl"
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn every_seed_is_held() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/seeds");
        let names = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<_> =
            names.filter(|name| Path::new(name).extension().is_some_and(|kind| kind == "jsonl")).collect();
        names.sort();
        assert_eq!(names, FILES.iter().map(|(name, _)| *name).collect::<Vec<_>>());
    }
}
