-- Jobs: what they are and what became of them. When which runner takes one is in tutti.job_execution.
create table tutti.job (
    id           bigint      generated always as identity primary key,
    kind         text        not null,
    data         jsonb       not null,
    state        text        not null default 'pending' check (state in ('pending', 'running', 'completed', 'failed')),
    attempt      int         not null default 0, -- of the run that is going on or was the last; grows with each
    failures     int         not null default 0, -- since it was enqueued, or retried by an operator
    max_attempts int,                            -- null: what its runners say
    priority     smallint    not null,
    unique_key   text,
    batch        text,
    owner        text,                           -- the user who may follow it
    run_at       timestamptz not null,
    waiting      boolean     not null default false, -- for others of its kind: as many as may be are running
    picked       bigint,                         -- the version of the execution with which its last run began
    progress     jsonb,
    error        text,                           -- of the last run that failed
    cancel_asked boolean     not null default false,
    created_at   timestamptz not null,
    started_at   timestamptz,
    finished_at  timestamptz,
    unique (id, attempt)                         -- which makes the attempt a key: an effect under FOR KEY SHARE keeps the next one from beginning
) with (fillfactor = 70);

create unique index job_unique_key on tutti.job (kind, unique_key)
    where unique_key is not null and state in ('pending', 'running');
create index job_running on tutti.job (kind) where state = 'running';
create index job_waiting on tutti.job (kind, priority desc, run_at) where waiting;
create index job_listed on tutti.job (state, kind, id);
create index job_batch on tutti.job (batch, state) where batch is not null;
create index job_finished on tutti.job (finished_at) where finished_at is not null;

-- The kinds of which only so many run at a time; their rows are locked when one begins or ends.
create table tutti.job_kind (
    name    text primary key,
    at_most int  not null check (at_most > 0)
);

-- db-scheduler's table, in the form that it wants, and a column of ours: the job's kind and id, and when it is due.
create table tutti.job_execution (
    task_name            text    not null,
    task_instance        text    not null,
    task_data            bytea,
    execution_time       timestamptz, -- null: waits for others of its kind
    picked               boolean not null,
    picked_by            text,
    last_success         timestamptz,
    last_failure         timestamptz,
    consecutive_failures int,
    last_heartbeat       timestamptz,
    version              bigint  not null,
    priority             smallint,
    state                text,
    definition           text,        -- of a cron
    primary key (task_name, task_instance)
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02);

create index job_execution_time on tutti.job_execution (execution_time);
create index job_execution_heartbeat on tutti.job_execution (last_heartbeat);
create index job_execution_priority on tutti.job_execution (priority desc, execution_time);

-- Tells those who follow a job what happened to it. In the transaction in which that happened.
--
-- Transactions that notify are committed one after the other, each with a wait for the disk of its own. So an instance, whose
-- transaction is over with one statement, says that it will notify when that has been committed: tutti.hints is 'later' then.
create function tutti.tell_job(id bigint, type text, data jsonb) returns void
    language plpgsql
    as $$
declare
    reached bigint;
begin
    select a.seq into reached
    from tutti.append(array['job:' || id], array[type], array[null]::text[],
                      array[pg_catalog.convert_to(pg_catalog.jsonb_strip_nulls(data)::text, 'UTF8')]) a;
    if pg_catalog.current_setting('tutti.hints', true) is distinct from 'later' then
        perform pg_catalog.pg_notify('tutti_published', 'job:' || id || ' ' || reached);
    end if;
end
$$;

-- Makes a job due at a time. What is due now is so by the clocks of all instances, which differ by some milliseconds.
create function tutti.schedule_job(job tutti.job) returns void
    language plpgsql
    as $$
declare
    moment constant timestamptz := tutti.clock();
begin
    insert into tutti.job_execution as e (task_name, task_instance, execution_time, picked, version, priority)
    values (job.kind, job.id::text,
            case when job.run_at <= moment then moment - interval '1 s' else job.run_at end,
            false, extract(epoch from clock_timestamp()) * 1000000, job.priority)
    on conflict (task_name, task_instance) do update
    set execution_time = excluded.execution_time, picked = false, picked_by = null, last_heartbeat = null,
        version = e.version + 1;
    if job.run_at <= moment and current_setting('tutti.wake', true) is distinct from 'later' then
        perform pg_notify('tutti_job', '');
    end if;
end
$$;

