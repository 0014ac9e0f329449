"""When it happens: Prefect flows, settings, wiring, the command line."""
