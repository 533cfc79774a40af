"""`nn chars`: text, JSON, picture, files and mistakes."""

import json

import pytest

from nn.cli import parser, run

SIZES = ["--context", "8", "--width", "8", "--heads", "2", "--blocks", "1"]
TINY = [*SIZES, "--epochs", "2", "--batch-size", "4", "--sample", "5"]


@pytest.fixture
def text(tmp_path):
    (tmp_path / "text.txt").write_text("to be or not to be, that is the question. " * 5)
    return str(tmp_path / "text.txt")


def test_a_text_is_learned_judged_and_written_on(capsys, tmp_path, text):
    assert run(["chars", "--text", text, *TINY, "--plot", str(tmp_path / "p.svg"), "--prompt", "to b"]) == 0
    curve, verdict, beside, gap, written = capsys.readouterr().out.splitlines()
    assert (len(curve), gap) == (2, "")
    assert verdict.startswith("finished after 2 epochs: ")
    assert beside.startswith("counting reaches ")
    assert written.startswith("to b")
    assert len(written) == 9
    assert "nats per character" in (tmp_path / "p.svg").read_text()


def test_json_has_every_number_and_the_same_seed_the_same_bits(capsys, text):
    said = []
    for seed in ("5", "5", "6"):
        assert run(["chars", "--text", text, *TINY, "--seed", seed, "--json"]) == 0
        said.append(json.loads(capsys.readouterr().out))
    assert said[0] == said[1]
    assert said[0]["losses"] != said[2]["losses"]
    assert (said[0]["schema"], said[0]["command"], said[0]["ok"], said[0]["seed"]) == (1, "chars", True, 5)
    assert said[0]["characters"] == {"learned": 189, "held_out": 21}
    assert len(said[0]["sample"]) == 6


def test_a_checkpoint_lets_a_model_write_again_without_training(capsys, tmp_path, text):
    kept = ["chars", "--text", text, *TINY, "--checkpoint", str(tmp_path / "c.npz")]
    assert run(kept) == 0
    first = capsys.readouterr().out
    assert run([*kept, "--epochs", "0"]) == 0
    assert capsys.readouterr().out == first
    assert run([*kept, "--epochs", "0", "--temperature", "0.01", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["epochs"] == 2


def test_the_shipped_text_is_the_default(capsys):
    assert run(["chars", *TINY, "--epochs", "0", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["characters"] == {"learned": 21838, "held_out": 2426}
    assert said["baselines"]["pairs"] < said["baselines"]["single"]
    assert said["sample"][0] == "T"


def test_divergence_is_exit_one(capsys, text):
    assert run(["chars", "--text", text, *TINY, "--learning-rate", "1e30", "--json"]) == 1
    said = json.loads(capsys.readouterr().out)
    assert (said["ok"], said["ended"], said["sample"]) == (False, "diverged", "t")


@pytest.mark.parametrize(
    ("mistake", "said"),
    [
        (["--text", "/nowhere/at-all.txt"], "No such file"),
        (["--prompt", "\u00fc"], "is not in the vocabulary"),
        (["--temperature", "0"], "temperature is 0.0"),
        (["--context", "99"], "leaves 21 to be judged on"),
    ],
)
def test_a_mistake_is_one_line_and_exit_two(mistake, said, capsys, text):
    assert run(["chars", "--text", text, *TINY, *mistake, "--json"]) == 2
    captured = capsys.readouterr()
    assert captured.err.startswith("nn: ")
    assert captured.err.count("\n") == 1
    assert said in json.loads(captured.out)["problems"][0]["message"]


def test_the_defaults_are_those_of_the_config():
    options = parser().parse_args(["chars"])
    assert (options.context, options.epochs, options.batch_size, options.learning_rate) == (48, 10, 16, 0.003)
    assert (options.sample, options.temperature) == (200, 0.5)
