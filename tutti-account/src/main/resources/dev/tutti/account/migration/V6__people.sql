-- What people say of themselves, what they may, and what became of them. A deleted account keeps its row, with nothing of the
-- person in it: what they wrote in other people's conversations refers to it.
alter table tutti.user
    add column about       text not null default '',
    add column email       text collate "C", -- in lower case; they have shown that it is theirs
    add column admin       boolean not null default false,
    add column disabled_at timestamptz,
    add column deleted_at  timestamptz;

create unique index user_email on tutti.user (email) where email is not null;
create index user_admin on tutti.user (id) where admin;

-- One row, once there has been an account: the first one is the administrator of an empty server, whoever else comes at that moment.
create table tutti.first_account (
    one boolean primary key default true check (one)
);

insert into tutti.first_account select true where exists (select from tutti.user);

-- Leave to register, for a number of accounts. The token is 256 random bits, of which only the SHA-256 is here.
create table tutti.server_invitation (
    id         text collate "C" primary key,
    token_hash bytea            not null unique,
    uses_left  integer          not null,
    created_by text collate "C" not null, -- an account or a key
    created_at timestamptz      not null default now(),
    expires_at timestamptz      not null
);

-- What was sent to somebody by mail, to show that they read it: one of each purpose, good once.
create table tutti.mail_token (
    user_id    text collate "C" not null references tutti.user,
    purpose    text             not null check (purpose in ('reset', 'email')),
    token_hash bytea            not null unique,
    email      text collate "C" not null, -- where it was sent
    created_at timestamptz      not null default now(),
    expires_at timestamptz      not null,
    primary key (user_id, purpose)
);

-- From whom somebody wants neither invitations nor direct messages.
create table tutti.user_block (
    user_id    text collate "C" not null references tutti.user,
    blocked_id text collate "C" not null references tutti.user,
    created_at timestamptz      not null default now(),
    primary key (user_id, blocked_id)
);

create index user_block_of on tutti.user_block (blocked_id);
