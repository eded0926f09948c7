//! The steps of a search for paths.
//!
//! A level of an end is the entities that so many links lead to. The links of the shorter level are read next. When all links of a
//! levels of one end and of b levels of the other are known, all paths of the length a + b are known. A level with an entity that
//! has too many links is the last one of its end; then the other end goes on alone.

use super::{
    super::{
        call::{BoundSql, MAX_INNER_BYTES, SnapshotRead, Step},
        dialect::Dialect,
        error::ReadError,
        plan::RootPlan,
        record_search::fill_in_hits,
        splice::{SpliceProblem, splice},
        sql::{MAX_STATEMENT_BYTES, builder::Slot, objects},
    },
    MAX_HUBS, Part, PathPlan,
    answer::Found,
    graph::Graph,
    statement::{ends, links, read_ends, read_links},
};
use crate::text::article::with_article;
use entity::{
    Id, Reference,
    vocabulary::{RecordKind, Vocabulary as _},
};
use sea_orm::sea_query::Value;
use serde_json::value::RawValue;
use std::{
    collections::{BTreeSet, HashMap, HashSet},
    sync::Arc,
};
use uuid::Uuid;

/// The links of so many entities are read by one statement.
const ENTITIES_PER_STATEMENT: usize = 50;

/// A running search for paths.
pub(in super::super) struct PathSearch {
    plan: Arc<PathPlan>,
    /// The hits of the searches in each plan of objects.
    hits: Vec<Vec<Value>>,
    dialect: Dialect,
    max_bytes: usize,
    state: State,
    graph: Graph,
    sides: [Side; 2],
    /// Entities whose links are known.
    followed: HashSet<Uuid>,
    /// Entities with too many links.
    hubs: BTreeSet<Uuid>,
    links_read: usize,
    tried_steps_left: usize,
    /// Whether all links that paths may lead along are known.
    is_complete: bool,
    paths: Vec<Vec<Uuid>>,
    objects: Vec<HashMap<Uuid, String>>,
}

/// What the next answer is for.
enum State {
    Start,
    Ends,
    /// The links of the last level of a side. These entities of it are to be asked for.
    Level {
        side: usize,
        waiting: Vec<Uuid>,
    },
    Objects(Vec<Slot>, Vec<Uuid>),
}

/// What is known from one end.
#[derive(Default)]
struct Side {
    end: Uuid,
    /// How many levels have all their links known.
    levels: usize,
    /// The entities that are followed next.
    level: Vec<Uuid>,
    known: HashSet<Uuid>,
    /// Links of the last level are not known.
    is_blocked: bool,
}

impl Side {
    /// Whether all entities that can be reached from the end are known, with all their links. Then the other end need not be followed.
    fn has_reached_all(&self) -> bool {
        self.level.is_empty() && !self.is_blocked
    }
}

impl PathSearch {
    /// `max_bytes` is the size of the largest answer.
    pub(in super::super) fn new(
        plan: Arc<PathPlan>,
        hits: Vec<Vec<Value>>,
        dialect: Dialect,
        max_bytes: usize,
    ) -> Self {
        let tried_steps_left = plan.limits.tried_steps;
        Self {
            plan,
            hits,
            dialect,
            max_bytes,
            state: State::Start,
            graph: Graph::default(),
            sides: Default::default(),
            followed: HashSet::new(),
            hubs: BTreeSet::new(),
            links_read: 0,
            tried_steps_left,
            is_complete: true,
            paths: vec![],
            objects: vec![],
        }
    }

    /// Checks the ends, and begins with them.
    fn begin(&mut self, answer: Option<&str>) -> Result<Step, ReadError> {
        let ends = read_ends(answer)?;
        for (name, (reference, end)) in ["from", "to"].iter().zip(self.plan.ends.iter().zip(&ends)) {
            let Some(end) = end.as_ref().filter(|end| end.is_visible) else { continue };
            let is_entity = ![RecordKind::Article, RecordKind::Relation].iter().any(|kind| kind.as_str() == end.kind);
            if !is_entity {
                let kind = with_article(&end.kind.to_lowercase());
                return Err(ReadError::Refused(format!("`{name}`: {reference} is {kind}, not an entity.")));
            }
        }
        let [Some(from), Some(to)] = ends else { return self.finish() };
        if from.id == to.id {
            return Err(ReadError::Refused("`from` and `to` are the same entity.".to_owned()));
        }
        if !(from.is_visible && to.is_visible) {
            return self.finish();
        }
        for (side, end) in self.sides.iter_mut().zip([from.id, to.id]) {
            *side = Side { end, level: vec![end], known: HashSet::from([end]), ..Side::default() };
        }
        self.advance()
    }

