"""Where the recorded texts of terms come from: a repository of versions, dated files, and pages that are watched."""
