//! The steps for a document and its variables before and around execution, with a schema of the test.

#![allow(clippy::unused_async, reason = "resolvers are async, whether they wait or not")]

mod execution;
mod rule;
mod value;

use std::time::Duration;

use async_graphql::{
    ComplexObject, EmptyMutation, EmptySubscription, Enum, ID, InputObject, Interface, Object, OneofObject, Request,
    Response, Schema, SimpleObject, Variables,
};
use dateline::graphql::{
    document::{guarded, limit::Limits},
    error,
};
use serde_json::Value;

#[derive(Enum, Clone, Copy, PartialEq, Eq)]
enum Kind {
    City,
    Country,
}

#[derive(InputObject)]
struct Filter {
    kind: Option<Vec<Kind>>,
    #[graphql(default = 1)]
    least: i32,
    name: Option<String>,
    and: Option<Vec<Filter>>,
}

#[derive(OneofObject)]
enum Reference {
    Id(ID),
    Key(String),
}

#[derive(Interface)]
#[graphql(field(name = "name", ty = "&String"), field(name = "peers", ty = "Vec<Thing>"))]
enum Thing {
    Place(Place),
    Person(Person),
}

#[derive(SimpleObject)]
#[graphql(complex)]
struct Place {
    name: String,
    population: Option<i32>,
    country: Option<String>,
}

#[derive(SimpleObject)]
#[graphql(complex)]
struct Person {
    name: String,
    born: Option<String>,
    population: String,
}

#[ComplexObject]
impl Place {
    async fn peers(&self) -> Vec<Thing> {
        Vec::new()
    }
}

#[ComplexObject]
impl Person {
    async fn peers(&self) -> Vec<Thing> {
        Vec::new()
    }
}

struct Inner;

#[Object]
impl Inner {
    async fn slow(&self) -> &str {
        tokio::time::sleep(Duration::from_millis(20)).await;
        "slow"
    }
    async fn fails(&self) -> async_graphql::Result<Option<i32>> {
        Err(error::Code::BadUserInput.error("no such thing"))
    }
    async fn breaks(&self) -> async_graphql::Result<i32> {
        Err(std::io::Error::other("secret of the driver"))?
    }
    async fn fast(&self) -> &str {
        "fast"
    }
}

struct Query;

#[Object]
impl Query {
    async fn things(
        &self,
        kinds: Option<Vec<Kind>>,
        filter: Option<Filter>,
        first: Option<i32>,
        #[graphql(default = 7)] page: i32,
    ) -> Vec<Thing> {
        let _ = (kinds, first, page, filter.map(|filter| (filter.kind, filter.least, filter.name, filter.and)));
        vec![
            Thing::Place(Place { name: "Tunis".into(), population: Some(1), country: None }),
            Thing::Person(Person { name: "Ibn Khaldun".into(), born: None, population: "one".into() }),
        ]
    }
    async fn place(&self, by: Reference) -> Option<Place> {
        match by {
            Reference::Id(id) => Some(Place { name: id.0, population: None, country: None }),
            Reference::Key(_) => None,
        }
    }
    #[expect(clippy::too_many_arguments, reason = "one of each type")]
    async fn echo(
        &self,
        int: Option<i32>,
        float: Option<f64>,
        text: Option<String>,
        id: Option<ID>,
        yes: Option<bool>,
        list: Option<Vec<Vec<i32>>>,
    ) -> String {
        format!("{int:?} {float:?} {text:?} {id:?} {yes:?} {list:?}")
    }
    async fn inner(&self) -> Option<Inner> {
        Some(Inner)
    }
    async fn required(&self) -> Inner {
        Inner
    }
    async fn list(&self) -> Vec<Option<Inner>> {
        vec![Some(Inner), Some(Inner)]
    }
}

type Tested = Schema<Query, EmptyMutation, EmptySubscription>;

fn schema(limits: &Limits) -> Tested {
    guarded(Schema::build(Query, EmptyMutation, EmptySubscription), limits).finish()
}

/// Runs a document two times, and asserts that the answers are equal. A valid document comes from the cache the second time.
async fn run(document: &str, variables: Value) -> Response {
    let schema = schema(&Limits::DEFAULT);
    let request = || Request::new(document).variables(Variables::from_json(variables.clone()));
    let first = schema.execute(request()).await;
    let second = schema.execute(request()).await;
    assert_eq!(
        serde_json::to_string(&first).unwrap(),
        serde_json::to_string(&second).unwrap(),
        "the cache changes nothing"
    );
    first
}

async fn data(document: &str, variables: Value) -> Value {
    let response = run(document, variables).await;
    assert!(response.errors.is_empty(), "{document}: {:?}", response.errors);
    response.data.into_json().unwrap()
}

async fn refusal(document: &str, variables: Value) -> String {
    let response = run(document, variables).await;
    assert!(error::was_not_executed(&response), "{document} ran: {response:?}");
    assert!(
        response.errors.iter().all(|error| error.extensions.as_ref().is_some_and(|all| all.get("code").is_some())),
        "{response:?}"
    );
    response.errors[0].message.clone()
}
