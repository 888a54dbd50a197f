-- The page with the pictures as PDF too, for the browser; results of earlier versions have none.
alter table job_picture add column pdf bytea;
