-- An attempt whose runner was cut off from the database, or could not write its end, is no failure of the job: the database may have been
-- away for all. But a job may starve its own runner, again and again. So these attempts have a bound of their own.
alter table tutti.job
    add column cut_offs int not null default 0; -- attempts that ended so since it was enqueued, or retried by an operator

-- Ends attempts, and says what the state of each job is then: 'locked' if another transaction holds the job, so that it is to be
-- done again; nothing for one that is not the current attempt.
--
--   claims  null for one whose number alone is compared
--   errors  null for one that did what it should
--   pauses  after how many seconds a job is tried again, if it may be
--   counts  whether it was the job that failed, not its runner that left
--   cuts    whether its runner was cut off: a job has failed with the tenth one, or as many as it has attempts if these are more
create function tutti.end_attempts(ids bigint[], attempts int[], claims uuid[], errors text[], pauses float8[],
        counts boolean[], cuts boolean[])
    returns table (id bigint, attempt int, claim uuid, state text)
    language plpgsql
    set search_path = pg_catalog, pg_temp
    set plan_cache_mode = force_generic_plan
    set enable_seqscan = off
    as $$
#variable_conflict use_column
declare
    moment timestamptz;
    free bigint[];
    ended bigint[];
    ended_attempts int[];
    ended_claims uuid[];
    states text[];
    told jsonb[];
begin
    perform set_config('tutti.hints', 'later', true);
    free := array(select j.id from tutti.job j where j.id = any (ids) order by j.id for no key update skip locked);
    moment := tutti.clock();
    with costs as (
        select j.id, j.claim, w.error, w.pause, j.cancel_asked, j.max_attempts,
               j.failures + (w.error is not null and w.counts)::int as failures,
               j.cut_offs + (w.error is not null and coalesce(w.cut, false))::int as cut_offs,
               w.counts and j.failures + 1 >= j.max_attempts as failed,
               coalesce(w.cut, false) and j.cut_offs + 1 >= greatest(10, j.max_attempts) as cut_off
        from unnest(ids, attempts, claims, errors, pauses, counts, cuts)
            as w (id, attempt, claim, error, pause, counts, cut)
        join tutti.job j on j.id = w.id and j.attempt = w.attempt and j.state = 'running'
            and (w.claim is null or j.claim = w.claim)
        where j.id = any (free)),
    decided as (
        select c.id, c.claim, c.failures, c.cut_offs, c.pause,
               case when c.cancel_asked then 'cancelled'
                    when c.cut_off then c.error || '; ' || c.cut_offs || ' attempts have ended so'
                    else c.error end as error,
               case when c.error is null then 'completed'
                    when c.cancel_asked or c.failed or c.cut_off then 'failed'
                    else 'pending' end as state
        from costs c),
    changed as (
        update tutti.job j
        set state = d.state, failures = d.failures, cut_offs = d.cut_offs, runner = null, claim = null,
            error = case d.state when 'completed' then null else d.error end,
            run_at = case d.state when 'pending' then moment + make_interval(secs => d.pause) else j.run_at end,
            due = d.state = 'pending' and d.pause <= 0,
            finished_at = case d.state when 'pending' then null else moment end
        from decided d
        where j.id = d.id
        returning j.id, j.attempt, d.claim, j.state, jsonb_build_object('attempt', j.attempt, 'error', j.error,
            'runAt', case j.state when 'pending' then j.run_at end) as content)
    select array_agg(c.id), array_agg(c.attempt), array_agg(c.claim), array_agg(c.state), array_agg(c.content)
    into ended, ended_attempts, ended_claims, states, told
    from changed c;
    if ended is not null then
        perform tutti.tell_jobs(ended, states, told);
    end if;
    return query
        select * from unnest(ended, ended_attempts, ended_claims, states)
        union all
        select j.id, j.attempt, j.claim, 'locked' from tutti.job j
        where j.id = any (ids) and not j.id = any (free) and j.state = 'running';
end
$$;

-- As before, for instances of before and for runners that died, whose attempts count.
create or replace function tutti.end_attempts(ids bigint[], attempts int[], claims uuid[], errors text[], pauses float8[],
        counts boolean[])
    returns table (id bigint, attempt int, claim uuid, state text)
    language plpgsql
    set search_path = pg_catalog, pg_temp
    as $$
#variable_conflict use_column
begin
    return query
        select e.id, e.attempt, e.claim, e.state
        from tutti.end_attempts(ids, attempts, claims, errors, pauses, counts, null) e;
end
$$;

-- Makes a failed job pending again, with all its attempts and its unique key. False if it has not failed, null if there is none.
create or replace function tutti.retry_job(wanted bigint) returns boolean
    language plpgsql
    set search_path = pg_catalog, pg_temp
    as $$
declare
    job tutti.job;
begin
    select * into job from tutti.job j where j.id = wanted for no key update;
    if not found then
        return null;
    end if;
    if job.state <> 'failed' then
        return false;
    end if;
    update tutti.job j
    set state = 'pending', due = true, failures = 0, cut_offs = 0, cancel_asked = false, run_at = tutti.clock(),
        finished_at = null, unique_key = coalesce(j.unique_key, j.freed_key), freed_key = null
    where j.id = wanted
    returning j.* into job;
    perform tutti.tell_jobs(array[wanted], array['pending'],
        array[jsonb_build_object('attempt', job.attempt, 'runAt', job.run_at)]);
    perform pg_notify('tutti_job', '');
    return true;
end
$$;
