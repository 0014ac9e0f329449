"""What is counted a day and is no post: attention that others measured, and outcomes from the user's own books."""
