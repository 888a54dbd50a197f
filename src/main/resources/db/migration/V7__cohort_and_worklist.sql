-- The measures of a result as bare numbers, for all studies at once: "left.NEGATIVE_VOLUME": 1735.2.
create function numbers_of(result json) returns jsonb language sql immutable strict as $$
    select jsonb_object_agg(numbers.name, numbers.value) from (
        select side || '.' || m.key as name, m.value -> 'value' as value
            from unnest(array['left', 'right']) side,
                json_each(result #> array['joints', side, 'measures']) m
        union all
        select 'symmetry.' || m.key, m.value -> 'value'
            from json_each(result #> '{symmetry,measures}') m) numbers
$$;
alter table job add column numbers jsonb generated always as (numbers_of(result)) stored;

-- The worklist finds patients by what their ID begins with.
create index patient_id_prefix on patient (patient_id text_pattern_ops);
