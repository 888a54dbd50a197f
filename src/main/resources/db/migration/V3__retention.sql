-- Objects whose rows are gone and whose files are still to be deleted: written with the removal of the
-- rows, so that a crash between the two neither leaves a file nor brings a study back.
create table removed_object (
    object_key  text primary key
);

-- Deletion of a study follows these.
create index job_of_series on job (series_id);
