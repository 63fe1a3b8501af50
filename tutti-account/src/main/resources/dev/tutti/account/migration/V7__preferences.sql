-- What people prefer, and visitors who have not signed in: one object for each, changed name by name.
create table tutti.preferences (
    holder     text collate "C" primary key, -- user:<id>, or visitor: and the SHA-256 of what the cookie says
    value      jsonb       not null,
    version    bigint      not null,
    changed_at timestamptz not null default now()
);

create index preferences_of_visitors on tutti.preferences (changed_at) where holder like 'visitor:%';
