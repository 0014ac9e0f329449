"""Every measurement that README and docs cite, one after the other: `make bench`."""

from __future__ import annotations

from tests.bench import (
    airline_correlation,
    connector_faults,
    domain_lexicon,
    effect_error_rates,
    fediverse_throughput,
    feeds_throughput,
    hackernews_throughput,
    linear_accuracy,
    pipeline,
    practices_accuracy,
    reddit_throughput,
    sentiment_accuracy,
    theme_accuracy,
    theme_speed,
    vader_speed,
    whole_path,
    x_throughput,
)

for measurement in (
    connector_faults,
    airline_correlation,
    sentiment_accuracy,
    linear_accuracy,
    practices_accuracy,
    domain_lexicon,
    theme_accuracy,
    theme_speed,
    vader_speed,
    effect_error_rates,
    pipeline,
    whole_path,
    reddit_throughput,
    x_throughput,
    fediverse_throughput,
    feeds_throughput,
    hackernews_throughput,
):
    print(f"\n== {(measurement.__doc__ or '').splitlines()[0]}\n")
    try:
        measurement.main()
    except SystemExit as left_out:  # its posts are not here
        print(left_out)
