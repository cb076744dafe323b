"""Measure the search over many comments on PostgreSQL, beside the same questions in bare SQL. Prints JSON.

    python -m benchmarks.search --comments 10000 1000000 [--texts patient_comments.csv]

The comments are made from sentences of the file (a column `comment`), or from made-up ones, always the same. Each
question is asked of `core.search.find`, of the database with the statements that `find` sends, and of the database
with one plain statement that ranks everything, counts everything and cuts the excerpts. Milliseconds.
"""

import argparse
import contextlib
import csv
import datetime
import json
import os
import random
import re
import secrets
import statistics
import sys
import tempfile
import time
from collections import Counter
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BATCH = 2_000
FIRST = 10_000  # so many are taken in through the search itself
QUESTIONS = 200
FIRST_DAY = datetime.date(2015, 4, 1)
TAGS = {"topic": 40, "area": 25, "group": 30}


def measure(sizes: list[int], texts: Path | None) -> dict:
    """Fill the database of this Django with so many comments, step by step, and measure at each size."""
    from core import search

    sentences = sentences_of(texts)
    questions = questions_about(sentences)
    search.ensure()
    result, made = {"questions": len(questions), "texts": "from the file" if texts else "made up"}, 0
    for size in sorted(sizes):
        if not made:
            made = min(size, FIRST)
            result["rows_a_second_taken_in"] = round(made / fill(sentences, made))
        multiply(made, size)
        result[f"{size}_comments"] = asked(questions)
        made = size
    return result


# The comments ------------------------------------------------------------------------------------


def sentences_of(texts: Path | None) -> list[str]:
    if texts is None:
        return [made_up(number) for number in range(10_000)]
    with texts.open(newline="", encoding="utf-8-sig") as file:
        comments = [row["comment"] for row in csv.DictReader(file)]
    found = [part.strip() for text in comments for part in re.split(r"(?<=[.!?])\s+", text)]
    return [part for part in dict.fromkeys(found) if len(part) > 3]


def made_up(number: int) -> str:
    chance = random.Random(number)  # noqa: S311  the same every time
    return " ".join(word(int(chance.paretovariate(0.7))) for _place in range(chance.randint(5, 18))) + "."


def word(number: int) -> str:
    syllables = ["ba", "ce", "di", "fo", "gu", "la", "me", "ni", "po", "ru", "sa", "te", "vi", "wo", "xy"]
    letters = []
    while True:
        number, which = divmod(number, len(syllables))
        letters.append(syllables[which])
        if not number:
            return "".join(letters)


def fill(sentences: list[str], end: int) -> float:
    """Take comments in as bulk work does, in seconds, the index and the vocabulary with them."""
    from core.search import indexing

    started = time.monotonic()
    for start in range(0, end, BATCH):
        numbers = range(start, min(start + BATCH, end))
        indexing.write(comments_kind(), list(numbers), {number: comment(number, sentences) for number in numbers})
    return time.monotonic() - started


def multiply(first: int, end: int) -> None:
    """More comments, each of the words of one or two of the first, made by the database because that is quick."""
    from django.db import connection

    tags = "concat('=kindcommentx =scopestaffx"
    for name, most in (TAGS | {"year": 11}).items():
        start = FIRST_DAY.year if name == "year" else 0
        tags += f" ={name}', {start} + abs(hashint8extended(n, {most}) %% {most}), 'x"
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO core_searchdocument (kind, object_id, title, text, names, tags, day, scope)"  # noqa: S608
            " SELECT 'comment', n, 'Comment ' || n, one.text || CASE n %% 3 WHEN 0 THEN ' ' || two.text ELSE '' END,"
            f" '', {tags}'), %s + abs(hashint8extended(n, 2) %% 4000)::int, 'staff' FROM generate_series(%s, %s) n"
            " JOIN core_searchdocument one ON one.object_id = abs(hashint8extended(n, 3) %% %s)"
            " JOIN core_searchdocument two ON two.object_id = abs(hashint8extended(n, 4) %% %s) ORDER BY n",
            [FIRST_DAY, first, end - 1, min(first, FIRST), min(first, FIRST)],
        )
        cursor.execute("VACUUM ANALYZE core_searchdocument")
        cursor.execute("VACUUM ANALYZE core_searchword")


def comment(number: int, sentences: list[str]):
    from core.search import Fields

    chance = random.Random(number)  # noqa: S311
    parts = [sentences[int(len(sentences) * chance.random())] for _part in range(1 + int(chance.expovariate(0.8)))]
    if chance.random() < 0.05:  # names and slips of the pen: words that few others have
        parts.append(f"It was {word(chance.randrange(200_000))}.")
    day = FIRST_DAY + datetime.timedelta(days=chance.randrange(4_000))
    tags = {name: [chance.randrange(most)] for name, most in TAGS.items()}
    return Fields(f"Comment {number}", " ".join(parts), day=day, tags=tags | {"year": [day.year]})


def comments_kind():
    from core.models import SearchDocument
    from core.search import Kind

    return Kind(
        code="comment",
        name="Comment",
        plural="Comments",
        model=SearchDocument,
        build=lambda row: None,
        for_user=lambda user: None,
        url=lambda row: f"/{row.pk}/",
    )


# The questions -----------------------------------------------------------------------------------


