"""A prefect.yaml of the table of deployments, for those who register with Prefect's own command line."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from flows.deployments import Deployment
from flows.prefect_deployments import POOL

HEAD = """\
# The deployments of a brand. `brandtrust deploy BRAND.toml` registers them; this file is for `prefect deploy --all`,
# run in this folder. It is written by: brandtrust deploy BRAND.toml --yaml > prefect.yaml
"""


def write_yaml(deployments: Sequence[Deployment]) -> str:
    """The file. A value is written as JSON, which YAML reads alike."""
    return HEAD + "".join(f"{line}\n" for line in ("name: brandtrust", "deployments:", *_lines(deployments)))


def _lines(deployments: Sequence[Deployment]) -> Iterator[str]:
    for each in deployments:
        yield f"  - name: {_write(each.name)}"
        yield f"    description: {_write(each.description)}"
        yield f"    entrypoint: {_write(each.entrypoint)}"
        yield f"    tags: {_write(each.tags)}"
        yield "    parameters:"
        yield from (f"      {name}: {_write(value)}" for name, value in each.parameters.items())
        yield "    schedules:"
        yield f"      - cron: {_write(each.cron)}"
        yield f"        timezone: {_write(each.timezone)}"
        yield f"        active: {_write(each.active)}"
        yield "    concurrency_limit:"
        yield "      limit: 1"
        yield f"      collision_strategy: {each.collision}"
        yield "    work_pool:"
        yield f"      name: {POOL}"


def _write(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
