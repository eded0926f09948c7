#!/usr/bin/env python3
"""Checks every line of seeds/*.jsonl strictly, without any other package: python3 seeds/check.py"""
import calendar
import json
import re
import sys
import unicodedata
from collections import Counter
from pathlib import Path

HERE = Path(__file__).resolve().parent
problems = []


def words(text):
    return set(text.split())


PLACE_KINDS = words("CONTINENT REGION COUNTRY ADMINISTRATIVE_AREA CITY BORDER WATER SITE OTHER")
ORGANIZATION_KINDS = words("GOVERNMENT MILITARY POLICE AGENCY ARMED_GROUP PARTY COMPANY MEDIA NGO INTERNATIONAL RELIGIOUS SPORTS ACADEMIC OTHER")
EVENT_KINDS = words("""MEETING AGREEMENT STATEMENT DECISION MEDIATION EXCHANGE BRIEFING AIRSTRIKE ATTACK KILLING ABDUCTION DEPLOYMENT CLASH PROTEST
  COUP ELECTION APPOINTMENT ARREST TRIAL LAW SANCTION AID MIGRATION ACCIDENT DISASTER SPORT CULTURE SITUATION OTHER""")
STATUSES = words("REPORTED CONFIRMED DISPUTED DENIED PLANNED CANCELLED")
ROLES = words("""PARTICIPANT HOST ORGANIZER PARTY SPEAKER RECIPIENT TOPIC DECISION_MAKER ATTACKER PERPETRATOR TARGET VICTIM AFFECTED BENEFICIARY
  DEPLOYED MEDIATOR OPERATOR AFFILIATION OTHER""")
RELATION_KINDS = words("""BORDERS PART_OF MEMBER_OF GOVERNMENT_OF ARMY_OF AGENCY_OF LEADS EMPLOYED_BY HELD_OFFICE_IN ALLY_OF COOPERATES_WITH OPPOSES
  ACTIVE_IN OWNS SUCCEEDS RELATIVE_OF OTHER""")