def questions_about(sentences: list[str]) -> list[dict]:
    """From the most frequent word to the rarest, pairs, threes, phrases, filters and typing errors; always the same."""
    from core.search.words import COMMON, spelled

    chance = random.Random(5)  # noqa: S311
    counted = Counter(word for sentence in sentences for word in spelled(sentence) - COMMON if len(word) > 3)
    ranked = sorted(counted, key=lambda word: (-counted[word], word))
    often, seldom = ranked[:150], ranked[150:3_000]
    asked = [{"text": word} for word in [*ranked[:40], *chance.sample(seldom, 40)]]
    asked += [{"text": f"{chance.choice(often)} {chance.choice(often)}"} for _number in range(30)]
    asked += [{"text": f"{chance.choice(often)} {chance.choice(seldom)}"} for _number in range(30)]
    asked += [{"text": " ".join(chance.sample(often, 3))} for _number in range(10)]
    pairs = [sentence.split()[1:3] for sentence in sentences if len(sentence.split()) > 4]
    asked += [{"text": '"' + " ".join(chance.choice(pairs)) + '"'} for _number in range(10)]
    for _number in range(30):
        tags = {"topic": [chance.randrange(TAGS["topic"])], "year": [chance.randrange(2015, 2026)]}
        asked.append({"text": chance.choice(often), "tags": tags})
    long_words = [word for word in ranked[:1_000] if len(word) > 6]
    asked += [{"text": word[:3] + word[4:]} for word in chance.sample(long_words, 10)]
    return asked[:QUESTIONS]


def asked(questions: list[dict]) -> dict:
    """Each question three ways. The first round warms the caches and is not counted."""
    from core import search
    from insights.searching import other_names

    search.register(comments_kind())
    search.register_names(other_names)  # empty tables here, but `find` asks them each time
    times = {"find": [], "its_statements_in_bare_sql": [], "one_plain_statement_in_bare_sql": []}
    found, slowest = Counter(), []
    for is_counted in (False, True):
        for question in questions:
            took, results, statements = timed_find(question)
            bare, plain = timed_bare(statements), timed_plain(question)
            if is_counted:
                for name, number in zip(times, (took, bare, plain), strict=True):
                    times[name].append(number)
                found["nothing" if not results.total else "more than counted" if results.is_more else "counted"] += 1
                found["corrected"] += bool(results.corrected)
                slowest.append((took, question))
    return {name: quantiles(numbers) for name, numbers in times.items()} | {
        "found": dict(found),
        "slowest": [
            {"ms": round(took, 1)} | question for took, question in sorted(slowest, key=lambda pair: -pair[0])[:5]
        ],
    }


def timed_find(question: dict):
    from django.db import connection

    from core import search

    statements = []

    def note(execute, sql, given, many, context):
        statements.append((sql, given))
        return execute(sql, given, many, context)

    started = time.perf_counter()
    with connection.execute_wrapper(note):
        results = search.find(**question)
        list(map(str, (hit.excerpt for hit in results.hits)))
    return (time.perf_counter() - started) * 1000, results, statements


def timed_bare(statements: list) -> float:
    from django.db import connection, transaction

    started = time.perf_counter()
    with transaction.atomic(), connection.connection.cursor() as cursor:
        for sql, given in statements:
            if sql.startswith(("SELECT", "SET")):
                cursor.execute(sql, given)
                if cursor.description:
                    cursor.fetchall()
    return (time.perf_counter() - started) * 1000


def timed_plain(question: dict) -> float:
    """Words and tags in one condition, everything ranked, the first 20 cut, and everything counted."""
    from django.db import connection

    from core.search import registry

    tags = [registry.tag(name, value) for name, values in question.get("tags", {}).items() for value in values]
    condition = "search @@ (websearch_to_tsquery('english', %s)" + " && %s::tsquery" * len(tags) + ")"
    given = [question["text"], *(f"'{tag}'" for tag in tags)]
    started = time.perf_counter()
    with connection.connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, title, ts_headline('english', text, websearch_to_tsquery('english', %s)) FROM ("  # noqa: S608
            f"SELECT id, title, text FROM core_searchdocument WHERE {condition}"
            " ORDER BY ts_rank(search, websearch_to_tsquery('english', %s), 1) DESC, day DESC, id DESC LIMIT 20) best",
            [question["text"], *given, question["text"]],
        )
        cursor.fetchall()
        cursor.execute(f"SELECT count(*) FROM core_searchdocument WHERE {condition}", given)  # noqa: S608
        cursor.fetchall()
    return (time.perf_counter() - started) * 1000


def quantiles(numbers: list[float]) -> dict:
    parts = statistics.quantiles(numbers, n=100, method="inclusive")
    return {"p50": round(parts[49], 1), "p95": round(parts[94], 1), "most": round(max(numbers), 1)}


# The database ------------------------------------------------------------------------------------


@contextlib.contextmanager
def database():
    """A PostgreSQL of our own that ends with the measurement, as `scripts/test` starts it."""
    loader = SourceFileLoader("scripts_test", str(ROOT / "scripts/test"))
    servers = module_from_spec(spec_from_loader("scripts_test", loader))
    loader.exec_module(servers)
    with tempfile.TemporaryDirectory(prefix="engagement-bench-") as name:
        folder, password, user = Path(name), secrets.token_urlsafe(24), servers.unprivileged_user()
        if user:
            import shutil

            shutil.chown(folder, user)
        with servers.postgresql(folder, user, password) as port:
            os.environ |= {
                "DJANGO_SETTINGS_MODULE": "config.settings",
                "EMBEDDED": "1",
                "SECRET_KEY": "for-the-benchmark-alone",
                "VAR_DIR": name,
                "DATABASE_URL": f"postgres://tester:{password}@127.0.0.1:{port}/postgres",
                "REDIS_URL": "",
                "LOG_LEVEL": "ERROR",
            }
            import django

            django.setup()
            yield
            from django.db import connections

            connections.close_all()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--comments", type=int, nargs="+", default=[10_000])
    parser.add_argument("--texts", type=Path, help="a CSV file with a column `comment`")
    arguments = parser.parse_args()
    with database():
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        print(json.dumps(measure(arguments.comments, arguments.texts), indent=2))


if __name__ == "__main__":
    sys.exit(main())