-- Enqueues a job within anybody's transaction: a trigger's, a script's, another program's. It begins when that commits, or
-- at run_at. Answers its id, or that of the job of its kind that is pending or running and has the unique key.
--
-- It runs with the rights of its owner, so that a role needs no other right than to call it:
--   grant usage on schema tutti to shop;
--   grant execute on function tutti.enqueue(text, jsonb, timestamptz, int, text, text, text, int) to shop;
create function tutti.enqueue(
        kind text, data jsonb, run_at timestamptz default null, priority int default 0, unique_key text default null,
        batch text default null, owner text default null, max_attempts int default null) returns bigint
    language plpgsql
    security definer
    set search_path = pg_catalog, pg_temp
    as $$
#variable_conflict use_variable
declare
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
        insert into tutti.job as j (kind, data, priority, unique_key, batch, owner, max_attempts, run_at, created_at)
        values (kind, data, priority, unique_key, batch, owner, max_attempts,
                coalesce(run_at, tutti.clock()), tutti.clock())
        on conflict do nothing
        returning j.* into job;
        if found then
            perform tutti.schedule_job(job);
            perform tutti.tell_job(job.id, 'pending', jsonb_build_object('kind', kind, 'runAt', job.run_at));
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

revoke execute on function
    tutti.enqueue(text, jsonb, timestamptz, int, text, text, text, int),
    tutti.schedule_job(tutti.job),
    tutti.tell_job(bigint, text, jsonb) from public;

-- Lets one more of a kind begin that waits for others of it. Its kind's row is locked.
create function tutti.release_job(wanted text) returns void
    language plpgsql
    as $$
declare
    job tutti.job;
begin
    select * into job from tutti.job j
    where j.waiting and j.kind = wanted
    order by j.priority desc, j.run_at
    limit 1
    for no key update skip locked;
    if found then
        update tutti.job j set waiting = false where j.id = job.id;
        perform tutti.schedule_job(job);
    end if;
end
$$;

-- Ends a job: nobody will run it any more, unless it is retried.
create function tutti.finish_job(ended bigint, end_state text, why text) returns void
    language plpgsql
    as $$
declare
    job tutti.job;
begin
    update tutti.job j
    set state = end_state, error = why, finished_at = tutti.clock(), waiting = false
    where j.id = ended
    returning j.* into job;
    delete from tutti.job_execution e where e.task_name = job.kind and e.task_instance = job.id::text;
    perform tutti.tell_job(job.id, end_state, jsonb_build_object('attempt', job.attempt, 'error', why));
end
$$;

-- Begins a run of a job for the runner that has picked its execution, in that version of it. Answers nothing if there is
-- nothing to run for it: because another one has it, or it has ended, or it must wait.
--
-- A job that is running here already has a runner that died, or is taken for dead: its attempt is over.
create function tutti.begin_job(wanted bigint, wanted_kind text, with_version bigint, runner text, usual_attempts int)
    returns table (attempt int, failures int, data text, progress text)
    language plpgsql
    as $$
#variable_conflict use_column
declare
    job tutti.job;
    most int;
begin
    perform set_config('tutti.hints', 'later', true); -- by the runner
    select k.at_most into most from tutti.job_kind k where k.name = wanted_kind for update;

    perform from tutti.job_execution e
    where e.task_name = wanted_kind and e.task_instance = wanted::text
        and e.picked and e.picked_by = runner and e.version = with_version
    for update;
    if not found then
        return;
    end if;

    select * into job from tutti.job j where j.id = wanted for update skip locked;
    if not found then
        if exists (select from tutti.job j where j.id = wanted) then -- an effect of the last attempt is being committed
            update tutti.job_execution e
            set picked = false, picked_by = null, last_heartbeat = null, version = e.version + 1,
                execution_time = tutti.clock() + interval '1 s'
            where e.task_name = wanted_kind and e.task_instance = wanted::text;
        else
            delete from tutti.job_execution e where e.task_name = wanted_kind and e.task_instance = wanted::text;
        end if;
        return;
    end if;
    if job.state in ('completed', 'failed') then
        delete from tutti.job_execution e where e.task_name = wanted_kind and e.task_instance = wanted::text;
        return;
    end if;
    if job.picked = with_version then
        return; -- this run has begun before
    end if;

    if job.state = 'running' then
        if job.cancel_asked then
            perform tutti.finish_job(job.id, 'failed', 'cancelled');
            perform tutti.release_job(job.kind);
            return;
        end if;
        if job.failures + 1 >= coalesce(job.max_attempts, usual_attempts) then
            update tutti.job j set failures = j.failures + 1 where j.id = job.id;
            perform tutti.finish_job(job.id, 'failed', 'its runner died, or was taken for dead');
            perform tutti.release_job(job.kind);
            return;
        end if;
        job.failures := job.failures + 1;
    elsif most is not null
            and (select count(*) from tutti.job j where j.kind = job.kind and j.state = 'running') >= most then
        update tutti.job j set waiting = true where j.id = job.id;
        update tutti.job_execution e
        set picked = false, picked_by = null, last_heartbeat = null, version = e.version + 1, execution_time = null
        where e.task_name = wanted_kind and e.task_instance = wanted::text;
        return;
    end if;

    update tutti.job j
    set state = 'running', attempt = j.attempt + 1, failures = job.failures, picked = with_version, waiting = false,
        started_at = tutti.clock()
    where j.id = job.id
    returning j.* into job;
    perform tutti.tell_job(job.id, 'running', jsonb_build_object('attempt', job.attempt));
    if most is not null -- as many as may be shall be running also when a release was lost
            and (select count(*) from tutti.job j where j.kind = job.kind and j.state = 'running') < most then
        perform tutti.release_job(job.kind);
    end if;
    return query select job.attempt, job.failures, job.data::text, job.progress::text;
