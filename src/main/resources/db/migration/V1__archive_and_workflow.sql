-- Archive: the index of what the object store holds.

create sequence patient_seq increment by 50;
create sequence study_seq increment by 50;
create sequence series_seq increment by 50;
create sequence instance_seq increment by 50;

create table patient (
    id          bigint primary key,
    -- Empty Patient IDs say nothing, so studies without one do not share a patient.
    patient_id  text not null,
    issuer      text not null,
    name        text,
    birth_date  text,
    sex         text
);
create unique index patient_key on patient (patient_id, issuer) where patient_id <> '';

create table study (
    id                 bigint primary key,
    patient_id         bigint not null references patient,
    study_instance_uid varchar(64) not null unique,
    study_date         text,
    study_time         text,
    accession_number   text,
    description        text,
    created_at         timestamptz not null
);
create index study_newest on study (created_at desc, id desc);
create index study_of_patient on study (patient_id);

create table series (
    id                  bigint primary key,
    study_id            bigint not null references study,
    series_instance_uid varchar(64) not null unique,
    modality            text not null,
    series_number       integer,
    description         text,
    -- How many instances there are, and how many there were when the series was last released for
    -- processing: a series with more is open.
    instances           integer not null,
    released_instances  integer not null,
    last_received_at    timestamptz not null
);
create index series_of_study on series (study_id);
create index series_open on series (last_received_at) where instances > released_instances;

create table instance (
    id                      bigint primary key,
    series_id               bigint not null references series,
    sop_instance_uid        varchar(64) not null unique,
    sop_class_uid           varchar(64) not null,
    transfer_syntax_uid     varchar(64) not null,
    instance_number         integer,
    object_key              text not null unique,
    size_bytes              bigint not null,
    -- SHA-256 of the data set as received, without the file's preamble and meta information; hexadecimal.
    content_sha256          varchar(64) not null,
    received_at             timestamptz not null,
    received_from           text not null,
    -- The elements by which the geometry of a series is judged, as a data set in explicit VR little
    -- endian: no file need be opened for it.
    header                  bytea not null
);
create index instance_of_series on instance (series_id);
create index instance_newest on instance (received_at desc);

-- Another content under a SOP Instance UID that was taken: kept apart, and a person must look.
create table conflicting_instance (
    id              bigint primary key,
    instance_id     bigint not null references instance,
    object_key      text not null unique,
    size_bytes      bigint not null,
    content_sha256  varchar(64) not null,
    received_at     timestamptz not null,
    received_from   text not null,
    unique (instance_id, content_sha256)
);

-- Workflow: what becomes of a series.

create sequence job_seq increment by 50;
create sequence delivery_seq increment by 50;

create table job (
    id                bigint primary key,
    series_id         bigint not null references series,
    pipeline_version  text not null,
    -- Late slices make a new revision.
    revision          integer not null,
    -- How many instances the series had when it was released for this revision.
    instances         integer not null,
    state             text not null check (state in
        ('RECEIVED', 'PROCESSING', 'DONE', 'DEGRADED', 'NOT_APPLICABLE', 'FAILED', 'SKIPPED', 'SUPERSEDED')),
    sentence          text not null,
    -- Every start of the work counts; only the latest one may write its end.
    attempts          integer not null default 0,
    created_at        timestamptz not null,
    changed_at        timestamptz not null,
    -- What REST shows: measures with units, flags, models, seconds of every step.
    result            json,
    unique (series_id, pipeline_version, revision)
);
-- A series has one current job; what it replaced is SUPERSEDED.
create unique index job_current on job (series_id) where state <> 'SUPERSEDED';
create index job_open on job (state, created_at) where state in ('RECEIVED', 'PROCESSING', 'FAILED');

-- The page with the pictures of a job's result.
create table job_picture (
    job_id  bigint primary key references job,
    png     bytea not null
);

create table job_transition (
    id          bigint generated always as identity primary key,
    job_id      bigint not null references job,
    from_state  text,
    to_state    text not null,
    sentence    text not null,
    at          timestamptz not null default clock_timestamp()
);
create index job_transition_of_job on job_transition (job_id);

