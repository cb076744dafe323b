"""Which groups speak of which themes more often, and what changes over time (INS-022)."""

import datetime

import pytest

from core.intervals import holm, two_proportions
from insights.documents.differences import Change, Shown, Verdict, by_period, differences, over_time, shown

CARERS, OTHERS = "carers", "others"
WORDS = {CARERS: "People who care for somebody"}


def row_of(rows, group, theme):
    return next(row for row in rows if (row.group, row.theme) == (group, theme))


def test_the_published_example_of_berkeley_1973():
    """1,198 of 2,691 men and 557 of 1,835 women were admitted (P. J. Bickel and others, Science 187, 1975)."""
    rows = differences({"men": {"admitted": 1198}, "women": {"admitted": 557}}, {"men": 2691, "women": 1835})

    assert [(row.share.percent, row.others.percent, row.points, row.verdict) for row in rows] == [
        ("45%", "30%", 15, Verdict.MORE),
        ("30%", "45%", -15, Verdict.LESS),
    ]
    assert rows[0].p == rows[1].p < 1e-20


def test_the_sentence_stands_where_the_difference_holds():
    rows = differences({CARERS: {"parking": 60}, OTHERS: {"parking": 40}}, {CARERS: 100, OTHERS: 200}, WORDS)

    assert [row.sentence for row in rows] == [
        "People who care for somebody speak of “parking” more often: 60% of about 100 people, "
        "against 20% of about 200 others.",
        "",
    ]


def test_a_group_without_words_is_named_as_a_group():
    row, _other = differences({CARERS: {"parking": 60}, OTHERS: {}}, {CARERS: 100, OTHERS: 200})
    assert row.sentence == ""  # nobody else spoke of it, which may not be shown
    row, _other = differences({CARERS: {"parking": 60}, OTHERS: {"parking": 10}}, {CARERS: 100, OTHERS: 200})
    assert row.sentence.startswith("People in the group “carers” speak of “parking” more often: 60% of about 100")


def test_each_group_is_compared_with_all_others_together():
    counts = {"a": {"food": 20}, "b": {"food": 30}, "c": {"food": 50}}
    row = row_of(differences(counts, {"a": 40, "b": 60, "c": 200}), "a", "food")

    assert (row.share, row.others) == (Shown("20", "50%", "40"), Shown("80", "31%", "260"))
    assert row.points == 19


def test_the_p_is_that_of_scipy_after_holm_over_all_comparisons():
    """Checked by hand: Fisher's exact test of each cell against the rest, times what is left of the six."""
    from scipy.stats import fisher_exact

    counts = {"a": {"x": 20, "y": 10}, "b": {"x": 30, "y": 30}, "c": {"x": 50, "y": 90}}
    bases = {"a": 40, "b": 60, "c": 200}
    alone = []
    for group in counts:
        for theme in ("x", "y"):
            count, base = counts[group][theme], bases[group]
            other = sum(each[theme] for each in counts.values()) - count
            alone.append(fisher_exact([[count, base - count], [other, 300 - base - other]]).pvalue)
    ranked = sorted(alone)

    found = [row.p for row in differences(counts, bases)]

    assert found == pytest.approx(holm(alone))
    assert min(found) == pytest.approx(6 * ranked[0])


def test_a_difference_that_is_lost_among_many_comparisons_has_no_sentence():
    """The guard: alone it would hold, after the correction for twenty it does not."""
    alone = {CARERS: {"food": 30}, OTHERS: {"food": 35}}
    bases = {CARERS: 100, OTHERS: 200}
    assert two_proportions(30, 100, 35, 200).p < 0.05
    assert differences(alone, bases)[0].verdict == Verdict.MORE

    equal = {f"theme {number}": 50 for number in range(19)}
    doubled = {theme: 2 * count for theme, count in equal.items()}
    row, *_rest = differences({CARERS: alone[CARERS] | equal, OTHERS: alone[OTHERS] | doubled}, bases)

    assert (row.theme, row.verdict, row.sentence) == ("food", Verdict.NOT_TOLD, "")
    assert row.p > 0.05


def test_two_groups_are_one_comparison_for_each_theme():
    counts, bases = {CARERS: {"food": 30}, OTHERS: {"food": 35}}, {CARERS: 100, OTHERS: 200}
    assert differences(counts, bases)[0].p == pytest.approx(two_proportions(30, 100, 35, 200).p)


@pytest.mark.parametrize(("base", "verdict"), [(29, Verdict.TOO_FEW), (30, Verdict.MORE)])
def test_fewer_than_thirty_people_are_not_compared(base, verdict):
    row, other = differences({CARERS: {"food": 20}, OTHERS: {"food": 20}}, {CARERS: base, OTHERS: 200})

    assert (row.verdict, bool(row.sentence)) == (verdict, verdict == Verdict.MORE)
    assert (row.p is None, row.points is None, other.p is None) == ((verdict == Verdict.TOO_FEW,) * 3)


