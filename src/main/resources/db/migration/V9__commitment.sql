-- What a destination took is delivered when it has committed to it, where it offers commitment.
alter table delivery drop constraint delivery_state_check;
alter table delivery add constraint delivery_state_check check (state in
    ('PENDING', 'SENDING', 'SENT', 'DELIVERED', 'FAILED', 'STANDBY', 'REFUSED', 'SUPERSEDED'));
-- The Transaction UID of the latest question.
alter table delivery add column commitment_uid text;
create index delivery_commitment on delivery (commitment_uid) where state = 'SENT';
drop index delivery_open;
create index delivery_open on delivery (destination, created_at)
    where state in ('PENDING', 'SENDING', 'SENT', 'FAILED');