    /// Follows the next level.
    fn advance(&mut self) -> Result<Step, ReadError> {
        loop {
            let length = self.length();
            if self.paths.len() >= self.plan.first || length >= self.plan.max_length {
                return self.finish();
            }
            let Some(side) = self.next_side() else {
                self.is_complete &= self.sides.iter().any(Side::has_reached_all);
                for longer in length + 1..=self.plan.max_length {
                    self.collect(longer);
                }
                return self.finish();
            };
            let other_end = self.sides[1 - side].end;
            let level = self.sides[side].level.iter().copied();
            // No path leads on from its end, or through an end.
            let is_open = |entity: &Uuid| *entity != other_end && !self.followed.contains(entity);
            let waiting: Vec<Uuid> = level.filter(is_open).collect();
            if !waiting.is_empty() {
                return Ok(self.ask(side, waiting));
            }
            self.end_level(side);
        }
    }

    /// The side whose last level is shorter; none where no side can go on, or need not.
    fn next_side(&self) -> Option<usize> {
        if self.is_exhausted() || self.sides.iter().any(Side::has_reached_all) {
            return None;
        }
        let can_go_on = |side: &usize| !self.sides[*side].level.is_empty();
        [0, 1].into_iter().filter(can_go_on).min_by_key(|side| self.sides[*side].level.len())
    }

    fn is_exhausted(&self) -> bool {
        self.followed.len() >= self.plan.limits.entities || self.links_read >= self.plan.limits.links
    }

    fn length(&self) -> usize {
        self.sides.iter().map(|side| side.levels).sum()
    }

    /// Asks for the links of the next entities of a level.
    fn ask(&mut self, side: usize, mut waiting: Vec<Uuid>) -> Step {
        let rest = waiting.split_off(waiting.len().min(ENTITIES_PER_STATEMENT));
        let query = links(&waiting, self.most_links(side), self.dialect);
        self.state = State::Level { side, waiting: rest };
        Step::Ask(query)
    }

    fn most_links(&self, side: usize) -> usize {
        let limits = &self.plan.limits;
        if self.sides[side].levels == 0 { limits.links_of_end } else { limits.links_of_entity }
    }

    /// Takes up the links that were read.
    fn follow(&mut self, answer: Option<&str>, side: usize, waiting: Vec<Uuid>) -> Result<Step, ReadError> {
        let most = self.most_links(side);
        for of in read_links(answer)? {
            self.followed.insert(of.entity);
            if of.count > most {
                self.links_read += most;
                self.hubs.insert(of.entity);
                continue;
            }
            self.links_read += of.count;
            for (other, link) in of.links {
                self.graph.add(of.entity, other, link);
            }
        }
        if !waiting.is_empty() && !self.is_exhausted() {
            return Ok(self.ask(side, waiting));
        }
        self.sides[side].is_blocked = !waiting.is_empty();
        self.end_level(side);
        self.advance()
    }

    /// Finds the next level of a side, and the paths whose links are known since.
    fn end_level(&mut self, at: usize) {
        let other_end = self.sides[1 - at].end;
        let side = &mut self.sides[at];
        let level = std::mem::take(&mut side.level);
        side.is_blocked |= level.iter().any(|entity| self.hubs.contains(entity) && *entity != other_end);
        if side.is_blocked {
            return;
        }
        side.levels += 1;
        // No path leads through its end.
        for entity in level.into_iter().filter(|entity| *entity != other_end) {
            side.level.extend(self.graph.neighbours(entity).filter(|other| side.known.insert(*other)));
        }
        side.level.sort_unstable();
        let length = self.length();
        self.collect(length);
    }

