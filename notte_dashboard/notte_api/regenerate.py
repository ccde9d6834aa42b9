"""Write generated.py from openapi.json and overrides.json: `python -m notte_dashboard.notte_api.regenerate [--check]`."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
TARGET = FOLDER / "generated.py"
FLAGS = [
    *("--input-file-type", "openapi"),
    *("--output-model-type", "pydantic_v2.BaseModel"),
    *("--target-python-version", "3.11"),
    *("--enum-field-as-literal", "all"),
    *("--formatters", "ruff-format"),
    "--use-annotated",
    "--use-union-operator",
    "--use-standard-collections",
    "--field-constraints",
    "--strict-nullable",
    "--collapse-root-models",
    "--reuse-model",
    "--disable-timestamp",
]
HEADER = (
    "# DO NOT EDIT: written by `python -m notte_dashboard.notte_api.regenerate` from openapi.json and overrides.json.\n"
    # Defaults of nested models are written as JSON, which pydantic reads when the model is made.
    '# mypy: disable-error-code="assignment"\n'
)


def contract_with_overrides() -> dict[str, Any]:
    """The published document with every JSON-pointer fix of overrides.json applied."""
    document: dict[str, Any] = json.loads((FOLDER / "openapi.json").read_text())
    for override in json.loads((FOLDER / "overrides.json").read_text()):
        *parents, last = [part.replace("~1", "/").replace("~0", "~") for part in override["pointer"].split("/")[1:]]
        place: Any = document
        for part in parents:
            place = place[_key(place, part)]
        place[_key(place, last)] = override["value"]
    return document


def _key(place: Any, part: str) -> str | int:
    return int(part) if isinstance(place, list) else part


def generate() -> str:
    """The text of generated.py; raises CalledProcessError when the generator refuses the document."""
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "openapi.json", Path(folder) / "generated.py"
        source.write_text(json.dumps(contract_with_overrides()))
        command = [sys.executable, "-m", "datamodel_code_generator", "--input", str(source), "--output", str(target), *FLAGS]
        subprocess.run(command, check=True)
        body = target.read_text().split("\n", 3)[-1]
    return HEADER + body


def main() -> int:
    """Write the file, or with --check say whether it is current (exit status 1 when not)."""
    text = generate()
    if "--check" in sys.argv:
        current = TARGET.exists() and TARGET.read_text() == text
        print(
            "generated.py is current" if current else "generated.py is stale: run python -m notte_dashboard.notte_api.regenerate"
        )
        return 0 if current else 1
    TARGET.write_text(text)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
