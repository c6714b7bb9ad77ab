"""What can be known about the deployment without deploying: references hold, stores stay inside."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

PROJECT = Path(__file__).resolve().parents[2]
COMPOSE = PROJECT / "docker-compose.yml"
VARIANTS = sorted((PROJECT / "deploy").glob("compose.*.yml"))


class _Loader(yaml.SafeLoader):
    """Compose's own tags replace what would be merged; here only their value counts."""


_Loader.add_multi_constructor("!", lambda loader, tag, node: _plain(loader, node))


def _plain(loader: yaml.SafeLoader, node: yaml.Node) -> Any:
    if isinstance(node, yaml.MappingNode):
        return loader.construct_mapping(node, deep=True)
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    return None


def read(file: Path) -> dict[str, Any]:
    """A compose file, each service with what it extends."""
    content: dict[str, Any] = yaml.load(file.read_text(), Loader=_Loader)
    for name, service in content["services"].items():
        if origin := service.pop("extends", None):
            base = read(file.parent / origin["file"])["services"][origin["service"]]
            content["services"][name] = base | service
    return content


@pytest.mark.parametrize("file", [COMPOSE, *VARIANTS], ids=lambda file: file.name)
def test_every_reference_of_a_service_exists(file: Path) -> None:
    content = read(file)
    for name, service in content["services"].items():
        for kind in ("secrets", "networks"):
            missing = set(service.get(kind, [])) - set(content[kind])
            assert not missing, f"{name}: {kind} {missing}"
        named = {str(volume).split(":")[0] for volume in service.get("volumes", [])}
        missing = {volume for volume in named if volume[0] not in "./"} - set(content["volumes"])
        assert not missing, f"{name}: volumes {missing}"
        assert set(service.get("depends_on", {})) <= set(content["services"]), name


@pytest.mark.parametrize("file", [COMPOSE, *VARIANTS], ids=lambda file: file.name)
def test_only_nginx_is_reached_from_outside(file: Path) -> None:
    content = read(file)
    assert {name for name, service in content["services"].items() if "ports" in service} == {
        "nginx"
    }
    assert content["services"]["nginx"]["networks"] == ["front"]
    network = content["networks"]["data"]
    assert network.get("internal") or network.get("external")


@pytest.mark.parametrize("file", [COMPOSE, *VARIANTS], ids=lambda file: file.name)
def test_every_service_is_closed_and_watched(file: Path) -> None:
    for name, service in read(file)["services"].items():
        assert service["read_only"] is True, name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert service["logging"]["options"]["max-size"], name
        if name != "migrate":
            assert service["restart"] == "unless-stopped", name


def test_every_queue_has_a_worker() -> None:
    commands = [str(s.get("command", "")) for s in read(COMPOSE)["services"].values()]
    served = set(
        re.findall(r"[a-z]+", " ".join(re.findall(r"--queues=([a-z,]+)", " ".join(commands))))
    )
    used = {"intake"}
    for file in (PROJECT / "apps").rglob("*.py"):
        used |= set(re.findall(r"queue=\"([a-z]+)\"", file.read_text()))
        used |= set(re.findall(r"\"queue\": \"([a-z]+)\"", file.read_text()))
    assert used <= served, f"Nobody works on {used - served}"


def test_workers_and_kubernetes_serve_the_same_queues() -> None:
    text = (PROJECT / "deploy/kubernetes/workers.yaml").read_text()
    assert set(re.findall(r"--queues=([a-z,]+)", text)) == set(
        re.findall(r"--queues=([a-z,]+)", COMPOSE.read_text())
    )


def test_nginx_sends_the_same_policy_as_django() -> None:
    tree = ast.parse((PROJECT / "solar_crm/settings/content.py").read_text())
    policy = next(
        ast.literal_eval(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign)
        and ast.unparse(node.targets[0]) == "CONTENT_SECURITY_POLICY"
    )
    sent = re.search(
        r'Content-Security-Policy "([^"]+)"',
        (PROJECT / "deploy/nginx/snippets/headers.conf").read_text(),
    )
    assert sent is not None
    directives = dict(part.strip().split(" ", 1) for part in sent.group(1).split(";"))
    assert {name: value.split() for name, value in directives.items()} == policy["DIRECTIVES"]


def test_nginx_passes_on_every_address_of_the_application() -> None:
    """A new address at the top of urls.py needs its place in deploy/nginx/snippets, too."""
    tree = ast.parse((PROJECT / "solar_crm/urls.py").read_text())
    lists = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign)
        and ast.unparse(getattr(node, "target", None) or node.targets[0]) == "urlpatterns"  # type: ignore[attr-defined]  # Assign
    ]
    routes = {
        str(call.args[0].value).lstrip("^").split("/")[0]
        for value in lists
        for call in ast.walk(value)
        if isinstance(call, ast.Call)
        and ast.unparse(call.func) in {"path", "re_path"}
        and isinstance(call.args[0], ast.Constant)
    }
    routes = {route for route in routes if route.isalpha()} | {"health"}  # not the site itself
    places = "".join(
        file.read_text() for file in (PROJECT / "deploy/nginx/snippets").glob("*.conf")
    )
    assert {"api", "admin"} <= routes
    for route in routes:
        assert re.search(rf"location [^{{]*\b{route}\b", places), f"nginx does not know /{route}/"


def test_sockets_have_a_process_of_their_own_behind_nginx() -> None:
    """Whatever is below /ws/, in every deployment: HTTP's server cannot hold it."""
    assert 'path(r"^ws/' in (PROJECT / "solar_crm/routing.py").read_text()
    places = (PROJECT / "deploy/nginx/snippets/application.conf").read_text()
    assert re.search(r"location /ws/ \{[^}]*set \$web \$live;", places)
    for file in (COMPOSE, *VARIANTS):
        services = read(file)["services"]
        assert "solar_crm.asgi:application" in services["live"]["command"], file.name
        assert services["nginx"]["environment"].get("LIVE_ADDRESS", "live:8000") == "live:8000"
    pods = (PROJECT / "deploy/kubernetes/live.yaml").read_text()
    assert "solar_crm.asgi:application" in pods
    assert "live.yaml" in (PROJECT / "deploy/kubernetes/kustomization.yaml").read_text()


def test_kubernetes_files_can_be_read() -> None:
    for file in (PROJECT / "deploy/kubernetes").glob("*.yaml"):
        for document in yaml.safe_load_all(file.read_text()):
            assert document["apiVersion"], file.name
