-- Jobs are handed out, ended and enqueued many at a time, by statements over tutti.job alone. A runner's heartbeat is one row, however
-- many jobs it runs.

drop function
    tutti.begin_job(bigint, text, bigint, text, int),
    tutti.end_job(bigint, int, text, interval, boolean, int),
    tutti.finish_job(bigint, text, text),
    tutti.release_job(text),
    tutti.release_jobs(),
    tutti.schedule_job(tutti.job),
    tutti.tell_job(bigint, text, jsonb);
drop table tutti.job_execution;
drop index tutti.job_waiting;

-- Those that run jobs. One that is silent is taken for dead.
create table tutti.job_runner (
    id        uuid        primary key,
    heartbeat timestamptz not null
) with (fillfactor = 50);

-- What is enqueued again and again.
create table tutti.job_cron (
    name       text        primary key,
    definition text        not null,
    due        timestamptz not null
);

alter table tutti.job
    drop column waiting,
    drop column picked,
    add column due    boolean not null default false, -- pending, and its time has come
    add column runner uuid,                           -- whose attempt is going on
    drop constraint job_pkey,
    drop constraint job_id_attempt_key,
    add primary key (id, attempt),                    -- as before: an effect under FOR KEY SHARE keeps the next attempt from beginning
    add check (not due or state = 'pending'),
    set (autovacuum_vacuum_scale_factor = 0.02);

update tutti.job set state = 'pending' where state = 'running'; -- runners of before do not know how to end them
create index job_due on tutti.job (kind, priority desc, run_at) where due;
create index job_later on tutti.job (run_at) where state = 'pending' and not due;

-- Tells those who follow jobs what happened to them. In the transaction in which that happened.
--
-- Transactions that notify are committed one after the other, each with a wait for the disk of its own. So an instance, whose
-- transaction is over with one statement, says that it will notify when that has been committed: tutti.hints is 'later' then.
create function tutti.tell_jobs(ids bigint[], types text[], contents jsonb[]) returns void
    language plpgsql
    as $$
declare
    later constant boolean := current_setting('tutti.hints', true) is not distinct from 'later';
    names constant text[] := array(select 'job:' || i.id from unnest(ids) with ordinality as i (id, place) order by i.place);
    told record;
begin
    for told in
        select a.place, a.seq
        from tutti.append(names, types, array_fill(null::text, array[cardinality(ids)]), array(
            select convert_to(jsonb_strip_nulls(c.content)::text, 'UTF8')
            from unnest(contents) with ordinality as c (content, place) order by c.place)) a
    loop
        if not later then
            perform pg_notify('tutti_published', names[told.place] || ' ' || told.seq);
        end if;
    end loop;
end
$$;

-- Enqueues a job within anybody's transaction: a trigger's, a script's, another program's. It begins when that commits, or
-- at run_at. Answers its id, or that of the job of its kind that is pending or running and has the unique key.
--
-- It runs with the rights of its owner, so that a role needs no other right than to call it:
--   grant usage on schema tutti to shop;
--   grant execute on function tutti.enqueue(text, jsonb, timestamptz, int, text, text, text, int) to shop;
create or replace function tutti.enqueue(
        kind text, data jsonb, run_at timestamptz default null, priority int default 0, unique_key text default null,
        batch text default null, owner text default null, max_attempts int default null) returns bigint
    language plpgsql
    security definer
    set search_path = pg_catalog, pg_temp
    as $$
#variable_conflict use_variable
declare
    moment constant timestamptz := tutti.clock();
    job tutti.job;
    known bigint;
