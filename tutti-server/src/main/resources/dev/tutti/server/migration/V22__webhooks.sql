-- Webhooks: where events of streams are posted to, and what of them is still to be posted.
--
-- "seen" is a snapshot: every event that is visible in it was delivered, or its stream has a row in webhook_stream. So there
-- are rows for as many streams as wait, and not for as many as there are.
create table tutti.webhook (
    id              text collate "C" primary key,
    url             text        not null,
    streams         text[]      not null,             -- names; a * at the end stands for any end
    types           text[]      not null,             -- of events; none stands for all
    secret          bytea       not null,             -- signs, so that it has to be here as it is
    previous_secret bytea,                            -- signs, too, until then
    previous_until  timestamptz,
    state           text        not null default 'active' check (state in ('active', 'paused', 'disabled')),
    created_at      timestamptz not null default clock_timestamp(),
    delivered_at    timestamptz,                      -- to within a second
    failing_since   timestamptz,                      -- the first failure since something was delivered
    error           text,                             -- the last failure
    life            text        not null default tutti.present_life(), -- in which "seen" means something
    seen            pg_snapshot not null default pg_current_snapshot(),
    seen_at         timestamptz not null default clock_timestamp()
);

create table tutti.webhook_stream (
    webhook  text collate "C" not null references tutti.webhook on delete cascade,
    stream   text collate "C" not null,
    cursor   bigint           not null,               -- the last event that was delivered
    head     bigint           not null,               -- the last one that is to be, as of "seen"
    attempts int              not null default 0,     -- that have failed since
    due      timestamptz      not null default clock_timestamp(),
    error    text,
    primary key (webhook, stream)
);

create index webhook_stream_due on tutti.webhook_stream (webhook, due);
