"""The questions of `benches/questions`: filters, facets, graph and search. Each call of one gives another document."""
import json
import random

from .data import read


def text(value):
    return json.dumps(value, ensure_ascii=False)


class Asking:
    """Makes questions about the data of a folder and about a tree of places."""

    def __init__(self, folder, tree):
        self.random = random.Random(3)
        self.tree = tree
        self.places = [row["id"] for row in read(folder, "place")]
        self.organizations = [row["id"] for row in read(folder, "organization")]
        self.headlines = [row["title"] for row in read(folder, "article")]
        self.words = [word for headline in self.headlines[:3_000] for word in headline.split()]

    # The first records of the data have the most links.

    def popular(self, ids):
        return text(ids[int(len(ids) * self.random.random() ** 2)])

    def place(self):
        return self.popular(self.places)

    def organization(self):
        return self.popular(self.organizations)

    def word(self, length=1):
        return self.random.choice([word for word in self.random.choices(self.words, k=100) if len(word) >= length])

    def week(self, operator):
        year, month = self.random.randint(2015, 2023), self.random.randint(1, 12)
        return f'date: {{ {operator}: {{ from: "{year}-{month:02}-10", to: "{year}-{month:02}-17" }} }}'

    def questions(self):
        """Gives the questions by name, each as a function that makes a document."""
        pick = self.random.choice

        def nodes(list, where, fields="id"):
            return f"{{ {list}(where: {{ {where} }}) {{ nodes {{ {fields} }} }} }}"

        def near():
            latitude, longitude = self.random.uniform(20, 32), self.random.uniform(10, 24)
            return nodes("places", f"near: {{ latitude: {latitude:.3f}, longitude: {longitude:.3f}, radiusKm: 100 }}, events: {{ some: {{}} }}", "name")

        def search(query, fields="edges { node { id } }"):
            return f"{{ search(query: {text(query)}) {{ {fields} }} }}"

        return {
            "attacks of five years within a place, by an organization, with their newest articles": lambda: nodes(
                "events", f'kind: {{ in: [ATTACK, DISASTER] }}, date: {{ overlaps: {{ from: "2015-01-01", to: "2019-12-31" }} }}, '
                f"places: {{ within: [{self.place()}] }}, participants: {{ some: {{ participant: {{ id: {{ equals: {self.organization()} }} }}, "
                "role: { in: [TARGET, HOST] } } }",
                "name articles(first: 3, orderBy: { field: PUBLISHED_ON, direction: DESC }) { nodes { headline } }"),
            "Arabic articles that mention two places and not a third, cited for an attack": lambda: nodes(
                "articles", f'language: {{ equals: "ar" }}, mentions: {{ all: [{self.place()}, {self.place()}] }}, '
                f"not: {{ mentions: {{ any: [{self.place()}] }} }}, events: {{ some: {{ kind: {{ equals: ATTACK }} }} }}"),
            "articles that mention places within two places": lambda: nodes(
                "articles", f"and: [{{ places: {{ within: [{self.place()}] }} }}, {{ places: {{ within: [{self.place()}] }} }}]"),
            "events possibly in a week": lambda: nodes("events", self.week("overlaps")),
            "events certainly in a week": lambda: nodes("events", self.week("within")),
            "places within 100 km where something happened": near,
            "attacks within a country of 200,000 places": lambda: nodes(
                "events", f"places: {{ within: [{text(self.tree.country)}] }}, kind: {{ equals: ATTACK }}"),
            "towns within a region of that country": lambda: nodes(
                "places", f"within: [{text(self.tree.region)}], kind: {{ equals: CITY }}"),
            "organizations active within a place in a year": lambda: nodes(
                "organizations", "participations: { some: { event: { date: { within: { from: \"2015-01-01\", to: \"2015-12-31\" } }, "
                f"places: {{ within: [{self.place()}] }} }} }} }}"),
            "hosts of events of which an organization was the target": lambda: nodes(
                "organizations", "participations: { some: { role: { equals: HOST }, event: { participants: { some: { role: { equals: TARGET }, "
                f"participant: {{ id: {{ equals: {self.organization()} }} }} }} }} }} }} }}"),
            "citations that lost their place": lambda: nodes("citations", "anchor: { equals: ORPHANED }"),
            "mentions that lost their place": lambda: nodes("mentions", "anchor: { equals: ORPHANED }"),
            "changes of one editor since a day": lambda: nodes(
                "changes", 'actor: { equals: "import" }, at: { gte: "2026-01-01T00:00:00Z" }'),
            "names that contain a rare text": lambda: nodes("places", f"name: {{ contains: {text(self.word(8)[1:7])} }}"),
            "headlines that contain three letters": lambda: nodes("articles", f"headline: {{ contains: {text(pick(['ran', 'dun', 'kal', 'سوق', 'نهر']))} }}"),
            "names with a word that begins with two letters": lambda: nodes("places", f"name: {{ contains: {text(pick(['ka', 'lo', 'mi', 'نه']))} }}"),
            "names that begin with one letter": lambda: nodes("places", f"name: {{ startsWith: {text(pick('kldszن'))} }}"),
            "names that begin with three letters": lambda: nodes("places", f"name: {{ startsWith: {text(self.word(3)[:3])} }}"),
            "places most mentioned": lambda: "{ places(orderBy: { field: ARTICLE_COUNT, direction: DESC }) { nodes { name articleCount } } }",
            "what a place is related to": lambda: f"{{ place(id: {self.place()}) {{ related(first: 10) {{ score entity {{ name }} }} }} }}",
            "paths from an organization to a place": lambda: f"{{ paths(from: {self.organization()}, to: {self.place()}) {{ length }} }}",
            "search: three words": lambda: search(" ".join(self.word() for _ in range(3))),
            "search: a common word, with matches and count": lambda: search(
                pick(["نهر", "سوق", "وادي"]), "totalCount edges { node { id } matches { text } }"),
            "search: a phrase": lambda: search(f'"{" ".join(pick(self.headlines).split()[:2])}"'),
            "suggest: two to four letters": lambda: f"{{ suggest(prefix: {text(self.word(4)[:pick([2, 3, 4])])}) {{ record {{ id }} name {{ text }} }} }}",
            "suggest: a word and two letters": lambda: "{{ suggest(prefix: {}) {{ record {{ id }} }} }}".format(
                text(" ".join((words := pick(self.headlines).split())[:1] + [words[1][:2]]))),
        }

    def counts(self):
        """Gives the facets and histograms by name. Each visits most of a table, or a tenth of it."""
        year = '{ from: "2016-01-01", to: "2016-12-31" }'

        def facets(list, by, where=""):
            return (f"{{ {list}(first: 0, where: {{ {where} }}) {{ facets(by: [{by}]) "
                    "{ total missing buckets { value count label } } } }")

        def histogram(list, where=""):
            return f"{{ {list}(first: 0, where: {{ {where} }}) {{ histogram {{ interval buckets {{ from to count possibleCount }} }} }} }}"

        return {
            "articles by language and publisher": lambda: facets("articles", "LANGUAGE, PUBLISHER"),
            "articles by organization": lambda: facets("articles", "ORGANIZATION"),
            "articles by place": lambda: facets("articles", "PLACE"),
            "articles of a year by place": lambda: facets("articles", "PLACE", f"publishedOn: {year}"),
            "articles of a year by organization": lambda: facets("articles", "ORGANIZATION", f"publishedOn: {year}"),
            "events by kind and participant": lambda: facets("events", "KIND, PARTICIPANT"),
            "events by place": lambda: facets("events", "PLACE"),
            "events of a year by kind, place and participant": lambda: facets("events", "KIND, PLACE, PARTICIPANT", f"date: {{ within: {year} }}"),
            "events over time": lambda: histogram("events"),
            "articles over time": lambda: histogram("articles"),
            "events of a year over time": lambda: histogram("events", f"date: {{ within: {year} }}"),
        }

    def searches(self, count):
        """Gives queries of search of many kinds, whose hits must be the same on both databases."""
        headline = lambda: self.random.choice(self.headlines).split()
        kinds = [
            lambda: self.word(),
            lambda: f"{self.word()} {self.word()}",
            lambda: f'"{" ".join(headline()[:2])}"',
            lambda: f"{self.word(4)[:4]}*",
            lambda: f"{self.word()} -{self.word()}",
        ]
        return [kinds[number % len(kinds)]() for number in range(count)]
