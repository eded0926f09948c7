"""The table of results, in Markdown."""
import statistics

HEADER = ["query", "database", "limit, requests/s", "Dateline, requests/s", "share of the limit", "the same by CPU",
          "times PostGraphile", "the same by CPU"]
MAX_FOREIGN = .1


def rate(slices):
    return statistics.median(slice.requests_per_second for slice in slices) if slices else None


def cpu(slices):
    return statistics.median(slice.cpu_microseconds_per_request for slice in slices) if slices else None


def ratio(above, below):
    return f"{above / below:.2f}" if above and below else ""


def number(value):
    return f"{value:,.0f}" if value else ""


def table(queries, slices):
    """Gives the table; `slices` has what was measured by query and contestant. A cell without measurements is empty."""
    rows = [HEADER]
    for query in queries:
        peer = slices.get((query, "postgraphile"))
        for database in ("Postgres", "SQLite"):
            limit, dateline = (slices.get((query, f"{name}-{database.lower()}")) for name in ("limit", "dateline"))
            if limit or dateline:
                rows.append([query, database, number(rate(limit)), number(rate(dateline)),
                             ratio(rate(dateline), rate(limit)), ratio(cpu(limit), cpu(dateline)),
                             ratio(rate(dateline), rate(peer)), ratio(cpu(peer), cpu(dateline))])
    head, *body = (f"| {' | '.join(row)} |" for row in rows)
    return "\n".join([head, "|" + "---|" * len(HEADER), *body])


def noise(slices):
    """Says how much other programs disturbed the measurement."""
    share = statistics.median(slice.foreign for measured in slices.values() for slice in measured)
    advice = " Measure again while nothing else runs." if share > MAX_FOREIGN else ""
    return f"Other programs took {share:.0%} of the CPUs (median).{advice}"


def figures(dateline, memory):
    """Gives the other figures as a list: `dateline` has those of Dateline by database, `memory` has MB by contestant."""
    lines = []
    for name, title, form in (("import", "Import", "{:,.0f} records a second"), ("edit", "One edit by one client", "{:.1f} ms"),
                              ("start", "Start to the first answer", "{:.0f} ms")):
        values = [f"{form.format(measured[name])} on {database}" for database, measured in dateline.items()]
        if values:
            lines.append(f"- {title}: {', '.join(values)}.")
    lines.append("- Memory after the run: " + ", ".join(f"{name} {value:.0f} MB" for name, value in memory.items()) + ".")
    return "\n".join(lines)
