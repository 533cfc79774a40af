"""Models on disk: one .npz with a schema, replaced as a whole, so that a kill loses nothing."""

import json
import os
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from nn.data import finite
from nn.model import Model
from nn.network import Network
from nn.ops import Array
from nn.transformer import Transformer

SCHEMA = 1
# What a file names its model's settings by: kind -> class.
KINDS: dict[str, type[Model]] = {"network": Network, "transformer": Transformer}


def save(
    model: Model,
    path: str | os.PathLike[str],
    state: Mapping[str, Array] | None = None,
    progress: Mapping[str, Any] | None = None,
) -> None:
    """Write the model, the optimiser's `state` and any JSON `progress` to one file, all or nothing.

    Each array of `state` keeps its shape. TypeError for progress that JSON cannot hold, OSError for a file that cannot
    be written.
    """
    path = Path(path)
    kind = next(name for name, made in KINDS.items() if isinstance(model, made))
    facts = {"schema": SCHEMA, kind: model.settings(), "progress": dict(progress or {})}
    arrays = {f"parameter/{name}": array for name, array in model.parameters.named.items()}
    arrays |= {f"state/{name}": array for name, array in (state or {}).items()}
    # A file that is written in place is for a moment half a file, and that is when the machine dies.
    scratch = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with scratch.open("wb") as file:
            np.savez(file, facts=np.array(json.dumps(facts)), **arrays)  # type: ignore[arg-type]
            file.flush()
            os.fsync(file.fileno())
        scratch.replace(path)
    finally:
        scratch.unlink(missing_ok=True)


def load(path: str | os.PathLike[str]) -> tuple[Model, dict[str, Array], dict[str, Any]]:
    """Return the model, the optimiser's state (arrays of the shapes that were saved) and the progress.

    ValueError for a file that is not a whole checkpoint.
    """
    try:
        if Path(path).exists() and not zipfile.is_zipfile(path):
            # numpy would take it for a pickle and advise to load it unsafely.
            raise ValueError("it is no npz archive")
        # Nothing is unpickled, so that loading a file runs no code.
        with np.load(path, allow_pickle=False) as file:
            if "facts" not in file.files:
                raise ValueError("it has no entry 'facts'")
            facts = json.loads(str(file["facts"]))
            arrays = {name: file[name] for name in file.files}
    except (OSError, KeyError, ValueError, zipfile.BadZipFile) as error:
        raise ValueError(f"{path} is not a checkpoint of nn: {error}") from None
    if not isinstance(facts, dict):
        raise ValueError(f"{path} is not a checkpoint of nn: its entry 'facts' has another shape")
    if facts.get("schema") != SCHEMA:
        raise ValueError(f"{path} has schema {facts.get('schema')}; this nn reads schema {SCHEMA}")
    if not isinstance(facts.get("progress"), dict):
        raise ValueError(f"{path} is not a checkpoint of nn: it has no progress")
    try:
        model = _made(facts)
        _fill(model, arrays)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{path} is not a checkpoint of nn: {error}") from None
    return model, _of("state/", arrays), facts["progress"]


def _made(facts: Mapping[str, Any]) -> Model:
    kind = next((name for name in KINDS if name in facts), None)
    if kind is None:
        raise ValueError(f"no model of these kinds: {', '.join(KINDS)}")
    return KINDS[kind](**facts[kind])


def _fill(model: Model, arrays: Mapping[str, Array]) -> None:
    for name, parameter in model.parameters.named.items():
        array = arrays.get(f"parameter/{name}")
        if array is None:
            raise ValueError(f"no array parameter/{name}")
        if array.shape != parameter.shape:
            raise ValueError(f"{name} has shape {array.shape}, not {parameter.shape}")
        # A NaN among the weights of a file made every output NaN in silence.
        parameter[...] = finite(name, array, parameter.dtype)


def _of(prefix: str, arrays: Mapping[str, Array]) -> dict[str, Array]:
    return {name.removeprefix(prefix): array for name, array in arrays.items() if name.startswith(prefix)}
