"""A tree of 200,101 places beside the data: a country with regions, districts and towns, and events in the towns."""
import json
import random
import uuid

REGIONS, DISTRICTS, TOWNS, EVENTS = 100, 40, 49, 3_000
SYLLABLES = "ka lo mi ra ten sor bel dun var es ol ni gra pe tu ham zor li an do".split()
KINDS = "ATTACK AIRSTRIKE MEETING".split()


class Tree:
    """The tree as lines that `dateline import` reads. It is the same on every run."""

    def __init__(self):
        self.random = random.Random(7)
        self.lines = []
        self.country = self.place(None, "COUNTRY")
        regions = [self.place(self.country, "REGION") for _ in range(REGIONS)]
        self.region = regions[0]
        districts = [self.place(region, "REGION") for region in regions for _ in range(DISTRICTS)]
        towns = [self.place(district, "CITY") for district in districts for _ in range(TOWNS)]
        for _ in range(EVENTS):
            self.event(self.random.choice(towns))

    def add(self, line):
        self.lines.append(line)
        return line["id"]

    def record(self, type, **fields):
        id = str(uuid.UUID(int=self.random.getrandbits(128), version=4))
        words = ("".join(self.random.choices(SYLLABLES, k=self.random.randint(2, 4))).capitalize() for _ in range(2))
        return self.add({"type": type, "id": id, "name": " ".join(words), "language": "en", **fields})

    def place(self, parent, kind):
        latitude, longitude = round(self.random.uniform(19, 33), 5), round(self.random.uniform(9, 25), 5)
        within = {"containedIn": parent} if parent else {}
        return self.record("PLACE", kind=kind, location={"latitude": latitude, "longitude": longitude}, **within)

    def event(self, town):
        day = f"{self.random.randint(2010, 2016)}-{self.random.randint(1, 12):02}-{self.random.randint(1, 28):02}"
        self.record("EVENT", kind=self.random.choice(KINDS), date={"edtf": day}, places=[{"place": town}])

    def write(self, path):
        with open(path, "w", encoding="utf-8") as file:
            for line in self.lines:
                file.write(json.dumps(line, ensure_ascii=False) + "\n")
