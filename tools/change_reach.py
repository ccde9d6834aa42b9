"""Which test files a change reaches, and over how many imports: the graph of imports, and what imports do not show."""

import ast
import sys
from collections import defaultdict
from functools import cache
from pathlib import Path

import grimp

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("notte_dashboard", "sessions_app", "agents_app")
TESTS = ROOT / "tests"
LEFT_OUT = ("tests/e2e/", "tests/benchmarks/")
PAGES = ("tests/templates/", "tests/pages/", "tests/panel/", "tests/schema_forms/")
FORMS = ("tests/schema_forms/", "tests/contract/", "tests/presets/", "tests/notte_api/")
OF_KIND = {
    "templates/": PAGES,
    "static/": PAGES,
    "notte_dashboard/notte_api/openapi.json": FORMS,
    "notte_dashboard/notte_api/overrides.json": FORMS,
}
"""What is no module, and the folders of tests that draw or read it."""
ANY_FORM = "test_start_form"


def distances_of_tests(changed: list[str]) -> dict[str, int]:
    """Paths of test files with the number of imports between them and the nearest changed file."""
    importers = _importers()
    distances = {_module(path): 0 for path in changed if path.endswith(".py")}
    for path in changed:
        for test in _tests_beside(path):
            distances.setdefault(_module(test), 1)
    edge = list(distances)
    while edge:
        following = []
        for module in edge:
            for importer in importers[module]:
                if importer not in distances:
                    distances[importer] = distances[module] + 1
                    following.append(importer)
        edge = following
    return {path: distances[_module(path)] for path in _test_files() if _module(path) in distances}


def _test_files() -> list[str]:
    files = [str(path.relative_to(ROOT)) for path in sorted(TESTS.rglob("test_*.py"))]
    return [path for path in files if not path.startswith(LEFT_OUT)]


def _tests_beside(path: str) -> list[str]:
    """Those that reach a file by an address, a template or a form: of the folder that mirrors it, and of its kind."""
    folders = {folder for start, of_kind in OF_KIND.items() if path.startswith(start) for folder in of_kind}
    first, _, rest = path.partition("/")
    if path.endswith(".py") and first in PACKAGES:
        folders.add(f"tests/{rest.partition('/')[0] if first == 'notte_dashboard' else first}/")
    if "/" not in path or path.startswith(("docs/", "tools/", "requirements/")):
        folders |= {"tests/architecture/", *(["tests/tools/"] if first == "tools" else [])}
    tests = _test_files()
    beside = [test for test in tests if test.startswith(tuple(folders))] if folders else []
    return beside + [test for test in tests if folders & set(PAGES) and ANY_FORM in test]


def _module(path: str) -> str:
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


@cache
def _importers() -> dict[str, set[str]]:
    """Who imports a module, of the product's modules and the tests'."""
    sys.path.insert(0, str(ROOT))
    graph = grimp.build_graph(*PACKAGES, cache_dir=None)
    importers: dict[str, set[str]] = defaultdict(set)
    for module in graph.modules:
        importers[module] |= graph.find_modules_that_directly_import(module)
    for path in TESTS.rglob("*.py"):
        name = _module(str(path.relative_to(ROOT)))
        for imported in _imports(ast.parse(path.read_text())):
            importers[imported].add(name)
    return importers


def _imports(tree: ast.Module) -> set[str]:
    """Names of modules, and of what is imported from them, which may be modules too."""
    imported = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            imported |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            imported |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return imported
