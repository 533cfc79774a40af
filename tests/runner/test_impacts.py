from devtools.runner.impacts import merged, repeated


def impact(**parts):
    empty = {"tests": {}, "seconds": {}, "reads": {}, "loaded": {}, "opaque": [], "listing": [], "outside": []}
    return {**empty, **parts}


def test_results_and_seconds_add_up_and_the_number_of_tests_stays():
    one = {"passed": 2, "skipped": 1, "ran": 3, "total": 5}
    two = {"passed": 1, "skipped": 0, "ran": 2, "total": 5}
    seen = merged([impact(tests={"a": one}, seconds={"a": 0.5}), impact(tests={"a": two}, seconds={"a": 0.25, "b": 1})])
    assert seen["tests"] == {"a": {"passed": 3, "skipped": 1, "ran": 5, "total": 5}}
    assert seen["seconds"] == {"a": 0.75, "b": 1}


def test_what_was_read_started_and_listed_anywhere_counts():
    one = impact(reads={"data": ["a"]}, opaque=["a"], listing=["a"], outside=["/x"])
    two = impact(reads={"data": ["b"], "more": [""]}, opaque=["b"], outside=["/x", "/y"])
    seen = merged([one, two])
    assert seen["reads"] == {"data": ["a", "b"], "more": [""]}
    assert (seen["opaque"], seen["listing"], seen["outside"]) == (["a", "b"], ["a"], ["/x", "/y"])


def test_a_module_that_several_processes_load_has_one_loader_and_readers():
    seen = merged([impact(loaded={"m": "", "n": "b"}), impact(loaded={"m": "a", "n": "c"}), impact(loaded={"n": "b"})])
    assert (seen["loaded"], seen["reads"]) == ({"m": "", "n": "b"}, {"m": ["a"], "n": ["c"]})


def test_files_that_ran_again_count_with_their_later_results_and_with_all_that_they_did():
    one = impact(tests={"a": {"passed": 0}, "b": {"passed": 2}}, seconds={"a": 9, "b": 1}, reads={"x": ["a"]})
    two = impact(tests={"a": {"passed": 1}}, seconds={"a": 2}, reads={"y": ["a"]}, opaque=["a"])
    seen = repeated(one, two)
    assert (seen["tests"], seen["seconds"]) == ({"a": {"passed": 1}, "b": {"passed": 2}}, {"a": 2, "b": 1})
    assert (seen["reads"], seen["opaque"]) == ({"x": ["a"], "y": ["a"]}, ["a"])


def test_who_read_a_variable_of_the_terminal_in_any_process_counts():
    one, two = impact(asked={"TERM": ["a"]}), impact(asked={"TERM": ["b"], "LINES": ["a"]})
    assert merged([one, two, impact()])["asked"] == {"TERM": ["a", "b"], "LINES": ["a"]}
