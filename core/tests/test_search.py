"""The search: what is found, in which order, with which excerpt, and what is never found."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from core import search
from core.models import AuditEvent, SearchDocument
from core.search import finding, registry
from core.tests.searching import NOTE, found, note

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("notes")]
STAFF = AnonymousUser()  # anybody who is not the public: the kind of these tests shows them everything


def test_every_word_has_to_be_there():
    note("Parking", "There is no parking at the clinic.")
    note("Clinic", "The clinic opens at nine.")
    assert found("parking clinic") == ["Parking"]
    assert sorted(found("clinic")) == ["Clinic", "Parking"]
    assert found("parking helicopter") == []


def test_the_title_counts_most():
    note("Waiting", "They were kind. " * 5 + "Pharmacy.")
    note("Pharmacy", "They were kind. " * 5 + "Waiting.")
    assert found("pharmacy") == ["Pharmacy", "Waiting"]


def test_other_forms_of_a_word_are_found():
    note("A", "Several pharmacies were closed.")
    assert found("pharmacy") == ["A"]
    assert found("closing pharmacies") == ["A"]


def test_words_beside_each_other_are_asked_for_in_quotation_marks():
    note("A", "The waiting list is long.")
    note("B", "A list of those who are waiting.")
    assert found('"waiting list"') == ["A"]
    assert found("“waiting list”") == ["A"]
    assert found("waiting-list") == ["A"]
    assert sorted(found("waiting list")) == ["A", "B"]


def test_a_word_after_a_minus_must_not_be_there():
    note("A", "Parking is dear.")
    note("B", "Parking is free.")
    assert found("parking -dear") == ["B"]
    assert found('parking -"is free"') == ["A"]
    assert search.find("-dear").was_asked is False


def test_words_joined_by_a_stroke_or_a_dot_are_found():
    note("A", "Write to services/appointments@clinic.example, and/or ring.")
    for word in ("services", "appointments", "clinic", "ring"):
        assert found(word) == ["A"]


def test_accents_and_capitals_make_no_difference():
    note("A", "The CAFÉ of Zoë.")
    assert found("cafe zoe") == found("Café ZOË") == ["A"]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("patient's", ["A"]),
        ("O'Brien", ["B"]),
        ("O’Brien", ["B"]),
        ("السلام", ["C"]),
        ("don't", []),
        ("🙂 parking", ["D"]),
    ],
)
def test_other_scripts_and_signs(typed, expected):
    note("A", "The patient’s view.")
    note("B", "Dr O’Brien was kind.")
    note("C", "السلام عليكم")
    note("D", "Parking 🙂")
    assert found(typed) == expected


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        '"',
        '""',
        "''",
        "\x00",
        "\ud800",
        "-",
        "*",
        "()",
        "🙂🙂",
        "²",
        "a OR",
        "NOT",
        "NEAR(",
        'dementia" OR (carer* NEAR/2',
        "title : x",
        "{title} : y",
        "' & | ! <-> :*",
        "'; DROP TABLE core_searchdocument; --",
        "%s %d {0}",
        "\\",
        "=kindnotex",
        "a" * 10_000,
        "sentence " * 2_000,
        "-a " * 300,
        '"a" ' * 300,
        "ا" * 5_000,
    ],
)
def test_nothing_that_can_be_typed_is_an_error(typed):
    note("A", "Plain words.")
    results = search.find(typed)
    assert results.hits == ()
    assert search.more_like(text=typed) == []


def test_a_tag_cannot_be_typed():
    note("A", "Plain words.", tags={"topic": [12]})
    for typed in ("=topic12x", "topic12x", '"topic12x"', "kindnotex"):
        assert found(typed) == []


def test_a_text_cannot_pretend_to_have_a_tag():
    note("A", "=topic12x topic12x")
    assert found("", tags={"topic": [12]}) == []


def test_only_common_words_are_said_to_be_so():
    note("A", "It is what it is.")
    results = search.find("what is it")
    assert (results.was_asked, results.hits, results.common) == (False, (), ("what", "is", "it"))
    assert search.find('"what is it"').hits == ()


def test_common_words_beside_others_are_left_out():
    note("A", "Parking near a clinic.")
    results = search.find("the parking at the clinic")
    assert [hit.row.subject for hit in results.hits] == ["A"]
    assert results.common == ("the", "at")


def test_a_long_question_is_cut_and_says_so():
    note("A", "one two three four five six seven eight nine ten eleven twelve")
    results = search.find("one two three four five six seven eight nine ten eleven twelve thirteen")
    assert (results.total, results.was_cut) == (1, True)
    assert search.find("one").was_cut is False


def test_excerpts_are_escaped_and_marked():
    note("<b>Parking</b>", "<script>alert(1)</script> \x02 No parking & no <mark>bus</mark>.")
    (hit,) = search.find("parking").hits
    assert hit.title == "&lt;b&gt;<mark>Parking</mark>&lt;/b&gt;"
    assert "&lt;script&gt;" in hit.excerpt
    assert "<mark>parking</mark> &amp; no &lt;mark&gt;bus" in hit.excerpt
    assert hit.url == f"/notes/{hit.row.pk}/"


def test_an_excerpt_is_cut_from_a_long_text_around_the_words():
    note("A", "Before it. " * 300 + "There is no parking here. " + "After it. " * 300)
    (hit,) = search.find("parking").hits
    assert "<mark>parking</mark>" in hit.excerpt
    assert len(hit.excerpt) < 600


def test_a_very_long_text_is_found_by_its_beginning():
    note("A", "parking " + "x" * 1_000_000 + " helicopter")
    assert found("parking") == ["A"]
    assert found("helicopter") == []
    assert len(SearchDocument.objects.get().text) == 20_000


def test_tags_narrow_down():
    note("A", "Parking", tags={"topic": [1, 2], "year": [2023]})
    note("B", "Parking", tags={"topic": [12], "year": [2023]})
    note("C", "Parking", tags={"topic": [2], "year": [2024]})
    assert sorted(found("parking", tags={"topic": [2]})) == ["A", "C"]
    assert sorted(found("parking", tags={"topic": [2, 12]})) == ["A", "B", "C"]
    assert found("parking", tags={"topic": [2], "year": [2023]}) == ["A"]
    assert sorted(found("", tags={"year": [2023]})) == ["A", "B"]
    assert found("", tags={"topic": []}) == []
    assert found("parking", kinds=["other"]) == []
    assert found("parking", tags={"scope": ["staff"]}) == []


def test_a_tag_is_made_of_letters_and_digits():
    with pytest.raises(ValueError, match="letters and digits"):
        search.find("parking", tags={"topic": ["1 | secret"]})
    with pytest.raises(ValueError, match="letters and digits"):
        search.Kind("No Code", "", "", AuditEvent, None, None, None)


def test_pages(monkeypatch):
    for number in range(5):
        note(f"Note {number}", "Parking")
    results = search.find("parking", page=2, size=2)
    assert (results.total, results.page, results.pages, len(results.hits)) == (5, 2, 3, 2)
    assert search.find("parking", page=99, size=2).page == 3
    assert search.find("parking", page=-1, size=0).page == 1
    titles = [hit.row.subject for page in (1, 2, 3) for hit in search.find("parking", page=page, size=2).hits]
    assert sorted(titles) == [f"Note {number}" for number in range(5)]


def test_above_the_limits_the_number_is_more_than_and_the_latest_are_ranked(monkeypatch):
    monkeypatch.setattr(finding, "COUNTED", 3)
    monkeypatch.setattr(finding, "RANKED", 2)
    for number in range(3):
        note(f"Note {number}", "Parking")
    exact = search.find("parking")
    assert (exact.total, exact.is_more, exact.ranked, exact.are_newest) == (3, False, 2, True)
    assert exact.counts == {"note": 3}
    assert sorted(hit.row.subject for hit in exact.hits) == ["Note 1", "Note 2"]
    note("Note 3", "Parking")
    more = search.find("parking", kinds=["note"])
    assert (more.total, more.is_more, more.counts, more.pages) == (3, True, None, 1)
    assert sorted(hit.row.subject for hit in more.hits) == ["Note 2", "Note 3"]
    monkeypatch.setattr(finding, "RANKED", 10)
    assert search.find("note").are_newest is True


def test_the_number_of_queries_does_not_grow():
    counts = []
    for number in (10, 20, 70):
        for _row in range(number):
            note("Note", "Parking")
        with CaptureQueriesContext(connection) as queries:
            search.find("parking", size=100)
        counts.append(len(queries))
    assert counts[0] == counts[1] == counts[2]


# Who may find what -------------------------------------------------------------------------------


def test_what_somebody_may_not_see_is_neither_found_nor_counted():
    note("Open", "Parking")
    note("Canary", "Parking", verb="secret", tags={"topic": [1]})
    public = search.find("parking")
    assert [hit.row.subject for hit in public.hits] == ["Open"]
    assert (public.total, public.counts) == (1, {"note": 1})
    assert search.find("parking", tags={"topic": [1]}).total == 0
    assert search.find("", tags={"scope": ["staff"]}).total == 0
    assert sorted(found("parking", user=STAFF)) == ["Canary", "Open"]


def test_a_row_that_was_shut_without_telling_the_search_is_not_shown():
    row = note("Canary", "Parking")
    AuditEvent.objects.filter(pk=row.pk).update(verb="secret")
    assert search.find("parking").total == 0


def test_a_kind_that_nobody_registers_any_more_is_not_found(monkeypatch):
    note("A", "Parking")
    monkeypatch.setattr(registry, "_kinds", {})
    assert search.find("parking", user=STAFF) == search.Results(was_asked=True)


def test_a_kind_of_which_nothing_may_be_seen_is_not_found(monkeypatch):
    note("A", "Parking")
    shut = search.Kind("note", "Note", "Notes", AuditEvent, NOTE.build, lambda user: AuditEvent.objects.none(), str)
    monkeypatch.setattr(registry, "_kinds", {"note": shut})
    assert search.find("parking", user=STAFF).total == 0


# Other names -------------------------------------------------------------------------------------


@pytest.fixture
def renamed(notes):
    registry.register_names(lambda: [("Herts Valleys CCG", "Hertfordshire and West Essex ICB"), ("same", "Same")])


@pytest.mark.usefixtures("renamed")
def test_an_old_name_finds_the_new_one_and_the_other_way_round():
    note("New", "Decided by Hertfordshire and West Essex ICB in May.")
    note("Old", "Decided by Herts Valleys CCG in May.")
    note("Other", "Decided in West Essex.")
    assert sorted(found("herts valleys ccg")) == ["New", "Old"]
    assert sorted(found("may Hertfordshire and West Essex ICB decided")) == ["New", "Old"]
    assert found('"Herts Valleys CCG" june') == []
    assert found("valleys ccg") == ["Old"]
    assert found("may -herts valleys ccg") == []
    assert found("same") == []


def test_names_find_a_row_and_are_not_its_text():
    note("A", "Parking", names=["Harlow", "Reader Panel", "Harlow", ""])
    (hit,) = search.find("harlow").hits
    assert hit.excerpt == "Parking"
    assert SearchDocument.objects.get().names == "Harlow\nReader Panel"


# More like this ----------------------------------------------------------------------------------


def test_more_like_this_finds_what_shares_the_telling_words(learning):
    with learning():
        this = note("This", "Braille labels on medicines are hidden by the pharmacy sticker.")
        note("Like", "The sticker of the pharmacy hides Braille.")
        note("Little like", "The pharmacy was kind and the sticker was red.")
        note("One word", "A pharmacy in the town.")
        note("Canary", "Braille labels, pharmacy sticker.", verb="secret")
        for number in range(20):
            note(f"Other {number}", "The staff were kind and the room was clean.")
    public = search.more_like(kind="note", pk=this.pk)
    assert [hit.row.subject for hit in public] == ["Like", "Little like"]
    assert set(public[0].shares) == {"braille", "pharmacy", "sticker"}
    by_text = search.more_like(text="Medicines with a sticker", size=1)
    assert [hit.row.subject for hit in by_text] == ["This"]
    staff = search.more_like(kind="note", pk=this.pk, user=STAFF)
    assert [hit.row.subject for hit in staff] == ["Canary", "Like", "Little like"]


def test_more_like_a_secret_row_tells_the_public_nothing(learning):
    with learning():
        secret = note("Canary", "Braille stickers", verb="secret")
        note("Open", "Braille stickers")
    assert search.more_like(kind="note", pk=secret.pk) == []
    assert [hit.row.subject for hit in search.more_like(kind="note", pk=secret.pk, user=STAFF)] == ["Open"]


def test_more_like_nothing(learning):
    with learning():
        note("A", "Braille stickers")
    assert search.more_like(text="the and of") == []
    assert search.more_like(text="helicopter") == []
    assert search.more_like(text="Braille stickers", kinds=["other"]) == []


# The table ---------------------------------------------------------------------------------------


def test_a_record_has_one_document():
    note("A")
    document = SearchDocument.objects.get()
    assert str(document) == "A"
    with pytest.raises(IntegrityError), transaction.atomic():
        SearchDocument.objects.create(kind="note", object_id=document.object_id, title="Twice")


def test_a_document_is_for_one_of_three():
    with pytest.raises(IntegrityError), transaction.atomic():
        SearchDocument.objects.create(kind="note", object_id=1, title="A", scope="nobody")