SYMMETRIC = words("BORDERS ALLY_OF COOPERATES_WITH OPPOSES RELATIVE_OF")
NAME_KINDS = words("MAIN OFFICIAL ALIAS ABBREVIATION FORMER DEMONYM")
TEMPORAL = words("BEFORE BEFORE_OR_AT AFTER AFTER_OR_AT DURING SINCE UNTIL")
MODALITIES = words("FACT CLAIM PLANNED IMPLIED POSITION")
COMMON = words("type id key version createdAt updatedAt mergedIds")
THING = COMMON | words("name language names descriptions sameAs image")
FIELDS = {
    "ARTICLE": COMMON | words("headline abstract body language publishedOn url image publisher authors dateline sameAs mentions"),
    "PLACE": THING | words("kind countryCode location population containedIn"),
    "ORGANIZATION": THING | words("kind parent headquarters country founded dissolved"),
    "PERSON": THING | words("born died occupation nationalities"),
    "EVENT": THING | words("kind status officiallyConfirmed isRecurring date partOf places participants citations"),
    "RELATION": COMMON | words("source kind target description isSymmetric since until citations"),
}
CITATION = words("id article field quote start end anchor form modality attributedTo attributedToText attributedToCountry date note subjectField")
ENTITIES = words("PLACE ORGANIZATION PERSON EVENT")
KEY = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._:/-]{0,199}$")
UUID = re.compile(r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", re.I)
LANGUAGE = re.compile(r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")
BIDI = re.compile("[\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
DURATION = re.compile(r"^P(?=.)(\d+Y)?(\d+M)?(\d+W)?(\d+D)?$")


def report(where, what):
    problems.append(f"{where}: {what}")


def is_date(text):
    match = re.fullmatch(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?", text)
    if not match:
        return False
    year, month, day = match.groups()
    if month is None:
        return True
    if day is None:
        return 1 <= int(month) <= 12 or 21 <= int(month) <= 24 or int(month) in range(33, 37) or int(month) in (40, 41)
    return 1 <= int(month) <= 12 and 1 <= int(day) <= calendar.monthrange(int(year) or 4, int(month))[1]


def is_edtf(text):
    """The forms that the seeds use: dates, qualified dates, intervals, one-of sets with one range."""
    def one(part):
        return is_date(part[:-1] if part and part[-1] in "~?%" else part)
    if match := re.fullmatch(r"\[(.*)\]", text):
        bounds = match[1].split("..")
        return len(bounds) == 2 and any(bounds) and all(not b or is_date(b) for b in bounds) and (not all(bounds) or bounds[0] <= bounds[1])
    if "/" in text:
        bounds = text.split("/")
        if len(bounds) != 2 or not all(b in ("", "..") or one(b) for b in bounds):
            return False
        known = [re.sub("[~?%]", "", b) for b in bounds if b not in ("", "..")]
        return len(known) < 2 or known[0] <= known[1] or known[0].startswith(known[1])
    return one(text)


def strings(value, path=""):
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from strings(inner, f"{path}.{key}")
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from strings(inner, f"{path}[{index}]")


def one_of(where, name, value, allowed):
    if value not in allowed:
        report(where, f"{name} {value!r} is unknown")


records, by_key = [], {}
for file in sorted(HERE.glob("*.jsonl")):
    raw = file.read_bytes()
    if not raw.endswith(b"\n") or b"\r" in raw:
        report(file.name, "needs LF line ends, the last line too")
    for number, line in enumerate(raw.decode("utf-8").rstrip("\n").split("\n"), 1):
        where = f"{file.name}:{number}"
        try:
            record = json.loads(line, object_pairs_hook=lambda pairs: dict(pairs) if len({k for k, _ in pairs}) == len(pairs) else 1 / 0)
        except (ValueError, ZeroDivisionError) as error:
            report(where, f"does not parse: {error!r}")
            continue
        records.append((where, record))
        key = record.get("key", "")
        if not KEY.match(key) or UUID.match(key):
            report(where, f"key {key!r} is malformed")
        if key in by_key:
            report(where, f"key {key!r} is taken")
        by_key[key] = record


def refer(where, name, key, kinds):
    if key is None:
        return None
    target = by_key.get(key)
    if target is None:
        report(where, f"{name} {key!r} is nowhere")
    elif target["type"] not in kinds:
        report(where, f"{name} {key!r} is a {target['type']}")
    return target


def check_date(where, name, date):
    if date is None:
        return
    if set(date) - words("edtf original relative") or not ("edtf" in date or "relative" in date):
        report(where, f"{name} has the wrong fields: {date}")
    if "edtf" in date and not is_edtf(date["edtf"]):
        report(where, f"{name} {date['edtf']!r} is no EDTF")
    if relative := date.get("relative"):
        if set(relative) - words("anchor relation duration isApproximate"):
            report(where, f"{name}.relative has unknown fields")
        refer(where, f"{name}.relative.anchor", relative.get("anchor"), words("EVENT ARTICLE"))
        one_of(where, f"{name}.relative.relation", relative.get("relation"), TEMPORAL)
        if "duration" in relative and not DURATION.match(relative["duration"]):
            report(where, f"{name}.relative.duration is malformed")


cited = Counter()


def check_citations(where, citations, owner):
    for index, citation in enumerate(citations):
        here = f"{where} citations[{index}]"
        if set(citation) - CITATION:
            report(here, f"unknown fields {set(citation) - CITATION}")
        article = refer(here, "article", citation.get("article"), {"ARTICLE"})
        if not article:
            continue
        text = article.get(citation.get("field", "BODY").lower()) or ""
        quote = citation.get("quote", "")
        if not quote:
            report(here, "has no quote")
        elif "start" in citation:
            start = citation["start"]
            if text[start:start + len(quote)] != quote or citation.get("end", start + len(quote)) != start + len(quote):
                report(here, f"quote is not at {start}")
        elif text.count(quote) != 1:
            report(here, f"quote occurs {text.count(quote)} times")
        one_of(here, "form", citation.get("form", "INDIRECT"), words("DIRECT INDIRECT"))
        one_of(here, "modality", citation.get("modality", "FACT"), MODALITIES)
        refer(here, "attributedTo", citation.get("attributedTo"), words("ORGANIZATION PERSON PLACE"))
        refer(here, "attributedToCountry", citation.get("attributedToCountry"), {"PLACE"})
        check_date(here, "date", citation.get("date"))
        cited[owner] += 1


def check_names(where, record):
    language = record.get("language") or next((n["language"] for n in record.get("names", []) if n["text"] == record.get("name")), "und")
    if not record.get("name"):
        report(where, "has no name")
    mains, seen = [language], {(record.get("name"), language, "MAIN")}
    for name in record.get("names", []):
        if set(name) - words("text language kind") or not name.get("text"):
            report(where, f"name {name} has the wrong fields")
        one_of(where, "name kind", name.get("kind", "ALIAS"), NAME_KINDS)
        if not LANGUAGE.match(name.get("language", "")):
            report(where, f"language of name {name} is malformed")
        entry = (name["text"], name["language"], name.get("kind", "ALIAS"))
        if entry in seen:
            report(where, f"name {entry} comes twice")
        seen.add(entry)
        if name.get("kind") == "MAIN":
            mains.append(name["language"])
        if name["text"] != name["text"].strip():
            report(where, f"name {name} has blanks around it")
    if len(set(mains)) != len(mains):
        report(where, f"has two main names in a language: {mains}")
    languages = [d.get("language") for d in record.get("descriptions", [])]
    if len(set(languages)) != len(languages) or any(set(d) != {"text", "language"} for d in record.get("descriptions", [])):
        report(where, "descriptions are malformed")


identities, urls, borders = {}, {}, {}
for where, record in records:
    kind = record.get("type")
    if kind not in FIELDS:
        report(where, f"type {kind!r} is unknown")
        continue
    if set(record) - FIELDS[kind]:
        report(where, f"unknown fields {set(record) - FIELDS[kind]}")
    if next(iter(record)) != "type":
        report(where, "does not begin with its type")
    for path, text in strings(record):
        if not unicodedata.is_normalized("NFC", text):
            report(where, f"{path} is not NFC")
        if BIDI.search(text) or any(unicodedata.category(c) in ("Cc", "Co", "Cn") and c != "\n" for c in text):
            report(where, f"{path} has invisible or control characters")
        if text == "":
            report(where, f"{path} is empty")
    for url in record.get("sameAs", []):
        if not re.match(r"^https?://[^\s]+$", url):
            report(where, f"sameAs {url!r} is no address")
        if url in identities:
            report(where, f"sameAs {url} is that of {identities[url]}")
        identities[url] = record["key"]
    if kind not in ("ARTICLE", "RELATION"):
        check_names(where, record)
    if kind == "PLACE":
        one_of(where, "kind", record.get("kind"), PLACE_KINDS)
        refer(where, "containedIn", record.get("containedIn"), {"PLACE"})
        if "countryCode" in record and not re.fullmatch("[A-Z]{2}", record["countryCode"]):
            report(where, "countryCode is malformed")
        if location := record.get("location"):
            if set(location) != words("latitude longitude") or not (-90 <= location["latitude"] <= 90 and -180 <= location["longitude"] <= 180):
                report(where, f"location {location} is out of range")
        if record.get("population", 1) <= 0:
            report(where, "population is not positive")
    elif kind == "ORGANIZATION":
        one_of(where, "kind", record.get("kind"), ORGANIZATION_KINDS)
        refer(where, "parent", record.get("parent"), {"ORGANIZATION"})
        refer(where, "headquarters", record.get("headquarters"), {"PLACE"})
        refer(where, "country", record.get("country"), {"PLACE"})
        check_date(where, "founded", record.get("founded"))
        check_date(where, "dissolved", record.get("dissolved"))
    elif kind == "PERSON":
        check_date(where, "born", record.get("born"))
        check_date(where, "died", record.get("died"))
        for place in record.get("nationalities", []):
            refer(where, "nationalities", place, {"PLACE"})
    elif kind == "ARTICLE":
        if not record.get("headline") or not LANGUAGE.match(record.get("language", "")):
            report(where, "needs a headline and a language")
        if "publishedOn" in record and not (len(record["publishedOn"]) == 10 and is_date(record["publishedOn"])):
            report(where, "publishedOn is no date")
        if "url" in record and urls.setdefault(record["url"], where) != where:
            report(where, f"url is that of {urls[record['url']]}")
        refer(where, "publisher", record.get("publisher"), {"ORGANIZATION"})
        refer(where, "dateline", record.get("dateline"), {"PLACE"})
        for author in record.get("authors", []):
            refer(where, "authors", author, {"PERSON"})
        seen = set()
        for mention in record.get("mentions", []):
            here = f"{where} mention {mention.get('text')!r}"
            if set(mention) - words("id entity meant field start end text class origin anchor"):
                report(here, "unknown fields")
            refer(here, "entity", mention.get("entity"), ENTITIES)
            refer(here, "meant", mention.get("meant"), ENTITIES)
            one_of(here, "field", mention.get("field"), words("HEADLINE ABSTRACT BODY"))
            one_of(here, "class", mention.get("class", "NAME"), words("NAME DEMONYM NOMINAL"))
            one_of(here, "origin", mention.get("origin", "IMPORT"), words("EDITOR IMPORT DETECTED"))
            text = record.get(mention["field"].lower()) or ""
            if not 0 <= mention["start"] < mention["end"] <= len(text) or text[mention["start"]:mention["end"]] != mention.get("text"):
                report(here, f"is not at {mention['start']}..{mention['end']}")
            place = (mention["field"], mention["start"], mention["end"], mention["entity"])
            if place in seen:
                report(here, "comes twice")
            seen.add(place)
        spans = sorted({(m["field"], m["start"], m["end"]) for m in record.get("mentions", [])})
        for a in spans:
            for b in spans:
                if a[0] == b[0] and a[1] < b[1] < a[2] < b[2]:
                    report(where, f"mentions {a} and {b} overlap without nesting")
    elif kind == "EVENT":
        one_of(where, "kind", record.get("kind"), EVENT_KINDS)
        one_of(where, "status", record.get("status", "REPORTED"), STATUSES)
        refer(where, "partOf", record.get("partOf"), {"EVENT"})
        check_date(where, "date", record.get("date"))
        places = [p.get("place") for p in record.get("places", [])]
        if len(set(places)) != len(places):
            report(where, "a place comes twice")
        for place in record.get("places", []):
            if set(place) - words("place description isCertain"):
                report(where, f"place {place} has unknown fields")
            refer(where, "places", place.get("place"), {"PLACE"})
        for index, participant in enumerate(record.get("participants", [])):
            here = f"{where} participants[{index}]"
            if set(participant) - words("id participant description count role citations"):
                report(here, "unknown fields")
            if not ("participant" in participant or "description" in participant):
                report(here, "is nobody")
            one_of(here, "role", participant.get("role"), ROLES)
            refer(here, "participant", participant.get("participant"), ENTITIES)
            if participant.get("count", 1) < 1:
                report(here, "count is not positive")
            check_citations(here, participant.get("citations", []), record["key"] + "#participants")
        check_citations(where, record.get("citations", []), record["key"])
        if not cited[record["key"]]:
            report(where, "no passage is cited")
    elif kind == "RELATION":
        one_of(where, "kind", record.get("kind"), RELATION_KINDS)
        refer(where, "source", record.get("source"), ENTITIES)
        refer(where, "target", record.get("target"), ENTITIES)
        if record.get("source") == record.get("target"):
            report(where, "leads to itself")
        check_date(where, "since", record.get("since"))
        check_date(where, "until", record.get("until"))
        check_citations(where, record.get("citations", []), record["key"])
        if record.get("kind") == "BORDERS":
            pair = tuple(sorted((record["source"], record["target"])))
            if pair in borders:
                report(where, f"is the border of {borders[pair]}")
            borders[pair] = record["key"]
            if record["key"] != "relation/borders/" + "-".join(p.removeprefix("country/") for p in pair) or record["source"] != pair[0]:
                report(where, "a border's key and ends are sorted by code")


def refuse_circles(name, leads_to):
    for start in by_key:
        seen, heads = set(), list(leads_to(by_key[start]))
        while heads:
            key = heads.pop()
            if key == start:
                report(start, f"{name} runs in a circle")
                break
            if key in by_key and key not in seen:
                seen.add(key)
                heads.extend(leads_to(by_key[key]))


def one(field):
    return lambda record: [record[field]] if record.get(field) else []


refuse_circles("containedIn", one("containedIn"))
refuse_circles("parent", one("parent"))
refuse_circles("partOf", one("partOf"))
refuse_circles("relative dates", lambda r: [r["date"]["relative"]["anchor"]] if r["type"] == "EVENT" and (r.get("date") or {}).get("relative") else [])
libya = {(set(pair) - {"country/ly"}).pop() for pair in borders if "country/ly" in pair}
if libya != {f"country/{c}" for c in "eg tn dz sd td ne".split()}:
    report("borders", f"of Libya are {sorted(libya)}")

counts = Counter(record["type"] for _, record in records)
kinds = Counter(f"{record['type']} {record['kind']}" for _, record in records if "kind" in record)
mentions = sum(len(record.get("mentions", [])) for _, record in records)
print(dict(counts), f"mentions {mentions}, citations {sum(cited.values())}, bytes {sum(f.stat().st_size for f in HERE.glob('*.jsonl'))}")
if "-v" in sys.argv:
    print(*(f"  {n:5} {k}" for k, n in sorted(kinds.items())), sep="\n")
for problem in problems[:100]:
    print(problem)
print(f"{len(problems)} problems")
sys.exit(bool(problems))
