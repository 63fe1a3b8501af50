-- An attempt's number is no fence where a replica is promoted, or a backup restored, that has not heard of a claim: the next runner is
-- given the same number. So each claim has a name, too, which nobody is given again. Instances of before do not know it; what they
-- call is here as before, and compares the numbers alone.
--
-- A job that is running and shall stop does not hold its unique key any more: what is enqueued then is another job. It begins when the
-- one before has ended.
alter table tutti.job
    add column claim uuid,      -- of the attempt that is going on
    add column freed_key text;  -- what its unique key was, until it was asked to stop

-- In how many minutes, at most 60, it was due and no instance that ran had it: with so many it was taken away.
alter table tutti.job_cron add column missed int not null default 0;

-- Begins attempts at jobs that are due and of the wanted kinds, those with the highest priority first: at most so many, and of each
-- kind no more than may run at a time. The first runner of a job fixes how often it is tried, unless it says so itself.
--
-- A row that is locked is left for later: another runner has it, or an effect of its last attempt is being committed. So is one whose
-- unique key a job had that is still running and shall stop.
create function tutti.begin_attempts(me uuid, wanted text[], usual_attempts int[], most int)
    returns table (id bigint, kind text, attempt int, claim uuid, failures int, data text, progress text)
    language plpgsql
    set search_path = pg_catalog, pg_temp
    set plan_cache_mode = force_generic_plan
    set enable_seqscan = off
    as $$
#variable_conflict use_column
declare
    claimed bigint[];
    told jsonb[];
begin
    perform set_config('tutti.hints', 'later', true);
    perform from tutti.job_kind k where k.name = any (wanted) order by k.name for update;
    if not exists (select from tutti.job_runner r where r.id = me) then
        return; -- taken for dead
    end if;

    with freed as materialized (
        select s.kind, s.freed_key
        from tutti.job s
        where s.state = 'running' and s.kind = any (wanted) and s.freed_key is not null),
    open_kind as (
        select w.kind, w.attempts, greatest(least(most, k.at_most - (
                select count(*) from tutti.job j where j.state = 'running' and j.kind = w.kind)), 0) as free
        from unnest(wanted, usual_attempts) as w (kind, attempts)
        left join tutti.job_kind k on k.name = w.kind),
    picked as (
        select d.id, o.attempts
        from open_kind o cross join lateral (
            select j.id, j.priority, j.run_at
            from tutti.job j
            where j.due and j.kind = o.kind
                and (j.unique_key is null or not exists (
                    select from freed f where f.kind = j.kind and f.freed_key = j.unique_key))
            order by j.priority desc, j.run_at
            limit o.free
            for update skip locked) d
        order by d.priority desc, d.run_at
        limit most),
    begun as (
        update tutti.job j
        set state = 'running', due = false, attempt = j.attempt + 1, claim = gen_random_uuid(), runner = me,
            started_at = tutti.clock(), max_attempts = coalesce(j.max_attempts, p.attempts)
        from picked p
        where j.id = p.id
        returning j.id, j.attempt)
    select array_agg(b.id), array_agg(jsonb_build_object('attempt', b.attempt)) into claimed, told from begun b;
    if claimed is not null then
        perform tutti.tell_jobs(claimed, array_fill('running'::text, array[cardinality(claimed)]), told);
        return query
            select j.id, j.kind, j.attempt, j.claim, j.failures, j.data::text, j.progress::text
            from tutti.job j
            where j.id = any (claimed)
            order by j.priority desc, j.run_at;
    end if;
end
$$;

