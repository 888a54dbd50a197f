-- Where a destination refuses a kind of object, another one is sent instead: it is there from the
-- beginning and waits, and what was refused is not undelivered any more.
alter table delivery drop constraint delivery_state_check;
alter table delivery add constraint delivery_state_check check (state in
    ('PENDING', 'SENDING', 'DELIVERED', 'FAILED', 'STANDBY', 'REFUSED', 'SUPERSEDED'));
-- The name of what was refused and this one is sent for.
alter table delivery add column in_place_of text;
