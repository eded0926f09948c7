"""The data: a made-up knowledge base of news, the same on every run, as one CSV file a table."""
import csv
import random
import uuid
from datetime import date, timedelta

# Size T is for trying the benchmark out.
SIZES = {"T": 0.05, "S": 1, "L": 10}
COUNTS = {"article": 10_000, "place": 2_000, "organization": 1_000, "event": 5_000, "person": 2_000}

ARABIC_WORDS = (
    "مدينة نهر جبل سوق ميناء شمال جنوب شرق غرب وادي قصر بيت حلب دمشق بغداد القاهرة صنعاء عمان الرباط تونس بيروت الموصل البصرة طرابلس"
).split()
ARABIC_ORGANIZATIONS = "منظمة جمعية مؤسسة اتحاد شركة وزارة مجلس هيئة لجنة مركز".split()
SYLLABLES = "ka lo mi ra ten sor bel dun var es ol ni gra pe tu ham zor li an do".split()
COUNTRY_CODES = "SY IQ EG DE FR US YE LB TN MA".split()
LANGUAGES = "ar en fr de".split()
# The vocabularies are those of Dateline.
PLACE_KINDS = "CITY COUNTRY REGION SITE".split()
ORGANIZATION_KINDS = "COMPANY GOVERNMENT NGO MEDIA".split()
EVENT_KINDS = "MEETING ATTACK ELECTION DISASTER AGREEMENT".split()
ROLES = "HOST PARTICIPANT TARGET ORGANIZER".split()

FIRST_DAY = date(2015, 1, 1)
DAYS = 3650


class Generator:
    """Writes the tables of one size into a folder."""

    def __init__(self, size, folder):
        self.folder = folder
        self.random = random.Random(20240607)
        choice = self.random.choice
        self.words = ["".join(choice(SYLLABLES) for _ in range(self.random.randint(1, 4))) for _ in range(3000)]
        vocabulary = self.words + ARABIC_WORDS * 4
        self.text = " ".join(choice(vocabulary) + (".\n" if self.random.random() < .04 else "") for _ in range(200_000))
        self.ids = {table: [self.id() for _ in range(int(count * SIZES[size]))] for table, count in COUNTS.items()}

    def id(self):
        return str(uuid.UUID(int=self.random.getrandbits(128), version=4))

    def name(self, words):
        """A quarter of all names is Arabic."""
        if self.random.random() < .25:
            return " ".join(self.random.choice(ARABIC_WORDS) for _ in range(words))
        return " ".join(self.random.choice(self.words).capitalize() for _ in range(words))

    def organization_name(self):
        prefix = self.random.choice(ARABIC_ORGANIZATIONS) + " " if self.random.random() < .25 else ""
        return prefix + self.name(2)

    def body(self):
        """2 to 4 kB of UTF-8."""
        length = self.random.randint(1600, 2800)
        start = self.random.randrange(len(self.text) - length)
        return self.text[start:start + length]

    def day(self):
        return FIRST_DAY + timedelta(days=self.random.randrange(DAYS))

    def popular(self, items, exponent):
        """One of the items; the first ones are taken far more often than the last ones."""
        return items[int(len(items) * self.random.random() ** exponent)]

    def write(self, table, header, rows):
        with open(self.folder / f"{table}.csv", "w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(header.split())
            writer.writerows(rows)

    def places(self):
        choice, ids = self.random.choice, self.ids["place"]
        for number, id in enumerate(ids):
            # Only places that come before it, so that no place is within itself.
            parent = self.popular(ids[:number], 2) if number > 20 else ""
            latitude, longitude = round(self.random.uniform(-60, 70), 5), round(self.random.uniform(-180, 180), 5)
            yield [id, self.name(2), choice(PLACE_KINDS), choice(COUNTRY_CODES), latitude, longitude, parent]

    def organizations(self):
        for id in self.ids["organization"]:
            yield [id, self.organization_name(), self.random.choice(ORGANIZATION_KINDS), self.popular(self.ids["place"], 2)]

    def events(self):
        for id in self.ids["event"]:
            yield [id, self.name(5), self.random.choice(EVENT_KINDS), self.day(), self.popular(self.ids["place"], 3)]

    def articles(self):
        for number, id in enumerate(self.ids["article"]):
            language = self.random.choice(LANGUAGES)
            yield [id, self.name(7), self.body(), language, self.day(), f"https://news.example/{number}"]

    def links(self, source, target, least, most, exponent):
        """Pairs of ids: each source with some targets, no target twice."""
        for id in self.ids[source]:
            count = self.random.randint(least, most)
            for other in sorted({self.popular(self.ids[target], exponent) for _ in range(count)}):
                yield [id, other]

    def write_all(self):
        self.write("place", "id name kind country_code latitude longitude parent_id", self.places())
        self.write("organization", "id name kind headquarters_id", self.organizations())
        self.write("person", "id name", ([id, self.name(2)] for id in self.ids["person"]))
        self.write("event", "id title kind starts_on place_id", self.events())
        self.write("article", "id title body language published_on url", self.articles())
        participants = (link + [self.random.choice(ROLES)] for link in self.links("event", "organization", 1, 5, 2))
        self.write("event_participant", "event_id organization_id role", participants)
        self.write("article_place", "article_id place_id", self.links("article", "place", 0, 9, 2))
        self.write("article_organization", "article_id organization_id", self.links("article", "organization", 0, 7, 2))
        self.write("article_event", "article_id event_id", self.links("article", "event", 0, 3, 1.3))


def generate(size, folder):
    """Writes the tables of a size into a folder."""
    Generator(size, folder).write_all()


def read(folder, table):
    """Gives the rows of a table as dictionaries of text."""
    with open(folder / f"{table}.csv", encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)
