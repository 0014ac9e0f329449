"""What posts mean: store, SQL, sentiment, themes, trust, effects, policy changes, report."""
