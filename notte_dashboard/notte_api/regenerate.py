"""Write generated.py from openapi.json and overrides.json: `python -m notte_dashboard.notte_api.regenerate [--check]`."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from notte_dashboard.notte_api.contract import FOLDER, contract_with_overrides

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


def generate(document: dict[str, Any] | None = None) -> str:
    """The text of generated.py for a document with its overrides; CalledProcessError when the generator refuses it."""
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "openapi.json", Path(folder) / "generated.py"
        source.write_text(json.dumps(document or contract_with_overrides()))
        command = [sys.executable, "-m", "datamodel_code_generator", "--input", str(source), "--output", str(target), *FLAGS]
        subprocess.run(command, check=True, capture_output=True, text=True)
        body = target.read_text().split("\n", 3)[-1]
    return HEADER + body


def main() -> int:
    """Write the file, or with --check say whether it is current (exit status 1 when not)."""
    try:
        text = generate()
    except subprocess.CalledProcessError as error:
        print(error.stderr, file=sys.stderr)
        return 2
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
