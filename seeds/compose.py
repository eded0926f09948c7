#!/usr/bin/env python3
"""Composes the lines that are written by hand (40- to 70-*.jsonl) from source/: python3 seeds/compose.py

Articles are plain text with marked mentions: [text](entity), [text](entity d) for a demonym, [text](entity n) for a nominal mention,
[text](entity =other) where another entity is meant; two letters stand for a country's key. Marks may nest. The marks are taken out and
their spans counted in code points. Events and relations give the words that they quote; where they begin is counted here.
"""
import json
import re
from pathlib import Path

HERE = Path(__file__).resolve().parent
CLASSES = {"d": "DEMONYM", "n": "NOMINAL"}
MARK = re.compile(r"\[|\]\(([^()\s]+)((?: [dn])?)((?: =[^()\s]+)?)\)")


def key(text):
    return f"country/{text}" if re.fullmatch("[a-z]{2}", text) else text


def unmark(field, marked):
    plain, mentions, opened, last = "", [], [], 0
    for mark in MARK.finditer(marked):
        plain += marked[last:mark.start()]
        last = mark.end()
        if mark[0] == "[":
            opened.append(len(plain))
            continue
        start = opened.pop()
        mention = {"entity": key(mark[1])}
        if mark[3]:
            mention["meant"] = key(mark[3][2:])
        mention |= {"field": field, "start": start, "end": len(plain), "text": plain[start:]}
        mention["class"] = CLASSES.get(mark[2].strip(), "NAME")
        mentions.append(mention)
    plain += marked[last:]
    assert not opened and "[" not in plain and "](" not in plain, plain
    return plain, sorted(mentions, key=lambda m: (m["start"], -m["end"]))


def article(path):
    head, body = path.read_text(encoding="utf-8").split("\n\n", 1)
    given = dict(line.split(": ", 1) for line in head.splitlines())
    record = {"type": "ARTICLE", "key": given["key"]}
    mentions = []
    for field in ("headline", "abstract", "body"):
        marked = body.strip("\n") if field == "body" else given.get(field)
        if marked:
            record[field], found = unmark(field.upper(), marked)
            mentions += found
    record |= {name: given[name] for name in ("language", "publishedOn", "url", "publisher") if name in given}
    if "authors" in given:
        record["authors"] = given["authors"].split()
    record |= {"dateline": given["dateline"], "mentions": mentions}
    return record


def anchored(citation, articles):
    field, quote = citation.get("field", "BODY"), citation["quote"]
    text = articles[citation["article"]].get(field.lower(), "")
    assert text.count(quote) == 1, f"{citation['article']}: {quote!r} occurs {text.count(quote)} times"
    start = text.index(quote)
    front = {"article": citation["article"], "field": field, "quote": quote, "start": start, "end": start + len(quote)}
    return front | {name: value for name, value in citation.items() if name not in front}


def with_anchors(record, articles):
    for owner in (record, *record.get("participants", [])):
        if "citations" in owner:
            owner["citations"] = [anchored(citation, articles) for citation in owner["citations"]]
    return record


def write(name, records):
    path = HERE / name
    path.write_text("".join(json.dumps(r, ensure_ascii=False, separators=(",", ":")) + "\n" for r in records), encoding="utf-8")
    print(f"{name}: {len(records)} records, {path.stat().st_size} bytes")


def main():
    articles = [article(path) for path in sorted((HERE / "source/articles").glob("*.txt"))]
    by_key = {a["key"]: a for a in articles}
    for name in ("40-organizations", "41-people", "50-events", "70-relations"):
        source = json.loads((HERE / "source" / f"{name[3:]}.json").read_text(encoding="utf-8"))
        write(f"{name}.jsonl", [with_anchors(record, by_key) for record in source["records"]])
    write("60-articles.jsonl", articles)


if __name__ == "__main__":
    main()
