//! Variables and literals against their types.

use serde_json::json;

use super::{data, refusal};

#[tokio::test]
async fn a_missing_or_null_required_variable_is_refused() {
    assert_eq!(
        refusal("query($v: Int!) { echo(int: $v) }", json!({})).await,
        "Variable \"$v\" of required type \"Int!\" was not provided."
    );
    assert_eq!(
        refusal("query($v: Int!) { echo(int: $v) }", json!({ "v": null })).await,
        "Variable \"$v\" of type \"Int!\" must not be null."
    );
    assert_eq!(
        data("query($v: Int! = 3) { echo(int: $v) }", json!({})).await["echo"],
        "Some(3) None None None None None"
    );
    assert_eq!(
        data("query($v: Int = 3) { echo(int: $v) }", json!({ "v": null })).await["echo"],
        "None None None None None None"
    );
}

#[tokio::test]
async fn variables_that_do_not_fit_their_type_are_refused_with_their_path() {
    let cases = [
        ("Int", json!(2_147_483_648_u64), r#""v": 2147483648 is not an Int (a whole number of 32 bits)"#),
        ("Int", json!(1.5), r#""v": 1.5 is not an Int (a whole number of 32 bits)"#),
        ("Int", json!("1"), r#""v": "1" is not an Int"#),
        ("Float", json!("1"), r#""v": "1" is not a Float"#),
        ("String", json!(1), r#""v": 1 is not a String"#),
        ("Boolean", json!("true"), r#""v": "true" is not a Boolean"#),
        ("ID", json!(1.5), r#""v": 1.5 is not an ID"#),
        ("ID", json!({}), r#""v": an object is not an ID"#),
        ("Kind", json!("TOWN"), r#""v": "TOWN" is not a value of Kind"#),
        ("[Kind!]", json!(["CITY", null]), r#""v[1]": Kind! must not be null"#),
        ("[[Int!]!]", json!([[1], [2, "x"]]), r#""v[1][1]": "x" is not an Int"#),
        ("Filter", json!(1), r#""v": 1 is not an object, as Filter is"#),
        ("Filter", json!({ "and": [{ "kind": ["CITY", "X"] }] }), r#""v.and[0].kind[1]": "X" is not a value of Kind"#),
        ("Filter", json!({ "nope": 1 }), r#""v": Filter has no field "nope" (did you mean "name"?)"#),
        ("Filter", json!({ "least": null }), r#""v.least": Int! must not be null"#),
        ("Reference", json!({}), r#""v": Reference takes exactly one field, and no null"#),
        ("Reference", json!({ "id": "a", "key": "b" }), r#""v": Reference takes exactly one field, and no null"#),
        ("Reference", json!({ "id": null }), r#""v": Reference takes exactly one field, and no null"#),
    ];
    for (ty, value, misfit) in cases {
        let argument = match ty {
            "Int" => "int",
            "Float" => "float",
            "String" => "text",
            "Boolean" => "yes",
            "ID" => "id",
            "Kind" => "kinds[0]",
            "[Kind!]" => "kinds",
            "[[Int!]!]" => "list",
            "Filter" => "filter",
            _ => "by",
        };
        let document = match ty {
            "Int" => "query($v: Int) { echo(int: $v) }",
            "Float" => "query($v: Float) { echo(float: $v) }",
            "String" => "query($v: String) { echo(text: $v) }",
            "Boolean" => "query($v: Boolean) { echo(yes: $v) }",
            "ID" => "query($v: ID) { echo(id: $v) }",
            "Kind" => "query($v: Kind!) { things(kinds: [$v]) { name } }",
            "[Kind!]" => "query($v: [Kind!]) { things(kinds: $v) { name } }",
            "[[Int!]!]" => "query($v: [[Int!]!]) { echo(list: $v) }",
            "Filter" => "query($v: Filter) { things(filter: $v) { name } }",
            _ => "query($v: Reference!) { place(by: $v) { name } }",
        };
        let message = refusal(document, json!({ "v": value })).await;
        let used = format!("It is used for \"{argument}\".");
        assert_eq!(message, format!("Variable \"$v\" got an invalid value at {misfit}. {used}"));
    }
}

#[tokio::test]
async fn variables_that_fit_reach_the_resolver() {
    let document = "query($a: Int, $b: Float, $c: String, $d: ID, $e: Boolean, $f: [[Int!]!]) { echo(int: $a, float: $b, text: $c, id: $d, yes: $e, list: $f) }";
    let variables = json!({ "a": -2_147_483_648, "b": 2, "c": "x", "d": 7, "e": false, "f": 1, "unused": [1] });
    assert_eq!(
        data(document, variables).await["echo"],
        r#"Some(-2147483648) Some(2.0) Some("x") Some(ID("7")) Some(false) Some([[1]])"#
    );
    let document = "query($k: [Kind!]!, $f: Filter!, $r: Reference!) { things(kinds: $k, filter: $f) { name } place(by: $r) { name } }";
    let variables = json!({ "k": "CITY", "f": { "kind": "COUNTRY", "and": { "least": 2 } }, "r": { "id": "x" } });
    assert_eq!(data(document, variables).await["place"], json!({ "name": "x" }));
}

#[tokio::test]
async fn a_variable_in_a_place_of_another_type_is_refused_even_where_it_is_not_given() {
    let refused = [
        ("query($v: String) { echo(int: $v) }", r#""$v" of type "String" is used where "Int" is expected"#),
        (
            "query($v: Reference) { place(by: $v) { name } }",
            r#""$v" of type "Reference" is used where "Reference!" is expected"#,
        ),
        (
            "query($v: Kind) { things(kinds: [$v]) { name } }",
            r#""$v" of type "Kind" is used where "Kind!" is expected"#,
        ),
        (
            "query($v: String) { ...F } fragment F on Query { things(filter: {and: [{least: $v}]}) { name } }",
            r#""$v" of type "String" is used where "Int!" is expected"#,
        ),
        (
            "query($v: String) { place(by: {key: $v}) { name } }",
            r#""$v" of type "String" is used where "String!" is expected"#,
        ),
        ("query($v: Int) { echo @include(if: $v) }", r#""$v" of type "Int" is used where "Boolean!" is expected"#),
        (
            "query($v: Int) { __typename @include(if: $v) }",
            r#""$v" of type "Int" is used where "Boolean!" is expected"#,
        ),
        ("query($v: [Int]) { echo(list: $v) }", r#""$v" of type "[Int]" is used where "[[Int!]!]" is expected"#),
    ];
    for (document, message) in refused {
        assert_eq!(refusal(document, json!({})).await, format!("Variable {message}."));
    }
    data("query($v: [Kind!]!) { things(kinds: $v) { name } }", json!({ "v": [] })).await;
    data("query($v: Int) { things(page: $v) { name } }", json!({ "v": 3 })).await;
    data("query($v: Boolean = true) { echo @skip(if: $v) }", json!({})).await;
}

#[tokio::test]
async fn defaults_of_variables_count_in_skip_and_include() {
    let document = "query($v: Boolean = true) { a: echo @include(if: $v) b: echo @skip(if: $v) }";
    assert_eq!(data(document, json!({})).await.as_object().unwrap().keys().collect::<Vec<_>>(), ["a"]);
    assert_eq!(data(document, json!({ "v": false })).await.as_object().unwrap().keys().collect::<Vec<_>>(), ["b"]);
}

#[tokio::test]
async fn unknown_types_of_variables_are_refused_and_do_not_panic() {
    assert_eq!(refusal("query($v: [Nope!] = [1]) { echo }", json!({})).await, "Unknown type \"Nope\".");
    assert_eq!(
        refusal("query($v: Place) { echo }", json!({})).await,
        "Variable \"$v\" cannot be of type \"Place\": it is no input type."
    );
}

#[tokio::test]
async fn literals_that_do_not_fit_are_refused() {
    for document in [
        "{ echo(int: 2147483648) }",
        "{ things(filter: 1) { name } }",
        "{ things(kinds: [\"CITY\"]) { name } }",
        "{ things(filter: {least: 1, least: 2}) { name } }",
        "{ place(by: {id: \"a\", key: \"b\"}) { name } }",
        "query($v: Filter = 1) { things(filter: $v) { name } }",
        "query($v: Int = 2147483648) { echo(int: $v) }",
        "{ echo(nope: 1) }",
    ] {
        refusal(document, json!({})).await;
    }
}
