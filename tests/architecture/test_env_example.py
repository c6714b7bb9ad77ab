"""`.env.example` names every variable that is read, and none that is not."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
_READERS = {"secret", "secret_list", "service_url"}
# Of the machine or of a parent process, not settings of ours.
_NOT_OURS = {"PATH", "HOME", "HOSTNAME", "CHROMIUM", "PYTHONUNBUFFERED"}


def documented() -> set[str]:
    text = (PROJECT / ".env.example").read_text()
    return set(re.findall(r"^#?([A-Z][A-Z0-9_]*)=", text, re.MULTILINE))


def read_by_python() -> set[str]:
    """Patterns, because a name may be made of parts: RATE_LIMIT_{name} becomes RATE_LIMIT_.+"""
    found = set()
    for folder in ("solar_crm", "apps"):
        for file in (PROJECT / folder).rglob("*.py"):
            tree = ast.parse(file.read_text())
            found |= {name for node in ast.walk(tree) for name in _names_read(node)}
    return {name for name in found if name not in _NOT_OURS}


def _names_read(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Call) and node.args and _is_reader(node.func):
        yield from _as_pattern(node.args[0])
    if isinstance(node, ast.Subscript) and ast.unparse(node.value) == "os.environ":
        yield from _as_pattern(node.slice)


def _is_reader(function: ast.expr) -> bool:
    name = ast.unparse(function)
    is_environs = re.fullmatch(r"env\.(?!read_env$)\w+", name) is not None
    return (
        is_environs
        or name in _READERS
        or re.fullmatch(r"os\.(environ\.\w+|getenv)", name) is not None
    )


def _as_pattern(argument: ast.expr) -> Iterator[str]:
    match argument:
        case ast.Constant(value=str(name)) if name.isupper():
            yield name
        case ast.JoinedStr(values=parts):
            pieces = [str(part.value) if isinstance(part, ast.Constant) else ".+" for part in parts]
            if re.match(r"[A-Z]", pieces[0]):
                yield "".join(pieces)


def read_by_compose() -> set[str]:
    files = [PROJECT / "docker-compose.yml", *(PROJECT / "deploy").glob("compose.*.yml")]
    text = "".join(file.read_text() for file in files)
    return set(re.findall(r"(?<!\$)\$\{([A-Z][A-Z0-9_]*)", text))


def test_every_variable_that_is_read_is_in_the_example() -> None:
    names = documented()
    wanted = read_by_python() | read_by_compose()
    missing = {
        pattern for pattern in wanted if not any(re.fullmatch(pattern, name) for name in names)
    }
    assert not missing, f"Describe in .env.example: {', '.join(sorted(missing))}"


def test_every_variable_of_the_example_is_read() -> None:
    wanted = read_by_python() | read_by_compose()
    stale = {
        name for name in documented() if not any(re.fullmatch(pattern, name) for pattern in wanted)
    }
    assert not stale, f"Nothing reads, so take out of .env.example: {', '.join(sorted(stale))}"


def test_the_example_holds_no_secret() -> None:
    text = (PROJECT / ".env.example").read_text()
    for name in ("SECRET_KEY", "ENCRYPTION_KEYS", "SUPPRESSION_KEY", "SENTRY_DSN"):
        assert re.search(rf"^#{name}=$", text, re.MULTILINE), name
