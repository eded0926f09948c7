"""CPU time and memory of process trees, from /proc."""
import os
import re
import resource
from pathlib import Path

TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")


def processes():
    """Gives for each process its parent, its CPU seconds, and those of its children that have ended."""
    found = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            text = path.read_text()
        except OSError:
            continue
        # The name of the program, in parentheses, may contain anything.
        fields = text[text.rindex(")") + 2:].split()
        own, ended = (sum(map(int, fields[first:first + 2])) / TICKS_PER_SECOND for first in (11, 13))
        found[int(path.parent.name)] = (int(fields[1]), own, ended)
    return found


def tree(found, root):
    """Gives the ids of a process and all its descendants."""
    ids, added = {root}, {root}
    while added:
        added = {id for id, (parent, _, _) in found.items() if parent in added}
        ids |= added
    return ids & found.keys()


def cpu_seconds(root):
    """Gives the CPU time that a process and its descendants have taken, with those that have ended."""
    found = processes()
    return sum(found[id][1] + found[id][2] for id in tree(found, root))


def memory(root):
    """Gives the memory of a process tree in MB; a page that several processes share counts in parts."""
    kilobytes = 0
    for id in tree(processes(), root):
        try:
            text = Path(f"/proc/{id}/smaps_rollup").read_text()
        except OSError:
            continue
        kilobytes += sum(map(int, re.findall(r"^Pss:\s+(\d+)", text, re.MULTILINE)))
    return kilobytes / 1024


def machine_cpu_seconds():
    """Gives the CPU time that all programs of this machine have taken."""
    with open("/proc/stat", encoding="ascii") as file:
        user, nice, system, _idle, _waiting, *interrupts = map(int, file.readline().split()[1:9])
    return (user + nice + system + sum(interrupts)) / TICKS_PER_SECOND


def ended_children_cpu_seconds():
    """Gives the CPU time of the children of this program that have ended."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime
