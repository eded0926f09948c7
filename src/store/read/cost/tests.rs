//! What plans cost.

use entity::Reference;

use super::{
    super::{
        declare::{
            ALL_RECORDS, Arguments, Column, DateOfHistogram, Facet, FacetMeaning, FacetValues, Link, NAMES, Scalar,
            Type,
        },
        facet::{Words, linked},
        filter::{Bound, Predicate, Test},
        page::Page,
        plan::{
            BucketField, ConnectionField, ConnectionPlan, EdgeFieldPlan, FacetField, FacetPlan, FieldPlan,
            HistogramPlan, NodePlan, ObjectPlan, RootPlan,
        },
        table_size::TableSizes,
        turn::Lane,
    },
    advice::advice,
};

fn sizes() -> TableSizes {
    TableSizes::default()
}

fn ty() -> &'static Type {
    static TYPE: std::sync::LazyLock<Type> = std::sync::LazyLock::new(|| Type::new("Thing", "thing", ""));
    &TYPE
}

fn object(fields: Vec<FieldPlan>) -> ObjectPlan {
    ObjectPlan { ty: ty(), fields: fields.into_iter().map(|node| (String::new(), node)).collect() }
}

fn list(size: u64, fields: Vec<ConnectionField>) -> ConnectionPlan {
    ConnectionPlan {
        list: String::new(),
        ty: ty(),
        link: Link::All,
        arguments: Arguments::new(),
        only: vec![],
        order: vec![],
        page: Page { size, backward: false, after: None, before: None },
        fields: fields.into_iter().map(|part| (String::new(), part)).collect(),
    }
}

fn nested(levels: &[u64]) -> Vec<FieldPlan> {
    match levels.split_first() {
        None => vec![],
        Some((size, rest)) => {
            vec![FieldPlan::Connection(Box::new(list(
                *size,
                vec![ConnectionField::Nodes(NodePlan::One(object(nested(rest))))],
            )))]
        }
    }
}

#[test]
fn lists_inside_of_lists_multiply() {
    let cost = |levels: &[u64]| object(nested(levels)).cost(&sizes()).total();
    assert_eq!(cost(&[]), 1, "an object alone");
    assert_eq!(cost(&[10]), 1 + 1 + 10);
    assert_eq!(cost(&[10, 20]), 1 + 1 + 10 * (1 + 1 + 20));
    assert!(cost(&[100, 100, 100]) > 1_000_000);
}

#[test]
fn no_plan_is_so_large_that_its_cost_overflows() {
    assert_eq!(object(nested(&[u64::MAX, u64::MAX])).cost(&sizes()).total(), u64::MAX);
    let root = RootPlan::Connection(Box::new(list(
        u64::MAX,
        vec![ConnectionField::Nodes(NodePlan::One(object(nested(&[100]))))],
    )));
    assert_eq!(root.cost(&sizes()).total(), u64::MAX);
}

#[test]
fn what_is_asked_for_twice_costs_twice_and_a_count_its_own() {
    let nodes = || ConnectionField::Nodes(NodePlan::One(object(vec![])));
    let edges =
        || ConnectionField::Edges(vec![("node".to_owned(), EdgeFieldPlan::Node(NodePlan::One(object(vec![]))))]);
    assert_eq!(
        list(50, vec![ConnectionField::TotalCount, ConnectionField::PageInfo(vec![])]).cost(&sizes()).total(),
        1 + 10
    );
    assert_eq!(list(50, vec![nodes()]).cost(&sizes()).total(), 51);
    assert_eq!(list(50, vec![nodes(), nodes()]).cost(&sizes()).total(), 101);
    assert_eq!(list(50, vec![edges()]).cost(&sizes()).total(), 101, "an edge and its node");
}

fn some(inner: Predicate) -> Predicate {
    Predicate::some_row(&ALL_RECORDS, Link::Back("a"), vec![inner])
}

#[test]
fn every_comparison_of_a_filter_costs() {
    let test = || Predicate::Test("a", Test::IsNull(true));
    let mut filtered = ConnectionPlan { link: Link::Back("a"), ..list(1, vec![]) };
    filtered.only = vec![Predicate::Any(vec![test(), Predicate::Not(Box::new(Predicate::All(vec![test(), test()])))])];
    assert_eq!(filtered.cost(&sizes()).total(), 1 + 3);
    filtered.only = vec![some(some(test()))];
    assert_eq!(filtered.cost(&sizes()).total(), 1 + 10 * (1 + 10 * (1 + 1)), "each link multiplies what stands in it");
    let owner = |inner| Predicate::some_row(&ALL_RECORDS, Link::Match("id", "a"), vec![inner]);
    filtered.only = vec![owner(owner(test()))];
    assert_eq!(filtered.cost(&sizes()).total(), 1 + 1 + 1 + 1, "a link to one row adds to it");
}