begin
    if kind is null or kind collate "C" !~ '^[a-z][a-z0-9._-]{0,63}$' then
        raise exception 'bad_request: job kind % is not 1 to 64 characters of [a-z0-9._-], a letter first',
            coalesce(quote_literal(left(kind, 64)), 'null') using errcode = 'invalid_parameter_value';
    end if;
    if data is null then
        raise exception 'bad_request: job data is null; the JSON null is ''null''::jsonb'
            using errcode = 'invalid_parameter_value';
    end if;
    if octet_length(data::text) > 262144 then
        raise exception 'too_large: job data has % bytes; allowed are 1 to 262144', octet_length(data::text)
            using errcode = 'program_limit_exceeded';
    end if;
    if run_at is not null and not isfinite(run_at) then
        raise exception 'bad_request: run_at is %, which never comes', run_at using errcode = 'invalid_parameter_value';
    end if;
    if priority is null or priority not between -1000 and 1000 then
        raise exception 'bad_request: priority %; allowed are -1000 to 1000', coalesce(priority::text, 'null')
            using errcode = 'invalid_parameter_value';
    end if;
    if max_attempts not between 1 and 100 then
        raise exception 'bad_request: max_attempts %; allowed are 1 to 100', max_attempts
            using errcode = 'invalid_parameter_value';
    end if;
    if unique_key collate "C" !~ '^[!-~]{1,128}$' then
        raise exception 'bad_request: unique key % is not 1 to 128 printable ASCII characters without spaces',
            quote_literal(left(unique_key, 128)) using errcode = 'invalid_parameter_value';
    end if;
    if batch collate "C" !~ '^[!-~]{1,128}$' then
        raise exception 'bad_request: batch % is not 1 to 128 printable ASCII characters without spaces',
            quote_literal(left(batch, 128)) using errcode = 'invalid_parameter_value';
    end if;
    if owner collate "C" !~ '^[!-~]{1,128}$' then
        raise exception 'bad_request: owner % is not 1 to 128 printable ASCII characters without spaces',
            quote_literal(left(owner, 128)) using errcode = 'invalid_parameter_value';
    end if;

    for attempt in 1..10 loop
        insert into tutti.job as j
            (kind, data, priority, unique_key, batch, owner, max_attempts, run_at, due, created_at)
        values (kind, data, priority, unique_key, batch, owner, max_attempts,
                coalesce(run_at, moment), coalesce(run_at <= moment, true), moment)
        on conflict do nothing
        returning j.* into job;
        if found then
            perform tutti.tell_jobs(
                array[job.id], array['pending'], array[jsonb_build_object('kind', kind, 'runAt', job.run_at)]);
            if job.due and current_setting('tutti.hints', true) is distinct from 'later' then
                perform pg_notify('tutti_job', '');
            end if;
            return job.id;
        end if;
        select j.id into known
        from tutti.job j
        where j.kind = kind and j.unique_key = unique_key and j.state in ('pending', 'running');
        if found then
            return known;
        end if; -- it ended meanwhile
    end loop;
    raise exception 'the jobs with the unique key % end too fast', quote_literal(unique_key)
        using errcode = 'serialization_failure';
end
$$;

-- Enqueues jobs without unique keys, which an instance has checked. Answers their ids in the order of the arrays.
create function tutti.enqueue_jobs(kinds text[], contents jsonb[], run_ats timestamptz[], priorities int[], batches text[],
        owners text[], most_attempts int[]) returns bigint[]
    language plpgsql
    as $$
declare
    moment constant timestamptz := tutti.clock();
    ids bigint[];
begin
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

revoke execute on function
    tutti.tell_jobs(bigint[], text[], jsonb[]),
    tutti.enqueue_jobs(text[], jsonb[], timestamptz[], int[], text[], text[], int[]) from public;

-- Begins attempts at jobs that are due and of the wanted kinds, those with the highest priority first: at most so many, and of each
-- kind no more than may run at a time. The first runner of a job fixes how often it is tried, unless it says so itself.
--
-- A row that is locked is left for later: another runner has it, or an effect of its last attempt is being committed.
create function tutti.claim_jobs(me uuid, wanted text[], usual_attempts int[], most int)
    returns table (id bigint, kind text, attempt int, failures int, data text, progress text)
    language plpgsql
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

    with open_kind as (
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
            order by j.priority desc, j.run_at
            limit o.free
            for update skip locked) d
        order by d.priority desc, d.run_at
        limit most),
    begun as (
        update tutti.job j
        set state = 'running', due = false, attempt = j.attempt + 1, runner = me, started_at = tutti.clock(),
            max_attempts = coalesce(j.max_attempts, p.attempts)
        from picked p
        where j.id = p.id
        returning j.id, j.attempt)
    select array_agg(b.id), array_agg(jsonb_build_object('attempt', b.attempt)) into claimed, told from begun b;
    if claimed is not null then
        perform tutti.tell_jobs(claimed, array_fill('running'::text, array[cardinality(claimed)]), told);
        return query
            select j.id, j.kind, j.attempt, j.failures, j.data::text, j.progress::text
            from tutti.job j
            where j.id = any (claimed)
            order by j.priority desc, j.run_at;
    end if;
end
$$;

-- Ends attempts, and says what the state of each job is then: 'locked' if another transaction holds the job, so that it is to be
-- done again; nothing for one that is not the current attempt.
--
--   errors  null for one that did what it should
--   pauses  after how many seconds a job is tried again, if it may be
--   counts  whether it was the job that failed, not its runner that left
create function tutti.end_jobs(ids bigint[], attempts int[], errors text[], pauses float8[], counts boolean[])
    returns table (id bigint, attempt int, state text)
    language plpgsql
    set plan_cache_mode = force_generic_plan
    set enable_seqscan = off
    as $$
#variable_conflict use_column
declare
    moment timestamptz;
    free bigint[];
    ended bigint[];
    ended_attempts int[];
    states text[];
    told jsonb[];
