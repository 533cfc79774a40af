import pytest

from devtools.commit import kept_insights
from devtools.system.store import Store


@pytest.fixture
def root(repository):
    return str(repository.path)


def test_insights_are_kept_each_once_until_they_are_carried_or_stand_in_the_file(repository, root):
    store = Store(root)
    assert kept_insights.keep(store, root, []) == []
    kept_insights.keep(store, root, [("One.", "A"), ("Two.", "")])
    assert kept_insights.keep(store, root, [("one", "B")]) == [("Two.", ""), ("one", "B")]
    repository.put("LEARNINGS.md", "# L\n\n- Two\n")
    assert kept_insights.kept(store, root) == [("one", "B")]
    kept_insights.keep(store, root, [("Three.", "", "Words: third")])
    assert kept_insights.kept(store, root) == [("one", "B"), ("Three.", "", "Words: third")]
    kept_insights.drop(store)
    assert kept_insights.kept(store, root) == []


@pytest.mark.parametrize("entry", [{"kept": 1}, {"kept": [1, ["a"], ["a", 2]]}, {}])
def test_what_is_no_insight_of_ours_is_not_believed(root, entry):
    store = Store(root)
    store.write(kept_insights.NAME, entry)
    assert kept_insights.kept(store, root) == []