-- Ends attempts, and says what the state of each job is then: 'locked' if another transaction holds the job, so that it is to be
-- done again; nothing for one that is not the current attempt.
--
--   claims  null for one whose number alone is compared
--   errors  null for one that did what it should
--   pauses  after how many seconds a job is tried again, if it may be
--   counts  whether it was the job that failed, not its runner that left
create function tutti.end_attempts(ids bigint[], attempts int[], claims uuid[], errors text[], pauses float8[],
        counts boolean[])
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
    with decided as (
        select j.id, j.claim, w.error, w.pause, j.failures + (w.error is not null and w.counts)::int as failures,
               case when w.error is null then 'completed'
                    when j.cancel_asked or w.counts and j.failures + 1 >= j.max_attempts then 'failed'
                    else 'pending' end as state
        from unnest(ids, attempts, claims, errors, pauses, counts) as w (id, attempt, claim, error, pause, counts)
        join tutti.job j on j.id = w.id and j.attempt = w.attempt and j.state = 'running'
            and (w.claim is null or j.claim = w.claim)
        where j.id = any (free)),
    changed as (
        update tutti.job j
        set state = d.state, failures = d.failures, runner = null, claim = null,
            error = case when d.state = 'failed' and j.cancel_asked then 'cancelled' else d.error end,
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

-- Notes a heartbeat, ends the attempts of those who were silent for too long, and answers with the attempts that go on here. A time
-- in which nobody was heard is nobody's death: the rule is that of tutti.forgive.
create function tutti.beat_attempts(me uuid, silence interval)
    returns table (id bigint, attempt int, claim uuid, cancel_asked boolean)
    language plpgsql
    set search_path = pg_catalog, pg_temp
    as $$
#variable_conflict use_column
declare
    moment timestamptz;
    hole interval;
    orphans bigint[];
    orphan_attempts int[];
begin
    perform from tutti.turn t where t.name = 'runners' for no key update;
    moment := tutti.clock();
    select moment - max(least(r.heartbeat, moment)) into hole from tutti.job_runner r;
    update tutti.job_runner r
    set heartbeat = case
        when hole > silence or r.heartbeat > moment then moment
        else r.heartbeat + (hole - silence / 5)
    end
    where hole > silence / 2 or r.heartbeat > moment + interval '1 second';
    insert into tutti.job_runner as r values (me, moment)
    on conflict (id) do update set heartbeat = excluded.heartbeat;
    delete from tutti.job_runner r where r.heartbeat < moment - silence;

    with lost as (
        select j.id, j.attempt from tutti.job j
        where j.state = 'running' and not exists (select from tutti.job_runner r where r.id = j.runner)
        limit 1000
        for no key update skip locked)
    select array_agg(l.id), array_agg(l.attempt) into orphans, orphan_attempts from lost l;
    if orphans is not null then
        perform tutti.end_attempts(orphans, orphan_attempts, null,
            array_fill('its runner died, or was taken for dead'::text, array[cardinality(orphans)]),
            array_fill(0::float8, array[cardinality(orphans)]), array_fill(true, array[cardinality(orphans)]));
    end if;
    return query
        select j.id, j.attempt, j.claim, j.cancel_asked from tutti.job j where j.state = 'running' and j.runner = me;
end
$$;

-- Cancels a job: at once if it is pending; a running one is asked to stop, and its unique key is free. False if it has ended, null if
-- there is none.
create or replace function tutti.cancel_job(wanted bigint) returns boolean
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
    if job.state = 'pending' then
        update tutti.job j
        set state = 'failed', due = false, error = 'cancelled', finished_at = tutti.clock()
        where j.id = wanted;
        perform tutti.tell_jobs(array[wanted], array['failed'],
            array[jsonb_build_object('attempt', job.attempt, 'error', 'cancelled')]);
    elsif job.state = 'running' then
        update tutti.job j
        set cancel_asked = true, freed_key = coalesce(j.unique_key, j.freed_key), unique_key = null
        where j.id = wanted;
        perform pg_notify('tutti_job', wanted::text);
    end if;
    return job.state in ('pending', 'running');
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
    set state = 'pending', due = true, failures = 0, cancel_asked = false, run_at = tutti.clock(), finished_at = null,
        unique_key = coalesce(j.unique_key, j.freed_key), freed_key = null
    where j.id = wanted
    returning j.* into job;
    perform tutti.tell_jobs(array[wanted], array['pending'],
        array[jsonb_build_object('attempt', job.attempt, 'runAt', job.run_at)]);
    perform pg_notify('tutti_job', '');
    return true;
end
$$;

-- Notes how far an attempt is. Answers whether it shall be cancelled; nothing if it is not the current one.
create function tutti.progress_attempt(wanted bigint, this_attempt int, this_claim uuid, how_far jsonb) returns boolean
    language plpgsql
    set search_path = pg_catalog, pg_temp
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
        and (this_claim is null or j.claim = this_claim)
    returning j.cancel_asked into asked;
    if found then
        perform tutti.tell_jobs(array[wanted], array['progress'],
            array[jsonb_build_object('attempt', this_attempt, 'progress', how_far)]);
    end if;
    return asked;
end
$$;

-- As before, for instances of before.
create or replace function tutti.claim_jobs(me uuid, wanted text[], usual_attempts int[], most int)
    returns table (id bigint, kind text, attempt int, failures int, data text, progress text)
    language plpgsql
    set search_path = pg_catalog, pg_temp
    as $$
#variable_conflict use_column
begin
    return query
        select b.id, b.kind, b.attempt, b.failures, b.data, b.progress
        from tutti.begin_attempts(me, wanted, usual_attempts, most) b;
end
$$;

create or replace function tutti.end_jobs(ids bigint[], attempts int[], errors text[], pauses float8[], counts boolean[])
    returns table (id bigint, attempt int, state text)
    language plpgsql
    set search_path = pg_catalog, pg_temp
    as $$
#variable_conflict use_column
begin
    return query
        select e.id, e.attempt, e.state from tutti.end_attempts(ids, attempts, null, errors, pauses, counts) e;
end
$$;

create or replace function tutti.beat_runner(me uuid, silence interval)
    returns table (id bigint, attempt int, cancel_asked boolean)
    language plpgsql
    set search_path = pg_catalog, pg_temp
    as $$
#variable_conflict use_column
begin
    return query select b.id, b.attempt, b.cancel_asked from tutti.beat_attempts(me, silence) b;
end
$$;

create or replace function tutti.progress_job(wanted bigint, this_attempt int, how_far jsonb) returns boolean
    language plpgsql
    set search_path = pg_catalog, pg_temp
    as $$
begin
    return tutti.progress_attempt(wanted, this_attempt, null, how_far);
end
$$;