begin
    perform set_config('tutti.hints', 'later', true);
    free := array(select j.id from tutti.job j where j.id = any (ids) order by j.id for no key update skip locked);
    moment := tutti.clock();
    with decided as (
        select j.id, w.error, w.pause, j.failures + (w.error is not null and w.counts)::int as failures,
               case when w.error is null then 'completed'
                    when j.cancel_asked or w.counts and j.failures + 1 >= j.max_attempts then 'failed'
                    else 'pending' end as state
        from unnest(ids, attempts, errors, pauses, counts) as w (id, attempt, error, pause, counts)
        join tutti.job j on j.id = w.id and j.attempt = w.attempt and j.state = 'running'
        where j.id = any (free)),
    changed as (
        update tutti.job j
        set state = d.state, failures = d.failures, runner = null,
            error = case when d.state = 'failed' and j.cancel_asked then 'cancelled' else d.error end,
            run_at = case d.state when 'pending' then moment + make_interval(secs => d.pause) else j.run_at end,
            due = d.state = 'pending' and d.pause <= 0,
            finished_at = case d.state when 'pending' then null else moment end
        from decided d
        where j.id = d.id
        returning j.id, j.attempt, j.state, jsonb_build_object('attempt', j.attempt, 'error', j.error,
            'runAt', case j.state when 'pending' then j.run_at end) as content)
    select array_agg(c.id), array_agg(c.attempt), array_agg(c.state), array_agg(c.content)
    into ended, ended_attempts, states, told
    from changed c;
    if ended is not null then
        perform tutti.tell_jobs(ended, states, told);
    end if;
    return query
        select * from unnest(ended, ended_attempts, states)
        union all
        select j.id, j.attempt, 'locked' from tutti.job j
        where j.id = any (ids) and not j.id = any (free) and j.state = 'running';
end
$$;

-- Makes jobs due whose time has come, at most so many. Answers how many.
create function tutti.make_jobs_due(most int) returns bigint
    language plpgsql
    as $$
declare
    moment constant timestamptz := tutti.clock();
    made bigint;
begin
    with come as (
        select j.id from tutti.job j
        where j.state = 'pending' and not j.due and j.run_at <= moment
        order by j.run_at
        limit most
        for no key update skip locked)
    update tutti.job j set due = true from come c where j.id = c.id;
    get diagnostics made = row_count;
    return made;
end
$$;

-- Notes a heartbeat, ends the attempts of those who were silent for too long, and answers with the attempts that go on here. A time in which nobody was heard is nobody's death: the rule is that of tutti.forgive.
create function tutti.beat_runner(me uuid, silence interval)
    returns table (id bigint, attempt int, cancel_asked boolean)
    language plpgsql
    as $$
#variable_conflict use_column
declare
    moment timestamptz;
    hole interval;
    orphans bigint[];
    orphan_attempts int[];
begin
    perform pg_advisory_xact_lock(1953854580, 3);
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
        perform tutti.end_jobs(orphans, orphan_attempts,
            array_fill('its runner died, or was taken for dead'::text, array[cardinality(orphans)]),
            array_fill(0::float8, array[cardinality(orphans)]), array_fill(true, array[cardinality(orphans)]));
    end if;
    return query select j.id, j.attempt, j.cancel_asked from tutti.job j where j.state = 'running' and j.runner = me;
end
$$;

-- Notes how far an attempt is. Answers whether it shall be cancelled; nothing if it is not the current one.
create or replace function tutti.progress_job(wanted bigint, this_attempt int, how_far jsonb) returns boolean
    language plpgsql
    as $$
declare
    asked boolean;
begin
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

-- Cancels a job: at once if it is pending; a running one is asked to stop. False if it has ended, null if there is none.
create or replace function tutti.cancel_job(wanted bigint) returns boolean
    language plpgsql
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
        update tutti.job j set cancel_asked = true where j.id = wanted;
        perform pg_notify('tutti_job', wanted::text);
    end if;
    return job.state in ('pending', 'running');
end
$$;

-- Makes a failed job pending again, with all its attempts. False if it has not failed, null if there is none.
create or replace function tutti.retry_job(wanted bigint) returns boolean
    language plpgsql
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
    set state = 'pending', due = true, failures = 0, cancel_asked = false, run_at = tutti.clock(), finished_at = null
    where j.id = wanted
    returning j.* into job;
    perform tutti.tell_jobs(array[wanted], array['pending'],
        array[jsonb_build_object('attempt', job.attempt, 'runAt', job.run_at)]);
    perform pg_notify('tutti_job', '');
    return true;
end
$$;

-- Deletes jobs that ended so long ago, at most so many, with their streams. Answers how many.
create function tutti.delete_jobs(age interval, most int) returns bigint
    language plpgsql
    as $$
declare
    names text[];
    streams bigint[];
begin
    with old as (
        select j.id from tutti.job j
        where j.finished_at < tutti.clock() - age
        order by j.finished_at
        limit most
        for update skip locked),
    gone as (
        delete from tutti.job j using old o where j.id = o.id returning j.id)
    select array_agg('job:' || g.id) into names from gone g;
    with gone as (
        delete from tutti.stream s where s.name = any (names) returning s.id)
    select array_agg(g.id) into streams from gone g;
    delete from tutti.event e where e.kind = 'job' and e.stream_id = any (streams);
    return coalesce(cardinality(names), 0);
end
$$;
