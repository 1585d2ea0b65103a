-- The same person on several channels: known by a proven identity, or by a telephone that both have proven.
CREATE INDEX citizens_identity ON citizens (identity) WHERE identity IS NOT NULL;