#[test]
fn the_dearest_of_all_that_a_column_may_name_is_what_it_costs() {
    let any = |branches: &[u64], first: &[u64]| FieldPlan::Any {
        key: Column { name: "a", scalar: Scalar::Id, nullable: false },
        kind: None,
        branches: branches.iter().map(|size| object(nested(&[*size]))).collect(),
        first: first.iter().map(|size| ("b", object(nested(&[*size])))).next(),
    };
    assert_eq!(any(&[10, 20], &[]).cost(ty(), &sizes()).total(), 22);
    assert_eq!(any(&[10, 20], &[5]).cost(ty(), &sizes()).total(), 22);
    assert_eq!(any(&[10, 20], &[30]).cost(ty(), &sizes()).total(), 32, "what comes first may be the dearest");
    assert_eq!(any(&[], &[]).cost(ty(), &sizes()).total(), 0);
}

#[test]
fn the_dearest_type_is_what_several_ids_cost() {
    let several = |ids: usize| RootPlan::Many {
        references: vec![Reference::from("a"); ids],
        branches: vec![object(vec![]), object(nested(&[10]))],
        others: vec![object(vec![])],
        include_deleted: false,
    };
    assert_eq!(several(1).cost(&sizes()).total(), 12);
    assert_eq!(several(100).cost(&sizes()).total(), 1200);
}

