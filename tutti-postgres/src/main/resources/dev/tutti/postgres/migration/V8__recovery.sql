-- Connections that can be continued at another instance. Written at each change of one, so it is not logged: a crash of
-- this server empties it, and the connections of that moment begin anew.
create unlogged table tutti.continuation (
    key   text        primary key,
    owner uuid        not null,    -- an incarnation
    claim bigint      not null,    -- how many owners it has had
    state bytea       not null,
    lost  timestamptz              -- since when nobody is connected
) with (fillfactor = 70);

create index continuation_owner on tutti.continuation (owner);
