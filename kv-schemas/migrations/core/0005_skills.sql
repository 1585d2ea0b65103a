-- What people know, and the languages they answer in: JSON lists. A queue may ask for skills; no language named: all.
ALTER TABLE people ADD COLUMN skills TEXT NOT NULL DEFAULT '[]';
ALTER TABLE people ADD COLUMN languages TEXT NOT NULL DEFAULT '[]';