end
$$;

-- Notes how far an attempt is. Answers whether it shall be cancelled; nothing if it is not the current one.
create function tutti.progress_job(wanted bigint, this_attempt int, how_far jsonb) returns boolean
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
        perform tutti.tell_job(wanted, 'progress', jsonb_build_object('attempt', this_attempt, 'progress', how_far));
    end if;
    return asked;
end
$$;

-- Ends an attempt, and says what the job's state is then; nothing if it is not the current attempt.
--
--   why      null if it did what it should
--   again_in after which time it is tried again, if it may be
--   counts   whether it was the job that failed, not its runner that left
create function tutti.end_job(wanted bigint, this_attempt int, why text, again_in interval, counts boolean,
        usual_attempts int) returns text
    language plpgsql
    as $$
declare
    job tutti.job;
begin
    perform set_config('tutti.hints', 'later', true); -- by the runner
    perform from tutti.job_kind k
    where k.name = (select j.kind from tutti.job j where j.id = wanted)
    for update;
    select * into job from tutti.job j
    where j.id = wanted and j.attempt = this_attempt and j.state = 'running'
    for no key update;
    if not found then
        return null;
    end if;
    if counts and why is not null then
        job.failures := job.failures + 1;
        update tutti.job j set failures = job.failures where j.id = job.id;
    end if;
    if why is null then
        job.state := 'completed';
        perform tutti.finish_job(job.id, 'completed', null);
    elsif job.cancel_asked then
        job.state := 'failed';
        perform tutti.finish_job(job.id, 'failed', 'cancelled');
    elsif counts and job.failures >= coalesce(job.max_attempts, usual_attempts) then
        job.state := 'failed';
        perform tutti.finish_job(job.id, 'failed', why);
    else
        update tutti.job j
        set state = 'pending', error = why, run_at = tutti.clock() + again_in
        where j.id = job.id
        returning j.* into job;
        perform tutti.schedule_job(job);
        perform tutti.tell_job(job.id, 'pending',
            jsonb_build_object('attempt', this_attempt, 'error', why, 'runAt', job.run_at));
    end if;
    perform tutti.release_job(job.kind);
    return job.state;
end
$$;

-- Cancels a job: at once if it is pending; a running one is asked to stop. False if it has ended, null if there is none.
create function tutti.cancel_job(wanted bigint) returns boolean
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
        perform tutti.finish_job(job.id, 'failed', 'cancelled');
    elsif job.state = 'running' then
        update tutti.job j set cancel_asked = true where j.id = job.id;
        perform pg_notify('tutti_job', job.id::text);
    end if;
    return job.state in ('pending', 'running');
end
$$;

-- Makes a failed job pending again, with all its attempts. False if it has not failed, null if there is none.
create function tutti.retry_job(wanted bigint) returns boolean
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
    set state = 'pending', failures = 0, cancel_asked = false, run_at = tutti.clock(), finished_at = null
    where j.id = wanted
    returning j.* into job;
    perform tutti.schedule_job(job);
    perform tutti.tell_job(job.id, 'pending', jsonb_build_object('attempt', job.attempt, 'runAt', job.run_at));
    return true;
end
$$;

-- Lets those begin that wait although fewer of their kind are running than may: the limit is another one by now.
create function tutti.release_jobs() returns void
    language plpgsql
    as $$
declare
    wanted text;
    most int;
    free bigint;
begin
    for wanted in select distinct j.kind from tutti.job j where j.waiting order by j.kind
    loop
        select k.at_most into most from tutti.job_kind k where k.name = wanted for update;
        free := coalesce(most, 1000)
            - (select count(*) from tutti.job j where j.kind = wanted and j.state = 'running');
        for i in 1..least(free, 1000) loop
            perform tutti.release_job(wanted);
        end loop;
    end loop;
end
$$;
