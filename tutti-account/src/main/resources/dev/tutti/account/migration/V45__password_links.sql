-- Links with which somebody sets a password, which an operator has made: one for an account, good once.
create table tutti.password_link (
    user_id    text collate "C" primary key references tutti.user,
    token_hash bytea       not null unique,
    expires_at timestamptz not null
);
