import pytest

from devtools.syntax.layout import layout, module_names


@pytest.mark.parametrize(
    ("paths", "roots", "names"),
    [
        (["calc.py"], ("",), {"calc"}),
        (["pkg/__init__.py", "pkg/sub/__init__.py", "pkg/sub/a.py"], ("",), {"pkg"}),
        (["src/pkg/__init__.py", "src/one.py"], ("src", ""), {"pkg", "one"}),
        (["backend/app/__init__.py", "backend/app/a.py"], ("backend", ""), {"app"}),
        (["src/space/part/__init__.py"], ("src", ""), set()),
        (["a.js"], ("",), set()),
    ],
)
def test_roots_and_names_are_read_off_the_paths(paths, roots, names):
    found = layout(paths)
    assert found.roots == roots
    assert found.names - {"part"} == names


def test_the_first_name_of_a_namespace_is_the_project_s_but_no_regular_package():
    found = layout(["src/space/part/a.py"])
    assert (found.tops, found.names) == ({"space"}, frozenset())


def test_a_file_has_a_name_from_each_root_that_holds_it():
    assert module_names("src/pkg/__init__.py", ["src", ""]) == ["pkg", "src.pkg"]
    assert module_names("src/pkg/a.py", ["other"]) == []
    assert module_names("src/pkg/a.txt", [""]) == []
