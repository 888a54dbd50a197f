-- How long a scanner pauses within a series is learnt from the latest ones.
create index series_newest on series (last_received_at desc) where released_instances > 1;

-- Which destinations refuse kinds of objects is asked for each result.
create index delivery_refused on delivery (destination, changed_at) where state = 'REFUSED';
