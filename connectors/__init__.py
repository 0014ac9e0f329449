"""Where posts come from: one file a source; knows nothing of scores or reports."""
