#!/usr/bin/env python3
"""Asks an exact solver (glpsol) for the fewest visits of small random objects and holds the merge of
PROTOCOL.md section 9 to it: without limits on who comes together it needs exactly as many, with them
never fewer and seldom more. SOLVER_OBJECTS says how many objects of each kind (10000: all)."""

import os
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
import make_vectors as m  # noqa: E402

v = m.v
BATCH = {False: 250, True: 8}  # objects in one programme, without and with limits
DEPARTMENTS = ["fire", "health", "market", "water"]
EVERYWHERE = {d: v.PrefixList("*") for d in DEPARTMENTS}


class Small:
    """An object that up to eight tasks drew, and who may come together."""

    def __init__(self, s, limited):
        self.together = v.Together(s.pick([0, 1, 2, 3]) if limited else 0, {
            frozenset((a, b)) for a in DEPARTMENTS for b in DEPARTMENTS
            if limited and a < b and s.chance(25)})
        self.tasks = []
        for number in range(s.between(1, 8)):
            first = s.below(60)
            task = m.PlainTask("t%d" % number, ["onsite"] * 4, (
                m.day(first), m.day(first + s.pick([0, 3, 10, 25, 50]))), "market",
                sorted(set(s.some(DEPARTMENTS, 40)) | {"market"}), [])
            m.alone_with(task, self.together)
            self.tasks.append(task)
        self.tasks.sort(key=lambda task: (task.end, task.code))

    def merged(self):
        policy = m.PlainPolicy("B", set(), self.together)
        return v.merge_visits("X", "330106", [v.Drawn(task, "B", 0, [], policy)
                                              for task in self.tasks], EVERYWHERE, self.together)


def programme(smalls):
    """In the CPLEX LP format. A visit stands for the task in it that ends first: y_o_k is 1 where the
    k-th task of object o is that one, x_o_t_k where task t is in its visit."""
    heads, rows = [], []
    for o, small in enumerate(smalls):
        for k, first in enumerate(small.tasks):
            heads.append("y_%d_%d" % (o, k))
            joined = [t for t in range(k, len(small.tasks)) if small.tasks[t].start <= first.end]
            for t in joined:
                rows.append("x_%d_%d_%d - y_%d_%d <= 0" % (o, t, k, o, k))
            rows += who_comes(o, k, small, joined)
        for t in range(len(small.tasks)):
            rows.append(" + ".join("x_%d_%d_%d" % (o, t, k) for k in range(t + 1)
                                   if small.tasks[t].start <= small.tasks[k].end) + " = 1")
    names = {name for row in rows for name in row.split() if name[0] in "xz"}
    return "Minimize\n visits: %s\nSubject To\n%s\nBinary\n %s\nEnd\n" % (
        "\n + ".join(heads), "\n".join(" r%d: %s" % pair for pair in enumerate(rows)),
        "\n ".join(heads + sorted(names)))


def who_comes(o, k, small, joined):
    """z_o_d_k is 1 where department d is in the visit."""
    together = small.together
    if not together.most and not together.apart:
        return
    for t in joined:
        for d in small.tasks[t].departments:
            yield "x_%d_%d_%d - z_%d_%s_%d <= 0" % (o, t, k, o, d, k)
    present = sorted({d for t in joined for d in small.tasks[t].departments})
    if together.most:
        yield " + ".join("z_%d_%s_%d" % (o, d, k) for d in present) + " <= %d" % together.most
    for a, b in map(sorted, together.apart):
        if a in present and b in present:
            yield "z_%d_%s_%d + z_%d_%s_%d <= 1" % (o, a, k, o, b, k)


def solve(smalls, folder):
    """The fewest visits of each."""
    model, answer = (os.path.join(folder, name) for name in ("model.lp", "answer"))
    with open(model, "w", encoding="ascii") as file:
        file.write(programme(smalls))
    subprocess.run(["glpsol", "--lp", model, "--write", answer], check=True, timeout=300,
                   stdout=subprocess.DEVNULL)
    with open(answer, encoding="ascii") as file:
        values = [round(float(line.split()[2])) for line in file if line.startswith("j ")]
    fewest = []
    for small in smalls:
        fewest.append(sum(values[:len(small.tasks)]))
        values = values[len(small.tasks):]
    return fewest


def lawful(small, visits):
    """Every task in one visit, and every visit on a day of all its tasks and with departments that may come together."""
    return (sorted(t.code for visit in visits for t in visit.tasks)
            == sorted(t.code for t in small.tasks)
            and all(visit.start <= visit.end and small.together.allows(set(visit.departments))
                    for visit in visits))


def compare(limited, count, folder):
    s, wrong, more, fewest = m.Stream("solver %s" % limited), 0, 0, 0
    for first in range(0, count, BATCH[limited]):
        smalls = [Small(s, limited) for _ in range(min(BATCH[limited], count - first))]
        for small, least in zip(smalls, solve(smalls, folder)):
            visits = small.merged()
            wrong += (not lawful(small, visits) or len(visits) < least
                      or (len(visits) > least and not limited))
            more += len(visits) - least
            fewest += least
    print("# %d objects: %d visits, the fewest are %d" % (count, fewest + more, fewest))
    return wrong == 0 and more * 50 <= fewest


def main():
    if not shutil.which("glpsol"):
        print("skipped solver: there is no glpsol (glpk-utils)")
        return 0
    count = int(os.environ.get("SOLVER_OBJECTS", "400"))
    with tempfile.TemporaryDirectory() as folder:
        good = m.tell(compare(False, count, folder), "the merge makes the fewest visits")
        good = m.tell(compare(True, count, folder), "with limits on who comes together it makes at "
                      "most a fiftieth more") and good
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
