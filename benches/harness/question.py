"""What is asked: the variables of each query, and the form in which answers of different servers are compared."""
import random

from .data import read

QUERIES = ["q1", "q2", "q3", "q4", "q5", "q6"]
# Enough that no server answers from a cache of whole answers.
REQUESTS_PER_QUERY = 300
# The load generator puts a new UUID in its place in each request.
NEW_ID = "@UUID@"


def make_variables(folder):
    """Gives a list of variables for each query. Each server takes those that its query declares."""
    choose = random.Random(1)
    articles = sorted(((row["published_on"], row["id"]) for row in read(folder, "article")), reverse=True)
    days, events_of_place = [], {}
    for row in read(folder, "event"):
        days.append(row["starts_on"])
        events_of_place[row["place_id"]] = events_of_place.get(row["place_id"], 0) + 1
    days.sort()
    busy_places = sorted(place for place, events in events_of_place.items() if events >= 10)
    first_offset = min(5000, len(articles) // 2)

    def timeline():
        first = choose.randrange(len(days) * 8 // 10)
        return {"from": days[first], "to": days[min(first + 400, len(days) - 1)]}

    def page():
        offset = choose.randrange(first_offset, len(articles) - 100)
        day, id = articles[offset]
        return {"offset": offset, "date": day, "id": id}

    def article(number):
        return {"id": NEW_ID, "title": f"خبر new {number}", "body": "نص body text " * 150, "language": "ar",
                "publishedOn": f"2026-01-{number % 28 + 1:02}", "url": f"https://new.example/{number}/{NEW_ID}"}

    numbers = range(REQUESTS_PER_QUERY)
    return {
        "q1": [{"id": choose.choice(articles)[1]} for _ in numbers],
        # The last days have fewer articles than a page.
        "q2": [{"until": choose.choice(articles[:len(articles) * 9 // 10])[0]} for _ in numbers],
        "q3": [timeline() for _ in numbers],
        "q4": [{"id": choose.choice(busy_places)} for _ in numbers],
        "q5": [page() for _ in numbers],
        "q6": [article(number) for number in numbers],
    }


def normalize(value):
    """Gives an answer in the one form in which all are compared: without connections and objects that only link others."""
    if isinstance(value, list):
        return [normalize(item) for item in value]
    if not isinstance(value, dict):
        return value
    if "nodes" in value:
        return normalize(value["nodes"])
    value = {key: normalize(item) for key, item in value.items()}
    # Dateline: an event may have several places, and a date is an object.
    if isinstance(value.get("place"), list) and len(value["place"]) == 1:
        value["place"] = value["place"][0]
    if isinstance(value.get("startsOn"), dict):
        value["startsOn"] = value["startsOn"]["edtf"]
    # PostGraphile: the row of a link has the linked row as its only field.
    if len(value) == 1 and isinstance(next(iter(value.values())), (dict, list)):
        return next(iter(value.values()))
    return value


def normalize_created(value):
    """Gives the answer of q6 in the form in which it is compared: the id is the server's own where it makes ids."""
    article = normalize(value)
    article = article.get("article", article)
    return {"title": article["title"], "has_id": bool(article["id"])}
