//! Reads the lines of an import, and checks that exports are complete.

use std::{
    borrow::Cow,
    collections::HashSet,
    sync::atomic::{AtomicUsize, Ordering},
};

use rayon::{iter::ParallelIterator, slice::ParallelSlice};
use serde_json::Value;

use crate::domain::{
    document::{ExportLine, Line, read},
    problem::{InputProblem, Problem},
    write::Batch,
};

/// The number of lines that one core parses at a time.
const LINES_PER_CHUNK: usize = 250;

/// A text to import, with its name for messages.
#[derive(Debug, Clone)]
pub struct Source<'a> {
    /// The name of the file.
    pub name: Cow<'a, str>,
    /// JSON Lines.
    pub text: Cow<'a, str>,
}

/// The source and the number of a line.
pub(super) type Place = (usize, usize);

pub(super) type LineProblem = (Place, Problem);

/// The parsed lines of all texts.
#[derive(Default)]
pub(super) struct ParsedLines {
    pub(super) batch: Batch,
    /// The place of each line of the batch.
    pub(super) places: Vec<Place>,
    pub(super) problems: Vec<LineProblem>,
    /// The first and the last lines of exports.
    bounds: Vec<(Place, ExportLine)>,
    /// The problems of exports that are not complete.
    pub(super) incomplete: Vec<LineProblem>,
}

/// Reads all texts. `progress` gets the number of bytes read so far, and of all bytes.
pub(super) fn read_all(sources: &[Source<'_>], progress: &(dyn Fn(usize, usize) + Send + Sync)) -> ParsedLines {
    let of: usize = sources.iter().map(|source| source.text.len()).sum();
    let bytes = AtomicUsize::new(0);
    let mut lines = Vec::new();
    for (index, source) in sources.iter().enumerate() {
        let text = source.text.strip_prefix('\u{feff}').unwrap_or(&source.text);
        let of_source = (1..).zip(text.split('\n').map(str::trim));
        lines.extend(of_source.filter(|(_, line)| !line.is_empty()).map(|(number, line)| ((index, number), line)));
    }
    let read_share = |lines: &[(Place, &str)]| {
        let mut reading = ParsedLines::default();
        for (place, line) in lines {
            reading.add(*place, line);
        }
        let read: usize = lines.iter().map(|(_, line)| line.len() + 1).sum();
        let bytes = bytes.fetch_add(read, Ordering::Relaxed) + read;
        // The end is reported once, below.
        progress(bytes.min(of.saturating_sub(1)), of);
        reading
    };
    // The chunks are parsed in parallel; the result is in the order of the lines.
    let mut reading = lines.par_chunks(LINES_PER_CHUNK).map(read_share).reduce(ParsedLines::default, ParsedLines::then);
    if !reading.problems.is_empty() && reading.batch.unreadable.is_empty() {
        // A line that is not JSON has no name, but must prevent the import as well.
        reading.batch.unreadable.insert(String::new());
    }
    reading.check_exports();
    progress(of, of);
    reading
}

impl ParsedLines {
    fn add(&mut self, place: Place, line: &str) {
        let (content, problems) = read(line);
        if !problems.is_empty() {
            self.batch.unreadable.extend(names_of(line));
        }
        match content {
            Some(Line::Export(bound)) => self.bounds.push((place, bound)),
            Some(content) => {
                let index = self.batch.lines.len();
                self.batch.problems.extend(problems.into_iter().map(|problem| InputProblem::new(index, problem)));
                self.batch.lines.push(content);
                self.places.push(place);
            }
            None => self.problems.extend(problems.into_iter().map(|problem| (place, problem))),
        }
    }

    /// Appends the following lines.
    fn then(mut self, mut next: Self) -> Self {
        for problem in &mut next.batch.problems {
            problem.index += self.batch.lines.len();
        }
        self.batch.problems.extend(next.batch.problems);
        self.batch.lines.extend(next.batch.lines);
        self.batch.unreadable.extend(next.batch.unreadable);
        self.places.extend(next.places);
        self.problems.extend(next.problems);
        self.bounds.extend(next.bounds);
        self
    }

    /// Checks that every export is there from its first to its last line. A file may contain several, and other lines around them.
    fn check_exports(&mut self) {
        let mut first: Option<(Place, ExportLine)> = None;
        for &(place, line) in &self.bounds {
            let is_first = matches!(line, ExportLine::First {});
            let open = first.take_if(|(first, _)| is_first || first.0 != place.0);
            self.incomplete.extend(open.map(|(place, line)| (place, line.alone())));
            match first.take() {
                _ if is_first => first = Some((place, line)),
                None => self.incomplete.push((place, line.alone())),
                Some((begin, _)) => self.incomplete.extend(self.check_counts(begin, place, line)),
            }
        }
        self.incomplete.extend(first.map(|(place, line)| (place, line.alone())));
    }

    /// Checks that an export has as many lines as its last line says.
    fn check_counts(&self, first: Place, last: Place, line: ExportLine) -> Option<LineProblem> {
        let is_inside = |place: &Place| (first..last).contains(place);
        if self.problems.iter().any(|(place, _)| is_inside(place)) {
            return None;
        }
        let inside = self.places.iter().zip(&self.batch.lines).filter(|(place, _)| is_inside(place));
        let (records, revisions): (Vec<_>, Vec<_>) = inside.partition(|(_, line)| matches!(line, Line::Record(_)));
        line.check(records.len(), revisions.len()).map(|problem| (last, problem))
    }
}

/// The id and key of an invalid line, so that references to it are not reported as well.
fn names_of(line: &str) -> HashSet<String> {
    let value: Value = serde_json::from_str(line).unwrap_or_default();
    let own = ["id", "key"].into_iter().filter_map(|name| value.get(name));
    let merged = value.get("mergedIds").and_then(Value::as_array).into_iter().flatten();
    own.chain(merged).filter_map(|name| name.as_str().map(str::to_owned)).collect()
}

/// The problems as they are printed, in the order of their lines.
pub(super) fn messages(names: &[Cow<'_, str>], mut problems: Vec<LineProblem>) -> Vec<String> {
    problems.sort_by_key(|((source, line), _)| (*source, *line));
    problems.into_iter().map(|((source, line), problem)| format!("{}:{line}: {problem}", names[source])).collect()
}
