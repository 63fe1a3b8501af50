-- The message's time, by which rows of messages that are not kept any more are found. Those that are there count from now. An instance
-- of the release before writes none: its rows come after their event, and so do theirs.
alter table tutti.message_attachment add column at timestamptz not null default now();
alter table tutti.message_attachment alter column at set default clock_timestamp();
