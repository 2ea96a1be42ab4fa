"""Writes visitors.csv beside itself: 1,000 people who never were, the same ones each time.

python collections/demo/data/make_visitors.py
"""

from __future__ import annotations

import csv
import random
from pathlib import Path

ROWS = 1000
FIRST = ("Amina", "Bjørn", "Chloé", "Dmitri", "Elif", "Farid", "Grace", "Hiro", "Ioana", "Jun", "Kofi", "Lucía", "Mei")
LAST = (
    "Adeyemi",
    "Berg",
    "Costa",
    "Dubois",
    "Eriksen",
    "Fischer",
    "García",
    "Haddad",
    "Ivanova",
    "Jansen",
    "Kim",
    "Łuczak",
)
TEAMS = ("platform", "mobile", "data")
PLAIN = str.maketrans("øéíŁ", "oeiL")


def main() -> None:
    dice = random.Random(1)
    path = Path(__file__).with_name("visitors.csv")
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(("name", "email", "team", "age"))
        for number in range(1, ROWS + 1):
            first, last = dice.choice(FIRST), dice.choice(LAST)
            email = f"{first}.{last}.{number:04}@visitors.example".translate(PLAIN).lower()
            rows.writerow((f"{first} {last}", email, dice.choice(TEAMS), dice.randint(18, 80)))


if __name__ == "__main__":
    main()
