-- The page shows studies as they change: what changed in the last seconds is found by these.
create index series_received on series (last_received_at);
create index job_changed on job (changed_at);
create index delivery_changed on delivery (changed_at);
-- The list of studies is read on from where a page ended.
create index study_newest_uid on study (created_at desc, study_instance_uid desc);
drop index study_newest;
