"""Finding a family: every way of asking, as the search box asks it, over all families of the chain.

    python bench/search.py                       20,000 families, seeded in a fresh place
    python bench/search.py --data DIR            the chain that lives there (warmline seed …)

Each answer is `people.searching.find` whole: scope of the asker, ranking, members and families read.
Half of the askers are guides of one store, half sit in head office and search everybody.
"""

import argparse
import statistics
import sys
import time
from pathlib import Path
from random import Random

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parent.parent)]

from deployed import deployed, seed_chain

GOAL, STRETCH = 20, 5


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, help="a Warmline data directory")
    parser.add_argument("--households", type=int, default=20_000, help="of a fresh chain")
    parser.add_argument("--asked", type=int, default=100, help="questions of each kind a round")
    parser.add_argument("--rounds", type=int, default=5)
    return parser.parse_args()


def questions(random: Random, many: int) -> dict[str, list[tuple[object, str]]]:
    """(asker, text) for every kind, taken from members that exist."""
    from warmline.core.people.models import Member, Staff
    from warmline.core.people.names import readings

    head_office = Staff.objects.filter(role=Staff.Role.HQ).first()
    last = Member.objects.latest("pk").pk
    found: dict[str, list[tuple[object, str]]] = {
        kind: [] for kind in ("phone", "last 4", "name", "two characters", "pinyin", "initials")
    }
    while len(found["phone"]) < many:
        rows = Member.objects.select_related("household__home_guide")
        member = rows.filter(pk__gte=random.randint(1, last)).order_by("pk").first()
        if not member or not member.phone or len(member.name) < 2:
            continue
        asker = random.choice([member.household.home_guide, head_office]) or head_office
        syllables = readings(member.name)[0]
        for kind, text in {
            "phone": member.phone.removeprefix("+86"),
            "last 4": member.phone_last4,
            "name": member.name,
            "two characters": member.name[:2],
            "pinyin": "".join(syllables),
            "initials": "".join(part[0] for part in syllables),
        }.items():
            found[kind].append((asker, text))
    return found


def main() -> None:
    asked = arguments()
    with deployed(asked.data) as home:
        from warmline.core.people.models import Member
        from warmline.core.people.searching import find

        seed_chain(home, households=asked.households)
        kinds = questions(Random(7), asked.asked)
        took: dict[str, list[list[float]]] = {kind: [] for kind in kinds}
        used: dict[str, list[float]] = {kind: [] for kind in kinds}
        missed = dict.fromkeys(kinds, 0)
        for number in range(-1, asked.rounds):
            for kind, said in kinds.items():
                times, cpu = [], time.process_time()
                for asker, text in said:
                    begun = time.perf_counter()
                    answer = find(asker, text)
                    times.append(1000 * (time.perf_counter() - begun))
                    missed[kind] += not answer
                if number >= 0:
                    took[kind].append(sorted(times))
                    used[kind].append(1000 * (time.process_time() - cpu) / len(said))
        members = Member.objects.count()
    print(f"{members:,} members, {asked.rounds} rounds of {asked.asked} questions of each kind")
    for kind, rounds in took.items():
        p50, p95 = (
            statistics.median(times[int(share * (len(times) - 1))] for times in rounds)
            for share in (0.5, 0.95)
        )
        print(
            f"{kind:15} p50 {p50:6.2f}  p95 {p95:6.2f} ms   "
            f"(goal p95 {GOAL}, stretch {STRETCH}), CPU {statistics.median(used[kind]):.2f} ms, "
            f"without an answer: {missed[kind]}"
        )


if __name__ == "__main__":
    main()
