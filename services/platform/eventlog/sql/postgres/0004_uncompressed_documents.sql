-- Long documents are mostly ids and times, of which compression saves little; it was the greatest part of
-- what a change of a long document cost. What is there is stored so when it next changes.
alter table documents
    alter column state set storage external,
    alter column extra set storage external;
