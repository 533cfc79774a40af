import pytest

from devtools.syntax.effects import effects


@pytest.mark.parametrize(
    "text",
    [
        "'''A docstring.'''\nimport os\nfrom shop import price\n",
        "LIMIT = 3\nNAMES = ['a', ('b', -1)]\nfirst, *rest = NAMES\nx: int = 2\nx += 1\n",
        "ROOT = Path(__file__).parent\npytestmark = pytest.mark.slow\nPATTERN = re.compile('a')\n",
        "make = lambda: os.abort()\n",
        "@given(text())\ndef test_a():\n    os.environ['A'] = '1'\n",
        "class TestIt:\n    '''It.'''\n    limit = 3\n    def test_a(self):\n        os.environ.clear()\n",
        "if sys.platform == 'win32':\n    END = ';'\nelse:\n    END = ':'\n",
        "try:\n    import yaml\nexcept ImportError:\n    yaml = None\n",
        "pytest.importorskip('numpy')\n",
        "SMALL = Config(steps=100)\nTEXTS = st.lists(st.text()).map(tuple)\n",
    ],
)
def test_a_module_that_only_defines_things_does_nothing_to_others(text):
    assert effects(text) == ""


@pytest.mark.parametrize(
    "text",
    [
        "os.environ['A'] = '1'",
        "os.environ['A'] += '1'",
        "price.total = lambda items: 0",
        "a, price.total = 1, 2",
        "del price.total",
        "sys.path.insert(0, 'src')",
        "os.chdir('/')",
        "patcher = mock.patch('a').start()",
        "values = [setattr(name, 'a', 1) for name in NAMES]",
        "values = [name for name in sys.path.pop()]",
        "with open('x') as stream:\n    TEXT = stream",
        "if True:\n    os.chdir('/')",
        "try:\n    pass\nexcept ImportError:\n    os.chdir('/')",
        "try:\n    pass\nfinally:\n    os.chdir('/')",
        "for name in NAMES:\n    pass\nelse:\n    os.chdir('/')",
        "match x:\n    case 1:\n        os.chdir('/')",
        "class TestIt:\n    os.chdir('/')",
        "create_app()",
    ],
)
def test_what_may_change_something_elsewhere_is_told(text):
    assert effects(f"LIMIT = 3\n{text}\n")
    assert effects(text) == effects(f"\n\nLIMIT = 4\n{text}  # why\n")
    assert "LIMIT" not in effects(f"LIMIT = 3\n{text}\n")


def test_a_text_that_cannot_be_parsed_stands_for_itself():
    assert effects("def f(:\n") == "def f(:\n"
