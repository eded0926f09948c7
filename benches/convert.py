#!/usr/bin/env python3
"""Turns the generated tables of the benchmark into Dateline's interchange format, one record a line.

usage: convert.py CSV_FOLDER [--check] > bench.jsonl

Ids are kept. The day on which an event starts is its date. A link between an article and a place or an organization becomes
one mention in the article's body, a link between an article and an event one citation of the event, with a passage of the
body as its quote. The same tables give the same bytes. With --check the output is read back and every span, quote and
reference is compared with what it points at."""
import argparse
import csv
import json
import os
import re
import sys
import unicodedata

# The benchmark's words on the left, ours on the right. `benches/run.py` compares roles through the same table.
PLACE_KINDS = {"city": "CITY", "country": "COUNTRY", "region": "REGION", "site": "SITE"}
ORGANIZATION_KINDS = {"company": "COMPANY", "government": "GOVERNMENT", "ngo": "NGO", "media": "MEDIA"}
EVENT_KINDS = {kind: kind.upper() for kind in ("meeting", "attack", "election", "disaster", "agreement")}
ROLES = {"host": "HOST", "attendee": "PARTICIPANT", "target": "TARGET", "sponsor": "ORGANIZER"}

WORD = re.compile(r"\S+")
QUOTED_WORDS = 9


def table(folder, name):
    with open(os.path.join(folder, name + ".csv"), encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def grouped(rows, by, take):
    """The rows' values under the key that each row belongs to."""
    groups = {}
    for row in rows:
        groups.setdefault(row[by], []).append(take(row))
    return groups


def language(name):
    return "ar" if "\u0600" <= name[0] <= "\u06ff" else "en"


def thing(kind, row, name):
    return {"type": kind, "id": row["id"], "name": name, "language": language(name)}


def mentions(body, entities):
    """One mention for each entity, spread evenly over the words of the body."""
    words = list(WORD.finditer(body))
    step = len(words) // max(len(entities), 1)
    if entities and step < 1:
        sys.exit("a body has fewer words than its article has mentions")
    for at, entity in enumerate(sorted(entities)):
        word = words[at * step]
        yield {"entity": entity, "field": "BODY", "start": word.start(), "end": word.end(), "text": word.group()}


def passage(body, at, of):
    """A few words in a row on one line of the body, the `at`-th of `of` such passages."""
    words = list(WORD.finditer(body))
    first = len(words) * (at + 1) // (of + 2)
    end = words[first].end()
    for word in words[first + 1:first + QUOTED_WORDS]:
        if "\n" in body[end:word.start()]:
            break
        end = word.end()
    start = words[first].start()
    return start, body[start:end]


def documents(folder):
    """Every record as a document, things before what speaks of them."""
    for row in table(folder, "place"):
        yield thing("PLACE", row, row["name"]) | {
            "kind": PLACE_KINDS[row["kind"]],
            "countryCode": row["country_code"],
            "location": {"latitude": float(row["latitude"]), "longitude": float(row["longitude"])},
        } | ({"containedIn": row["parent_id"]} if row["parent_id"] else {})
    for row in table(folder, "organization"):
        yield thing("ORGANIZATION", row, row["name"]) | {
            "kind": ORGANIZATION_KINDS[row["kind"]], "headquarters": row["headquarters_id"]}
    for row in table(folder, "person"):
        yield thing("PERSON", row, row["name"])

    events_of = grouped(table(folder, "article_event"), "article_id", lambda row: row["event_id"])
    citations = {}
    for row in table(folder, "article"):
        events = sorted(events_of.pop(row["id"], []))
        for at, event in enumerate(events):
            start, quote = passage(row["body"], at, len(events))
            citations.setdefault(event, []).append({"article": row["id"], "field": "BODY", "quote": quote, "start": start})
    participants = grouped(table(folder, "event_participant"), "event_id", lambda row: (row["organization_id"], row["role"]))
    for row in table(folder, "event"):
        yield thing("EVENT", row, row["title"]) | {
            "kind": EVENT_KINDS[row["kind"]],
            "date": {"edtf": row["starts_on"]},
            "places": [{"place": row["place_id"]}],
            "participants": [{"participant": organization, "role": ROLES[role]}
                             for organization, role in sorted(participants.pop(row["id"], []))],
            "citations": sorted(citations.pop(row["id"], []), key=lambda citation: citation["article"]),
        }
    del citations, participants

    entities = grouped(table(folder, "article_place"), "article_id", lambda row: row["place_id"])
    for row in table(folder, "article_organization"):
        entities.setdefault(row["article_id"], []).append(row["organization_id"])
    for row in table(folder, "article"):
        yield {
            "type": "ARTICLE", "id": row["id"], "headline": row["title"], "body": row["body"], "language": row["language"],
            "publishedOn": row["published_on"], "url": row["url"],
            "mentions": list(mentions(row["body"], entities.pop(row["id"], []))),
        }


def check(records):
    """Stops at the first span, quote, reference or text that is not what the format asks for."""
    kinds, bodies, cited = {}, {}, []

    def must(holds, record, what):
        if not holds:
            sys.exit(f"{record['type']} {record['id']}: {what}")

    for record in records:
        must(record["id"] not in kinds, record, "its id is taken")
        kinds[record["id"]] = record["type"]
        name = record.get("name") or record["headline"]
        must(unicodedata.is_normalized("NFC", name), record, "its name is not NFC")
        must(name == name.strip() and not any(unicodedata.category(c) == "Cc" for c in name), record, "its name is no line")
        body = record.get("body")
        if body is not None:
            bodies[record["id"]] = body
            must(not any(unicodedata.category(c) == "Cc" and c not in "\n\r\t" for c in body), record, "its body has control characters")
        seen = set()
        for mention in record.get("mentions", []):
            span = (mention["start"], mention["end"])
            must(0 <= span[0] < span[1] and body[span[0]:span[1]] == mention["text"], record, "a span does not hold its text")
            must(span not in seen, record, "two mentions share a span")
            seen.add(span)
            must(kinds.get(mention["entity"]) in ("PLACE", "ORGANIZATION"), record, "a mention leads nowhere")
        cited += ((record, citation) for citation in record.get("citations", []))
        for participant in record.get("participants", []):
            must(kinds.get(participant["participant"]) == "ORGANIZATION", record, "a participant is no organization")
        for place in [p["place"] for p in record.get("places", [])] + [record.get("headquarters"), record.get("containedIn")]:
            must(place is None or kinds.get(place) == "PLACE", record, "a place is none")
        yield record
    for record, citation in cited:
        start, quote = citation["start"], citation["quote"]
        must(quote.strip() and bodies[citation["article"]][start:start + len(quote)] == quote, record, "a quote is not where it is said to be")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder")
    parser.add_argument("--check", action="store_true", help="compare every span, quote and reference with its target")
    arguments = parser.parse_args()
    csv.field_size_limit(10 ** 8)
    records = documents(arguments.folder)
    for record in check(records) if arguments.check else records:
        sys.stdout.write(json.dumps(record, ensure_ascii=False, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")
    main()