-- The only place that says which state may follow which; and it writes the audit row, so no
-- transition goes without.
create function guard_job_transition() returns trigger language plpgsql as $$
begin
    if tg_op = 'INSERT' then
        if new.state not in ('RECEIVED', 'SKIPPED') then
            raise exception 'a job begins RECEIVED or SKIPPED, not %', new.state
                using errcode = 'check_violation';
        end if;
        insert into job_transition (job_id, from_state, to_state, sentence)
            values (new.id, null, new.state, new.sentence);
        return new;
    end if;
    if new.state = old.state and new.attempts = old.attempts then
        return new;
    end if;
    -- In parentheses, since PL/pgSQL would take the first THEN for its own.
    if not (case old.state
        when 'RECEIVED' then new.state in ('PROCESSING', 'SUPERSEDED')
        when 'PROCESSING' then new.state in
            ('PROCESSING', 'RECEIVED', 'DONE', 'DEGRADED', 'NOT_APPLICABLE', 'FAILED', 'SUPERSEDED')
        when 'DONE' then new.state = 'SUPERSEDED'
        when 'DEGRADED' then new.state = 'SUPERSEDED'
        when 'NOT_APPLICABLE' then new.state = 'SUPERSEDED'
        when 'FAILED' then new.state in ('RECEIVED', 'SUPERSEDED')
        when 'SKIPPED' then new.state = 'SUPERSEDED'
        else false
    end) then
        raise exception 'job % cannot go from % to %', old.id, old.state, new.state
            using errcode = 'check_violation';
    end if;
    insert into job_transition (job_id, from_state, to_state, sentence)
        values (new.id, old.state, new.state, new.sentence);
    return new;
end
$$;

create trigger job_inserted after insert on job
    for each row execute function guard_job_transition();
create trigger job_updated before update on job
    for each row execute function guard_job_transition();

-- The objects a job made, in the order they are sent. Written before the archive gets them, so that
-- their series are known as ours from the first instance on.
create table result_object (
    job_id            bigint not null references job,
    position          integer not null,
    kind              text not null,
    series_uid        varchar(64) not null,
    sop_class_uid     varchar(64) not null,
    sop_instance_uid  varchar(64) not null,
    primary key (job_id, position)
);
create index result_object_series on result_object (series_uid);

-- Outbox: one row for each object and destination, written with the job's end.
create table delivery (
    id                bigint primary key,
    job_id            bigint not null references job,
    position          integer not null,
    destination       text not null,
    state             text not null check (state in ('PENDING', 'SENDING', 'DELIVERED', 'FAILED', 'SUPERSEDED')),
    sentence          text not null,
    attempts          integer not null default 0,
    created_at        timestamptz not null,
    changed_at        timestamptz not null,
    unique (job_id, position, destination),
    foreign key (job_id, position) references result_object
);
create index delivery_open on delivery (destination, created_at) where state in ('PENDING', 'SENDING', 'FAILED');

-- What a PACS has taken stays so: it is never sent again.
create function guard_delivery_transition() returns trigger language plpgsql as $$
begin
    if old.state in ('DELIVERED', 'SUPERSEDED') and new.state <> old.state then
        raise exception 'delivery % cannot go from % to %', old.id, old.state, new.state
            using errcode = 'check_violation';
    end if;
    return new;
end
$$;

create trigger delivery_updated before update on delivery
    for each row execute function guard_delivery_transition();

-- db-scheduler's own tables (its documentation, postgresql_tables.sql), one for each kind of work so
-- that slow processing never takes the threads of deliveries.
create table processing_tasks (
    task_name            text not null,
    task_instance        text not null,
    task_data            bytea,
    execution_time       timestamptz not null,
    picked               boolean not null,
    picked_by            text,
    last_success         timestamptz,
    last_failure         timestamptz,
    consecutive_failures integer,
    last_heartbeat       timestamptz,
    version              bigint not null,
    priority             smallint,
    primary key (task_name, task_instance)
);
create index processing_tasks_due on processing_tasks (execution_time);
create index processing_tasks_heartbeat on processing_tasks (last_heartbeat);

create table delivery_tasks (like processing_tasks including all);
