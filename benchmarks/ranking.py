"""A hundred thousand communities in order: by score, along a chain, within counties. Prints the best of five runs."""

import gc
import time

import attrs

import civrules
from benchmarks.sheet import community, document
from civrules import Community
from civrules.authoring.documents import loads

COMMUNITIES, ROUNDS, DISTINCT, COUNTIES = 100_000, 5, 500, 100
ORDERS: tuple[dict[str, object], ...] = (
    {},
    {"by": ("score", "community")},
    {"by": ("score", "criterion:lit-1", "community")},
    {"within": "county"},
)


def main() -> None:
    """Measure and print."""
    program = civrules.compile(loads(document()))
    scored = [program.evaluate(Community("one"), community(seed)) for seed in range(DISTINCT)]
    evaluations = [
        attrs.evolve(scored[n % DISTINCT], community=Community(f"c{n}", attributes={"county": str(n % COUNTIES)}))
        for n in range(COMMUNITIES)
    ]
    # The evaluations are the host's; looking through them for cycles is not the ranking's work.
    gc.freeze()
    for words in ORDERS:
        best = min(_seconds(evaluations, words) for _ in range(ROUNDS))
        print(f"{COMMUNITIES} communities, {words or 'by score'}: {best:.2f} s")


def _seconds(evaluations: list[civrules.Evaluation], words: dict[str, object]) -> float:
    start = time.perf_counter()
    civrules.rank(evaluations, **words)  # type: ignore[arg-type]  # words of several keywords
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
