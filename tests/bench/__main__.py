"""Every measurement that README and docs cite, one after the other: `make bench`."""

from __future__ import annotations

from tests.bench import (
    airline_correlation,
    connector_faults,
    effect_error_rates,
    fediverse_throughput,
    feeds_throughput,
    hackernews_throughput,
    pipeline,
    reddit_throughput,
    sentiment_accuracy,
    speakers,
    theme_accuracy,
    vader_speed,
    who_speaks,
    x_throughput,
)

for measurement in (
    connector_faults,
    airline_correlation,
    sentiment_accuracy,
    theme_accuracy,
    speakers,
    who_speaks,
    vader_speed,
    effect_error_rates,
    pipeline,
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
