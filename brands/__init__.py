"""Ground floor: who we listen for. Brand files, the boolean query language, policy events."""