@pytest.mark.parametrize(("count", "is_shown"), [(0, False), (7, False), (8, True), (100, False)])
def test_a_count_that_may_not_be_published_is_not_compared_in_words(count, is_shown):
    """The guard: seven of a hundred against 120 of two hundred differ beyond doubt, but nothing is said of them."""
    rows = differences({CARERS: {"food": count}, OTHERS: {"food": 120}}, {CARERS: 100, OTHERS: 200})

    for row in rows:
        assert (row.verdict != Verdict.HIDDEN, row.p is not None, row.points is not None) == ((is_shown,) * 3)
        assert bool(row.sentence) is (row.verdict == Verdict.MORE)


def test_a_hidden_count_is_a_star_or_says_why():
    assert shown(5, 100) == Shown("*", "*", "100")
    assert shown(0, 100) == Shown("", "", "100", "Not shown: everybody is in one category.")
    assert shown(10, 20) == Shown("", "", "", "Not shown: fewer than 30 people.")
    assert shown(23, 101) == Shown("25", "25%", "100")


def test_hidden_counts_are_still_among_the_comparisons():
    """Otherwise what is hidden would make it easier for the rest to be found."""
    bases = {CARERS: 100, OTHERS: 200}
    alone = differences({CARERS: {"food": 30}, OTHERS: {"food": 35}}, bases)[0]
    beside = differences({CARERS: {"food": 30, "noise": 5}, OTHERS: {"food": 35, "noise": 10}}, bases)[0]
    assert beside.p == pytest.approx(2 * alone.p)


@pytest.mark.parametrize("count", [-1, 11])
def test_a_count_beyond_its_base_is_an_error(count):
    with pytest.raises(ValueError, match="between 0 and its base"):
        shown(count, 10)


def test_a_group_without_a_base_is_an_error_and_nothing_gives_nothing():
    with pytest.raises(KeyError):
        differences({"a": {"food": 1}}, {})
    assert (differences({}, {}), over_time({}, {})) == ([], [])


# Over time ---------------------------------------------------------------------------------------


def test_a_change_is_told_only_where_it_holds():
    counts = {"spring": {"food": 20}, "summer": {"food": 60}, "autumn": {"food": 55}, "winter": {"food": 12}}
    moments = over_time(counts, dict.fromkeys(counts, 100))

    assert [(moment.period, moment.share.percent, moment.change) for moment in moments] == [
        ("spring", "20%", Change.FIRST),
        ("summer", "60%", Change.ROSE),
        ("autumn", "55%", Change.NOT_TOLD),
        ("winter", "10%", Change.FELL),
    ]
    assert moments[0].p is None
    ps = [two_proportions(after, 100, before, 100).p for before, after in ((20, 60), (60, 55), (55, 12))]
    assert [moment.p for moment in moments[1:]] == pytest.approx(holm(ps))
    assert str(Change.NOT_TOLD.label) == "no change can be told"


@pytest.mark.parametrize(("count", "base"), [(20, 29), (5, 100), (0, 100), (0, 0)])
def test_no_change_can_be_told_of_too_few_or_of_what_may_not_be_shown(count, base):
    counts = {"spring": {"food": 60}, "summer": {"food": count}, "autumn": {"food": 60}}
    first, *later = over_time(counts, {"spring": 100, "summer": base, "autumn": 100})

    assert first.change == Change.FIRST
    assert [(moment.change, moment.p) for moment in later] == [(Change.NOT_TOLD, None)] * 2


def test_every_theme_has_every_period():
    moments = over_time({"spring": {"food": 40}, "summer": {"noise": 40}}, {"spring": 100, "summer": 100})
    assert [(moment.theme, moment.period) for moment in moments] == [
        ("food", "spring"),
        ("food", "summer"),
        ("noise", "spring"),
        ("noise", "summer"),
    ]


def test_comments_are_counted_by_quarter_with_quiet_ones_between():
    day = datetime.date
    comments = [
        (day(2023, 12, 31), ["food", "food"]),
        (day(2024, 7, 1), []),
        (day(2024, 8, 30), ["food", "noise"]),
        (None, ["food"]),
    ]

    found = by_period(comments)

    assert found.counts == {
        "October to December 2023": {"food": 1},
        "January to March 2024": {},
        "April to June 2024": {},
        "July to September 2024": {"food": 1, "noise": 1},
    }
    assert list(found.bases.values()) == [1, 0, 0, 2]
    assert found.undated == 1


def test_comments_are_counted_by_month():
    found = by_period([(datetime.date(2024, 1, 31), ["food"]), (datetime.date(2023, 12, 1), [])], months=1)
    assert found.bases == {"December 2023": 1, "January 2024": 1}


def test_no_dates_make_no_periods_and_other_lengths_are_an_error():
    assert by_period([(None, ["food"])]).bases == {}
    with pytest.raises(ValueError, match="by month"):
        by_period([], months=2)
