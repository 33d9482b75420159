-- Names are compared byte by byte, as the documents' are: what a language's rules cost is felt at each
-- row, and an operating system that changes its rules must not be able to break an index.
alter table events
    alter column stream type text collate "C",
    alter column request_id type text collate "C";
