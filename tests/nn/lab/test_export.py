"""`nn export` from the command line."""

import json

import pytest

from nn.cli import run


def test_export_writes_a_file_of_less_than_half_a_megabyte(tmp_path, capsys):
    file = tmp_path / "run.html"
    assert run(["export", str(file), "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert facts["bytes"] == file.stat().st_size < 500_000
    assert run(["export", str(file), "--steps", "3", "--units", "0"]) == 0
    assert capsys.readouterr().out == f"{file}: 3 steps, {file.stat().st_size / 1000:.0f} kB; open it in a browser\n"


@pytest.mark.parametrize(("option", "said"), [("--units=a", "units are 'a'"), ("--hidden=x", "unknown hidden")])
def test_a_wrong_option_is_one_line(tmp_path, capsys, option, said):
    assert run(["export", str(tmp_path / "run.html"), option]) == 2
    assert capsys.readouterr().err.startswith(f"nn: {said}")
    assert run(["export", str(tmp_path / "no" / "run.html")]) == 2
    assert "there is no folder" in capsys.readouterr().err
