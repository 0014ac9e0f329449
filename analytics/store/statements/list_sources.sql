-- Every source that the store holds anything of, or was asked for.
SELECT source FROM posts UNION SELECT source FROM coverage UNION SELECT source FROM cursors UNION SELECT source FROM quarantine
ORDER BY source;