    /// Adds the known paths of a length.
    fn collect(&mut self, length: usize) {
        let [one, other] = &self.sides;
        if !self.graph.are_linked(one.end, other.end) {
            return;
        }
        let missing = self.plan.first.saturating_sub(self.paths.len());
        let found = self.graph.paths([one.end, other.end], length, missing, &mut self.tried_steps_left);
        self.paths.extend(found);
        self.is_complete &= self.tried_steps_left > 0;
    }

    /// Reads the records that the answer shows, one plan after the other.
    fn finish(&mut self) -> Result<Step, ReadError> {
        let plan = Arc::clone(&self.plan);
        let Some((part, RootPlan::Many { branches, others, .. })) = plan.objects.get(self.objects.len()) else {
            return self.found().to_json(&plan, self.max_bytes).map(Step::Done);
        };
        let ids: BTreeSet<Uuid> = match part {
            Part::Hub => self.unfollowed(),
            part => self.steps().iter().flatten().filter_map(|step| part.of_step(step)).collect(),
        };
        if ids.is_empty() {
            self.objects.push(HashMap::new());
            return self.finish();
        }
        let ids: Vec<Uuid> = ids.into_iter().collect();
        let references: Vec<Reference> = ids.iter().map(|id| Reference::Id(Id(*id))).collect();
        let mut statement = objects(&references, branches, others, self.dialect);
        if statement.sql.len() > MAX_STATEMENT_BYTES {
            return Err(ReadError::TooMuch);
        }
        fill_in_hits(&mut statement.values, &self.hits[self.objects.len()]);
        self.state = State::Objects(statement.slots, ids);
        Ok(Step::Ask(BoundSql { sql: statement.sql, values: statement.values }))
    }

    fn take_objects(&mut self, answer: Option<String>, slots: &[Slot], ids: Vec<Uuid>) -> Result<Step, ReadError> {
        let text = splice(answer.unwrap_or_default(), slots, MAX_INNER_BYTES).map_err(SpliceProblem::into_error)?;
        let objects: Vec<&RawValue> =
            serde_json::from_str(&text).map_err(|error| ReadError::Failed(error.to_string()))?;
        self.objects.push(ids.into_iter().zip(objects.iter().map(|object| object.get().to_owned())).collect());
        self.finish()
    }

    /// The entities whose links were not followed, if paths may be missing for that.
    fn unfollowed(&self) -> BTreeSet<Uuid> {
        let hubs = self.hubs.iter().filter(|_| !self.is_complete);
        hubs.take(MAX_HUBS).copied().collect()
    }

    fn steps(&self) -> Vec<Vec<[Uuid; 3]>> {
        let steps = |path: &Vec<Uuid>| -> Vec<[Uuid; 3]> {
            let pairs = path.windows(2);
            pairs.filter_map(|pair| Some([pair[0], pair[1], self.graph.link(pair[0], pair[1])?.via])).collect()
        };
        self.paths.iter().map(steps).collect()
    }

    fn found(&mut self) -> Found {
        Found {
            paths: self.steps(),
            hubs: self.unfollowed().into_iter().collect(),
            is_complete: self.is_complete,
            objects: std::mem::take(&mut self.objects),
        }
    }
}

impl Part {
    /// The record that a field shows of a step: from, to, via.
    pub(super) fn of_step(self, [from, to, via]: &[Uuid; 3]) -> Option<Uuid> {
        match self {
            Self::From => Some(*from),
            Self::To => Some(*to),
            Self::Via => Some(*via),
            Self::Hub => None,
        }
    }
}

impl SnapshotRead for PathSearch {
    fn next(&mut self, answer: Option<String>) -> Result<Step, ReadError> {
        match std::mem::replace(&mut self.state, State::Start) {
            State::Start => {
                self.state = State::Ends;
                let [from, to] = &self.plan.ends;
                Ok(Step::Ask(ends([from, to], self.dialect)))
            }
            State::Ends => self.begin(answer.as_deref()),
            State::Level { side, waiting } => self.follow(answer.as_deref(), side, waiting),
            State::Objects(slots, ids) => self.take_objects(answer, &slots, ids),
        }
    }
}
