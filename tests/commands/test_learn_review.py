import json

from devtools.cli import run

TEXT = "- Gears of the big engine skip teeth in 3 of 10 runs.\n- Tapes are fast.\n"


def review(capsys, *arguments):
    assert run(["learn", "review", *arguments]) == 0
    text = capsys.readouterr().out
    return json.loads(text) if "--json" in arguments else text


def test_a_person_sees_what_a_later_commit_contradicts(repository, capsys):
    repository.put("LEARNINGS.md", TEXT)
    repository.commit("docs: learned")
    repository.put("a", "1")
    later = repository.commit("fix: oil\n\nThe big engine's gears skip teeth in 1 of 50 runs.")
    assert review(capsys).splitlines() == [
        "1 insight to look at again",
        "- contradicted: LEARNINGS.md:1 Gears of the big engine skip teeth in 3 of 10 runs.",
        f"  {later[:9]} says: The big engine's gears skip teeth in 1 of 50 runs.",
    ]
    (doubtful,) = review(capsys, "--json")["doubtful"]
    assert (doubtful["line"], doubtful["commit"], doubtful["contradicts"]) == (1, later, True)


def test_a_person_sees_what_stands_there_twice_and_what_no_search_has_found(repository, capsys):
    repository.put("LEARNINGS.md", f"{TEXT}- Teeth skip in 3 of 10 runs of the big engine: its gears.\n")
    assert "- twice: LEARNINGS.md:1 Gears" in review(capsys)
    assert "not found yet" not in review(capsys)
    assert run(["learn", "search", "gears"]) == 0
    capsys.readouterr()
    assert review(capsys, "--json")["unfound"] == ["Tapes are fast."]
    assert "- not found yet: LEARNINGS.md:2 Tapes are fast." in review(capsys)


def test_without_insights_there_is_nothing_to_look_at(repository, capsys):
    assert review(capsys) == "0 insights to look at again\n"
    assert run(["learn", "review", "now"]) == 2


def test_what_a_search_has_found_is_remembered_by_its_beginning(repository, capsys):
    repository.put("LEARNINGS.md", f"- {'gears skip ' * 5000}\n- Tapes are fast.\n")
    assert run(["learn", "search", "gears"]) == 0
    capsys.readouterr()
    assert review(capsys, "--json")["unfound"] == ["Tapes are fast."]
    assert (repository.state / "found.json").stat().st_size < 300
