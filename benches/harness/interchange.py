"""The same data as lines that `dateline import` reads.

Ids are kept. The day on which an event starts is its date. A link between an article and a place or an organization becomes a
mention in the article's body. A link between an article and an event becomes a citation of the event, which quotes the body."""
import json
import re

from .data import read

WORD = re.compile(r"\S+")
WORDS_OF_A_QUOTE = 9


def group(rows, key, value):
    """Gives the values of the rows under the key that each row belongs to."""
    groups = {}
    for row in rows:
        groups.setdefault(row[key], []).append(value(row))
    return groups


def entity(type, row, name):
    language = "ar" if "\u0600" <= name[0] <= "\u06ff" else "en"
    return {"type": type, "id": row["id"], "name": name, "language": language}


def mentions(body, entities):
    """Gives one mention for each entity, spread evenly over the words of the body."""
    words = list(WORD.finditer(body))
    step = len(words) // max(len(entities), 1)
    for number, entity in enumerate(sorted(entities)):
        word = words[number * step]
        yield {"entity": entity, "field": "BODY", "start": word.start(), "end": word.end(), "text": word.group()}


def quote(body, number, count):
    """Gives the start and the text of one of `count` quotes: a few words in a row on one line of the body."""
    words = list(WORD.finditer(body))
    first = len(words) * (number + 1) // (count + 2)
    start, end = words[first].span()
    for word in words[first + 1:first + WORDS_OF_A_QUOTE]:
        if "\n" in body[end:word.start()]:
            break
        end = word.end()
    return start, body[start:end]


def citations(folder):
    """Gives the citations of each event, by the event's id."""
    events = group(read(folder, "article_event"), "article_id", lambda row: row["event_id"])
    citations = {}
    for row in read(folder, "article"):
        cited = events.get(row["id"], [])
        for number, event in enumerate(cited):
            start, text = quote(row["body"], number, len(cited))
            citations.setdefault(event, []).append({"article": row["id"], "field": "BODY", "quote": text, "start": start})
    return citations


def records(folder):
    """Gives every record, after those that it refers to where that is possible."""
    for row in read(folder, "place"):
        record = entity("PLACE", row, row["name"]) | {
            "kind": row["kind"], "countryCode": row["country_code"],
            "location": {"latitude": float(row["latitude"]), "longitude": float(row["longitude"])}}
        yield record | ({"containedIn": row["parent_id"]} if row["parent_id"] else {})
    for row in read(folder, "organization"):
        yield entity("ORGANIZATION", row, row["name"]) | {"kind": row["kind"], "headquarters": row["headquarters_id"]}
    for row in read(folder, "person"):
        yield entity("PERSON", row, row["name"])
    participants = group(read(folder, "event_participant"), "event_id",
                         lambda row: {"participant": row["organization_id"], "role": row["role"]})
    citations_of = citations(folder)
    for row in read(folder, "event"):
        yield entity("EVENT", row, row["title"]) | {
            "kind": row["kind"], "date": {"edtf": row["starts_on"]}, "places": [{"place": row["place_id"]}],
            "participants": participants.get(row["id"], []), "citations": citations_of.get(row["id"], [])}
    mentioned = group(read(folder, "article_place"), "article_id", lambda row: row["place_id"])
    for row in read(folder, "article_organization"):
        mentioned.setdefault(row["article_id"], []).append(row["organization_id"])
    for row in read(folder, "article"):
        yield {
            "type": "ARTICLE", "id": row["id"], "headline": row["title"], "body": row["body"], "language": row["language"],
            "publishedOn": row["published_on"], "url": row["url"],
            "mentions": list(mentions(row["body"], mentioned.get(row["id"], [])))}


def write(folder, path):
    """Writes the tables of a folder as lines. Gives the number of records."""
    count = 0
    with open(path, "w", encoding="utf-8") as file:
        for record in records(folder):
            file.write(json.dumps(record, ensure_ascii=False, separators=(",", ":")) + "\n")
            count += 1
    return count
