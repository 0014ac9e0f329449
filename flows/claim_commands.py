"""The command about claims: what people say of the terms beside what the terms say."""

from __future__ import annotations

from flows.failures import guarded
from flows.options import BrandPath, DebugOption, StoreOption


@guarded
def claims(brand_file: BrandPath, store: StoreOption = None, debug: DebugOption = False) -> None:
    """Show what people say of the terms, and what these say."""
    from flows import claim_output, stages
    from flows.errors import UsageError
    from flows.loading import existing_store, load_brand
    from flows.progress import shown_on_terminal

    brand = load_brand(brand_file)
    if not brand.claims:
        raise UsageError(f"{brand.path}: declares no claims; add a [[claims]] table, see docs/claims.md")
    stored = existing_store(store)
    with shown_on_terminal():
        gaps, problems = stages.compare_claims(brand, stored)
    claim_output.show_gaps(gaps, problems, brand.name)