fn article(columns: &[&'static str]) -> ObjectPlan {
    static ARTICLE: std::sync::LazyLock<Type> = std::sync::LazyLock::new(|| Type::new("Article", "article", ""));
    let column = |name: &&'static str| FieldPlan::Column(Column { name, scalar: Scalar::Text, nullable: true });
    ObjectPlan { ty: &ARTICLE, fields: columns.iter().map(|name| ((*name).to_owned(), column(name))).collect() }
}

#[test]
fn a_long_text_costs_by_its_usual_size_under_each_alias_again() {
    let cost = |columns: &[&'static str]| {
        list(100, vec![ConnectionField::Nodes(NodePlan::One(article(columns)))]).cost(&sizes())
    };
    assert!(cost(&["headline"]).total() < 120);
    let (one, many) = (cost(&["body"]), cost(&["body"; 28]));
    assert!((1_000..2_000).contains(&one.total()), "{one:?}");
    assert!(many.total() > 25 * one.total() && many.bytes() == 28 * one.bytes(), "{many:?}");
}

#[test]
fn a_count_costs_by_its_table_and_less_within_further_rows() {
    let sizes = TableSizes::from_json(r#"{"thing":20000}"#).unwrap();
    let count = || vec![ConnectionField::TotalCount];
    assert_eq!(list(1, count()).cost(&sizes).total(), 1_001);
    let counted = object(vec![FieldPlan::Connection(Box::new(list(1, count())))]);
    let nested = list(21, vec![ConnectionField::Nodes(NodePlan::One(counted))]);
    assert_eq!(nested.cost(&sizes).total(), 1 + 21 * 2 + 1_000 + 20 * 10);
}

fn facet(values: impl Into<FacetValues>, first: u64, record: ObjectPlan) -> FacetPlan {
    let meaning = FacetMeaning::Words(Words::themselves("key"));
    let facet = Box::leak(Box::new(Facet { name: "A", doc: "", leaf: &["a"], values: values.into(), meaning }));
    let buckets = vec![("record".to_owned(), BucketField::Record(vec![record]))];
    let fields = vec![
        ("total".to_owned(), FacetField::Total),
        ("missing".to_owned(), FacetField::Missing),
        ("buckets".to_owned(), FacetField::Buckets(buckets)),
    ];
    FacetPlan { facet, first, only: vec![], selected: vec![], order: vec![], fields }
}

#[test]
fn a_facet_and_a_histogram_cost_a_count_and_each_bucket_its_record() {
    let sizes = TableSizes::from_json(r#"{"thing":5000,"link":20000}"#).unwrap();
    let own = || FacetValues::Own(Column { name: "a", scalar: Scalar::Text, nullable: false });
    let cost = |facets: Vec<FacetPlan>| list(0, vec![ConnectionField::Facets(facets)]).cost(&sizes).total();
    assert_eq!(cost(vec![facet(own(), 0, object(vec![]))]), 1 + 1 + 100);
    assert_eq!(
        cost(vec![facet(own(), 50, object(nested(&[2]))), facet(own(), 0, object(vec![]))]),
        1 + 2 * 101 + 50 * 4
    );
    let of_link = facet(linked("link", "owner", "value"), 10, object(vec![]));
    assert_eq!(
        cost(vec![of_link]),
        1 + 1 + 2 * 1_000 + 10,
        "the larger table counts, for the values and for what is missing"
    );
    let date = DateOfHistogram { filter: "a", start: "a", end: "a" };
    let histogram = ConnectionField::Histogram(HistogramPlan { date, arguments: Arguments::new(), bytes: 0 });
    assert_eq!(list(0, vec![histogram]).cost(&sizes).total(), 1 + 100);
}

#[test]
fn a_facet_with_expensive_records_is_the_most_expensive_list() {
    let own = FacetValues::Own(Column { name: "a", scalar: Scalar::Text, nullable: false });
    let facets = ConnectionField::Facets(vec![facet(own, 100, object(nested(&[100])))]);
    let root = RootPlan::Connection(Box::new(ConnectionPlan {
        fields: vec![("facets".to_owned(), facets)],
        ..list(20, vec![])
    }));
    let named = advice([("events", &root)].into_iter(), &sizes(), root.cost(&sizes()).total(), 5_000);
    let message = named.expect("a list").to_string();
    assert!(message.starts_with("The most expensive list is `events.facets` with a page of 100:"), "{message}");
}

#[test]
fn the_most_expensive_list_is_named_with_a_page_that_fits() {
    let named = |levels: &[u64], limit: u64| {
        let nodes = ConnectionField::Nodes(NodePlan::One(object(nested(&levels[1..]))));
        let root = RootPlan::Connection(Box::new(list(levels[0], vec![nodes])));
        let cost = root.cost(&sizes()).total();
        advice([("articles", &root)].into_iter(), &sizes(), cost, limit).map(|list| list.to_string())
    };
    let message = named(&[100, 100], 5_000).unwrap();
    assert_eq!(
        message,
        "The most expensive list is `articles` with a page of 100: with a page of 49, the request would cost about 4999."
    );
    assert_eq!(named(&[1], 10), None, "there is no smaller page");
    assert_eq!(named(&[2, 100], 50), None, "no page fits");
}

#[test]
fn a_where_is_named_if_no_page_makes_the_request_cheap_enough() {
    let nested = |levels: u32| (0..levels).fold(Predicate::Test("a", Test::IsNull(true)), |inner, _| some(inner));
    let named = |levels: u32, limit: u64| {
        let nodes = ConnectionField::Nodes(NodePlan::One(object(vec![])));
        let root =
            RootPlan::Connection(Box::new(ConnectionPlan { only: vec![nested(levels)], ..list(50, vec![nodes]) }));
        let cost = root.cost(&sizes()).total();
        advice([("places", &root)].into_iter(), &sizes(), cost, limit).map(|advice| advice.to_string())
    };
    let message = named(3, 1_000).unwrap();
    assert!(message.starts_with("The `where` of `places` costs 2111: "), "{message}");
    let message = named(1, 60).unwrap();
    assert!(message.starts_with("The most expensive list is `places` with a page of 50: "), "{message}");
}

#[test]
fn a_filter_without_an_index_costs_a_count_of_the_whole_table() {
    static ARTICLE: std::sync::LazyLock<Type> = std::sync::LazyLock::new(|| Type::new("Article", "article", ""));
    let sizes = TableSizes::from_json(r#"{"article":20000}"#).unwrap();
    let cost = |link: Link, only: Vec<Predicate>| {
        let plan = ConnectionPlan { ty: &ARTICLE, link, only, ..list(1, vec![]) };
        plan.cost(&sizes).total()
    };
    let text = |column, text: &str| Predicate::Test(column, Test::Equals(Bound::Text(text.to_owned())));
    let day = || Predicate::Test("published_desc", Test::AtLeast(Bound::Int(1)));
    let named = || Predicate::some_row(&NAMES, Link::Back("record_id"), vec![text("text", "Libya")]);
    assert_eq!(cost(Link::All, vec![]), 1);
    assert_eq!(cost(Link::All, vec![text("language", "ar")]), 1_002);
    assert_eq!(cost(Link::All, vec![text("url", "https://example.org/")]), 2);
    assert_eq!(cost(Link::All, vec![text("language", "ar"), day()]), 3, "one index is enough");
    assert_eq!(cost(Link::All, vec![Predicate::Any(vec![text("language", "ar"), day()])]), 1_003);
    assert_eq!(cost(Link::All, vec![day().negated()]), 1_002);
    assert_eq!(cost(Link::All, vec![named()]), 21);
    assert_eq!(cost(Link::Back("publisher_id"), vec![text("language", "ar")]), 2, "the link finds the rows");
}

#[test]
fn some_counts_in_a_large_table_make_a_read_expensive_and_long_pages_alone_do_not() {
    let sizes = TableSizes::from_json(r#"{"thing":20000}"#).unwrap();
    let counted = |counts: usize| list(1, (0..counts).map(|_| ConnectionField::TotalCount).collect()).cost(&sizes);
    assert_eq!([2, 3].map(|counts| counted(counts).lane()), [Lane::Cheap, Lane::Expensive]);
    let pages = |levels: &[u64]| object(nested(levels)).cost(&sizes).lane();
    assert_eq!((pages(&[20, 20, 20]), pages(&[100, 100, 2])), (Lane::Cheap, Lane::Expensive));
}
