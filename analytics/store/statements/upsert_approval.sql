MERGE INTO platform_approvals
USING (VALUES (?, ?, ?, ?)) AS given (platform, reference, recorded_by, recorded_at)
USING (platform)
WHEN MATCHED THEN UPDATE SET reference = given.reference, recorded_by = given.recorded_by, recorded_at = given.recorded_at
WHEN NOT MATCHED THEN INSERT BY NAME;
