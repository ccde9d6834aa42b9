"""Change the code a little at places drawn by a seed, and list the changes that no test notices. `make mutants` runs it."""

import argparse
import ast
import random
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from cosmic_ray.commands import init
from cosmic_ray.mutating import mutate_and_test
from cosmic_ray.testing import run_tests
from cosmic_ray.work_db import WorkDB, use_db
from cosmic_ray.work_item import MutationSpec, TestOutcome

Span = tuple[tuple[int, int], tuple[int, int]]
COMMAND = ".venv/bin/python -m pytest -x -q -p no:randomly --timeout 60 {tests}"
ORDER = ("Lt", "LtE", "Gt", "GtE")
COMPARISONS = {"Eq_NotEq", "NotEq_Eq", "Is_IsNot", "IsNot_Is", "In_NotIn", "NotIn_In"}
COMPARISONS |= {f"{before}_{after}" for before in ORDER for after in (*ORDER, "Eq", "NotEq")}
ARITHMETIC = {"Add_Sub", "Sub_Add", "Mul_Div", "Div_Mul", "FloorDiv_Mul", "Mod_Mul", "Pow_Mul", "BitOr_BitAnd", "BitAnd_BitOr"}


def main() -> None:
    """Exits with an error when a change survives."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--tests", required=True, help="paths for pytest, the nearest first")
    parser.add_argument("--seed", type=int, default=10)
    parser.add_argument("--count", type=int, default=20)
    parser.add_argument("--seconds", type=int, default=300, help="a run of the tests that takes longer has noticed the change")
    options = parser.parse_args()
    mutations = [mutation for mutation in every_mutation(sorted(options.files)) if _is_visible(mutation)]
    drawn = draw(mutations, options.seed, options.count)
    print(f"{len(mutations)} mutants, {len(drawn)} drawn with seed {options.seed}", flush=True)
    command = COMMAND.format(tests=options.tests)
    if run_tests(command, options.seconds)[0] != TestOutcome.SURVIVED:
        sys.exit("The tests fail before anything is changed.")
    survived = [mutation for mutation in drawn if survives(mutation, command, options.seconds)]
    print(f"{len(drawn) - len(survived)} killed, {len(survived)} survived")
    sys.exit(bool(survived))


def every_mutation(files: list[Path]) -> list[MutationSpec]:
    with TemporaryDirectory() as folder, use_db(Path(folder) / "mutants", WorkDB.Mode.create) as database:
        init(files, database, {})
        return [item.mutations[0] for item in database.work_items]


def draw(mutations: list[MutationSpec], seed: int, count: int) -> list[MutationSpec]:
    """At most one mutant of a kind at a place: `<` that becomes each of five others is one place."""
    random.Random(seed).shuffle(mutations)  # noqa: S311 - repeatable, no secret
    places: dict[tuple[object, ...], MutationSpec] = {}
    for mutation in mutations:
        places.setdefault((mutation.module_path, mutation.start_pos, _family(mutation)[0]), mutation)
    return list(places.values())[:count]


def survives(mutation: MutationSpec, command: str, seconds: int) -> bool:
    result = mutate_and_test([mutation], command, seconds)
    output, (line, column) = result.output or "", mutation.start_pos
    place = f"{mutation.module_path}:{line}:{column + 1} {mutation.operator_name.removeprefix('core/')}"
    if result.test_outcome == TestOutcome.KILLED:
        failures = [text for text in output.splitlines() if text.startswith(("FAILED tests", "ERROR tests"))]
        print(f"killed   {place}\n         by {failures[0] if failures else output[-300:]}", flush=True)
        return False
    print(f"survived {place}\n{result.diff or output}", flush=True)
    return True


def _family(mutation: MutationSpec) -> tuple[str, str]:
    """ReplaceBinaryOperator and Add_Sub."""
    family, _, swap = mutation.operator_name.removeprefix("core/").partition("_")
    return family, swap


def _is_visible(mutation: MutationSpec) -> bool:
    """Neither in an annotation or a log text, nor an operator that the values lack: that fails wherever the line is run."""
    unseen, operations = _spans(mutation.module_path)
    if any(start <= mutation.start_pos and mutation.end_pos <= end for start, end in unseen):
        return False
    family, swap = _family(mutation)
    if family == "ReplaceBinaryOperator":  # `*` and `**` are also what arguments are marked with
        return swap in ARITHMETIC and any(start <= mutation.start_pos < end for start, end in operations)
    return family != "ReplaceComparisonOperator" or swap in COMPARISONS


@cache
def _spans(path: Path) -> tuple[list[Span], list[Span]]:
    """Of annotations, type aliases and log calls; and of binary operations."""
    nodes = list(ast.walk(ast.parse(path.read_text())))
    unseen = [_span(inner) for node in nodes for inner in _annotations_and_logs(node) if inner]
    return unseen, [_span(node) for node in nodes if isinstance(node, ast.BinOp)]


def _span(node: ast.expr) -> Span:
    return (node.lineno, node.col_offset), (node.end_lineno or 0, node.end_col_offset or 0)


def _annotations_and_logs(node: ast.AST) -> Iterator[ast.expr | None]:
    if isinstance(node, ast.AnnAssign | ast.arg):
        yield node.annotation
    elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        yield node.returns
    elif isinstance(node, ast.Assign) and _is_type(node.value):
        yield node.value
    elif isinstance(node, ast.Call) and ast.unparse(node.func).startswith("logger."):
        yield node


def _is_type(node: ast.expr) -> bool:
    """`A | B` and `A[B]`, where the names are those of types."""
    if isinstance(node, ast.BinOp):
        return isinstance(node.op, ast.BitOr) and _is_type(node.left) and _is_type(node.right)
    if isinstance(node, ast.Subscript):
        return _is_type(node.value)
    return isinstance(node, ast.Name) and node.id[0].isupper() and not node.id.isupper()


if __name__ == "__main__":
    main()
