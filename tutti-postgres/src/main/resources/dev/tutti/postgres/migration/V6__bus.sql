-- What is too large for a notification, for the minute in which it matters. A crash of the server may empty it.
create unlogged table tutti.bus_payload (
    id      bigint      generated always as identity primary key,
    at      timestamptz not null default clock_timestamp(),
    content bytea       not null
);
