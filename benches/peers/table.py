"""The measurements: as they are in results.json, as Markdown in docs/performance.md between two markers.

Machines of each kind, by their vector instructions, keep the results of their last run.
"""

import json
import os

from works import HERE, PEERS, WORKS

RESULTS = os.path.join(HERE, "results.json")
PAGE = os.path.join(HERE, "..", "..", "docs", "performance.md")
BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"


def row(cells):
    return "| " + " | ".join(cells) + " |\n"


def rows(heads, lines):
    return row(heads) + row(["---"] + ["---:"] * (len(heads) - 1)) + "".join(row(line) for line in lines)


def ratio(value):
    return f"{value:,.{2 if value < 10 else 0}f}"


def speed(results):
    """Three tables: every peer's figures divided by perceptra's, the medians themselves, and the loss of an epoch."""
    works = [work for work in WORKS if work.name in results["works"]]
    measured = set().union(*(results["works"][work.name] for work in works))
    names = [name for name in [peer.name for peer in PEERS] + ["prototype"] if name in measured]

    def cells(name, show):
        found = [(work, results["works"][work.name].get(name)) for work in works]
        return [name] + [show(work, one) if one else "" for work, one in found]

    def times(work, one):
        ours = results["works"][work.name].get("perceptra")
        return ratio(one["median"] / ours["median"]) if ours else ""

    trained = [work for work in works if work.kind == "train"]
    losses = [
        [name] + [f"{one['loss']:.4f}" if one and one["loss"] is not None else "" for one in found]
        for name in names
        if any(found := [results["works"][work.name].get(name) for work in trained])
    ]
    ours = [(work, results["works"][work.name].get("perceptra")) for work in trained]
    each = ", ".join(f"{one['median'] / work.batch * 1e6:.3f} µs in {work.name}" for work, one in ours if one)
    heads = [""] + [work.name for work in works]
    return (
        "Times (F: memory) as multiples of perceptra's; above 1 perceptra is ahead.\n\n"
        + rows(heads, [cells(name, times) for name in names])
        + f"\nThe medians of {results['repeats']}.\n\n"
        + rows(heads, [cells(name, lambda work, one: work.shown(one["median"])) for name in names])
        + f"\nperceptra takes for one sample: {each}.\n"
        + "\nThe loss on all rows after the first epoch: all do the same work.\n\n"
        + rows([""] + [work.name for work in trained], losses)
    )


def compilation(results):
    lines = [[name, str(one["packages"]), f"{one['seconds']:.0f} s"] for name, one in results["compilation"].items()]
    return "\nA first `cargo build --release` of a program with this one dependency.\n\n" + rows(
        ["", "packages", "time"], lines
    )


def markdown(results):
    machine = results["machine"]
    versions = ", ".join(f"{name} {version}" for name, version in sorted(results["versions"].items()))
    text = (
        f"{machine['processor']}, {machine['cores']} cores, {machine['instructions']}, {results['date']}; {machine['system']}; "
        f"rustc {machine['rustc']}, Python {machine['python']}. {versions}.\n\n"
    )
    text += speed(results) if results.get("works") else ""
    return text + (compilation(results) if results.get("compilation") else "")


def all_kinds():
    """What was measured before, by the vector instructions of the machine."""
    if not os.path.exists(RESULTS):
        return {}
    with open(RESULTS) as file:
        return json.load(file)


def read(machine):
    """What was measured before on a machine of this kind."""
    return all_kinds().get(machine["instructions"], {})


def write(results):
    kinds = {**all_kinds(), results["machine"]["instructions"]: results}
    with open(RESULTS, "w") as file:
        json.dump(kinds, file, indent=1)
        file.write("\n")
    text = "\n".join(f"### Machines with {kind}\n\n{markdown(kinds[kind])}" for kind in sorted(kinds))
    page = open(PAGE).read()
    before, rest = page.split(BEGIN)
    after = rest.split(END)[1]
    with open(PAGE, "w") as file:
        file.write(f"{before}{BEGIN}\n{text}{END}{after}")
