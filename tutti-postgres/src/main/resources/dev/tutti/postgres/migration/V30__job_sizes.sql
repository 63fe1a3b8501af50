-- Data counts as PostgreSQL writes it, as that is what runners are given: a number such as 1e100000 has eight characters when it is
-- sent, and a hundred thousand digits afterwards.

-- Enqueues jobs without unique keys, which an instance has checked. Answers their ids in the order of the arrays.
create or replace function tutti.enqueue_jobs(kinds text[], contents jsonb[], run_ats timestamptz[], priorities int[], batches text[],
        owners text[], most_attempts int[]) returns bigint[]
    language plpgsql
    as $$
declare
    moment constant timestamptz := tutti.clock();
    largest constant int := (select max(octet_length(c.content::text)) from unnest(contents) as c (content));
    ids bigint[];
begin
    if largest > 262144 then
        raise exception 'too_large: job data has % bytes; allowed are 1 to 262144', largest
            using errcode = 'program_limit_exceeded';
    end if;
    perform set_config('tutti.hints', 'later', true);
    with added as (
        insert into tutti.job as j (id, kind, data, priority, batch, owner, max_attempts, run_at, due, created_at)
            overriding system value
        select nextval('tutti.job_id_seq'), w.kind, w.content, w.priority, w.batch, w.owner, w.attempts,
               coalesce(w.run_at, moment), coalesce(w.run_at <= moment, true), moment
        from unnest(kinds, contents, run_ats, priorities, batches, owners, most_attempts) with ordinality
            as w (kind, content, run_at, priority, batch, owner, attempts, place)
        order by w.place
        returning j.id, j.kind, j.run_at),
    told as (
        select array_agg(a.id order by a.id) as ids,
               array_agg(jsonb_build_object('kind', a.kind, 'runAt', a.run_at) order by a.id) as contents
        from added a)
    select t.ids, t.contents into ids, contents from told t;
    perform tutti.tell_jobs(ids, array_fill('pending'::text, array[cardinality(ids)]), contents);
    return ids;
end
$$;

-- Notes how far an attempt is. Answers whether it shall be cancelled; nothing if it is not the current one.
create or replace function tutti.progress_job(wanted bigint, this_attempt int, how_far jsonb) returns boolean
    language plpgsql
    as $$
declare
    asked boolean;
begin
    if octet_length(how_far::text) > 65536 then
        raise exception 'too_large: progress has % bytes; allowed are 1 to 65536', octet_length(how_far::text)
            using errcode = 'program_limit_exceeded';
    end if;
    perform set_config('tutti.hints', 'later', true); -- by the runner
    update tutti.job j
    set progress = how_far
    where j.id = wanted and j.attempt = this_attempt and j.state = 'running'
    returning j.cancel_asked into asked;
    if found then
        perform tutti.tell_jobs(array[wanted], array['progress'],
            array[jsonb_build_object('attempt', this_attempt, 'progress', how_far)]);
    end if;
    return asked;
end
$$;
