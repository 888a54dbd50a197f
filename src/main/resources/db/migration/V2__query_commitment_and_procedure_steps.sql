-- Queries: the attributes of a study and of a series as its first instance had them, a data set in
-- explicit VR little endian, for the keys that have no column.
alter table study add column header bytea not null default '';
alter table series add column header bytea not null default '';
create index study_by_date on study (study_date);
create index study_by_accession on study (accession_number);
create index instance_of_class on instance (series_id, sop_class_uid);

-- Storage commitment as SCP: what a peer asked for, until the report has reached it.
create table commitment (
    transaction_uid  varchar(64) primary key,
    calling_aet      text not null,
    called_aet       text not null,
    peer_host        text not null,
    -- The referenced instances: SOP class and instance UIDs, a space between them, one a line.
    instances        text not null,
    requested_at     timestamptz not null,
    attempts         integer not null default 0,
    next_attempt_at  timestamptz not null,
    sentence         text not null default ''
);
create index commitment_due on commitment (next_attempt_at);

-- Modality performed procedure steps: the attributes as created and set, a data set in explicit VR
-- little endian.
create table procedure_step (
    sop_instance_uid  varchar(64) primary key,
    status            text not null check (status in ('IN PROGRESS', 'COMPLETED', 'DISCONTINUED')),
    calling_aet       text not null,
    attributes        bytea not null,
    created_at        timestamptz not null,
    changed_at        timestamptz not null
);
